"""The Swedish readability index LIX: long sentences and long words make a text hard."""

import re

LONG_WORD = 6  # letters; a word with more is long

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)")


def lix(text: str) -> float:
    """Return words per sentence plus the percentage of words longer than six letters (Björnsson 1968).

    A sentence ends at a full stop, question mark or exclamation mark; numbers are not words. Below 30 is very
    easy, 30-40 easy (fiction), 40-50 medium (newspapers), above 60 very hard.
    """
    found = _WORD.findall(text)
    if not found:
        return 0.0
    sentences = max(1, len(_SENTENCE.findall(text)))
    long_words = sum(len(word) > LONG_WORD for word in found)
    return len(found) / sentences + 100 * long_words / len(found)
