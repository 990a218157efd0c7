"""The words of the reports: one list per language, read by key, so that a language is one file."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sim.core.errors import input_error
from sim.data.yaml_text import parse_yaml
from sim.report.glossary import report_words

LANGUAGES: Final = ("sv", "en")
"""The languages that Samspel speaks: each has a word list here and in each part with one of its own."""


class Words:
    """One language's words; ``say("answer.title")`` gives a text, with ``{slots}`` filled."""

    def __init__(self, language: str, entries: Mapping[str, Any]) -> None:
        self.language = language
        self.locale = str(entries["locale"])
        self._entries = entries

    def __call__(self, key: str, **slots: object) -> str:
        """Return the text at a dotted key.

        Raises:
            KeyError: The list lacks the key, or the text has a slot that was not given.
        """
        text = self._at(key)
        if not isinstance(text, str):
            raise KeyError(f"{self.language}: {key} is not a text")
        return text.format(**slots)

    def listed(self, names: Sequence[str]) -> str:
        """Return ``Ystad, Tomelilla och Sjöbo``."""
        *first, last = names or ("",)
        return self("list.and").join([", ".join(first), last]) if first else last

    def of_several(self) -> "Words":
        """Return the words for several municipalities: those under ``several`` replace their namesakes."""
        return Words(self.language, _replaced(self._entries, self._entries.get("several", {})))

    def has(self, key: str) -> bool:
        """Return whether the list has something at a dotted key."""
        try:
            self._at(key)
        except KeyError:
            return False
        return True

    def under(self, key: str) -> dict[str, str]:
        """Return the texts directly under a dotted key, in the order of the list."""
        return {str(name): str(text) for name, text in self._at(key).items()}

    def _at(self, key: str) -> Any:
        entry: Any = self._entries
        for part in key.split("."):
            try:
                entry = entry[part]
            except (KeyError, TypeError):
                raise KeyError(f"{self.language}: no words at {key}") from None
        return entry


def _replaced(entries: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(entries)
    for name, other in others.items():
        own = merged.get(name)
        merged[name] = _replaced(own, other) if isinstance(own, Mapping) else other
    return merged


def check_language(where: str, key: str, language: str) -> None:
    """Check that Samspel speaks a language.

    Raises:
        SamspelError: It does not; the message names ``where`` and ``key``.
    """
    if language not in LANGUAGES:
        raise input_error(where, key, language, ", ".join(LANGUAGES), LANGUAGES)


@cache
def words(language: str) -> Words:
    """Return the word list of a language.

    Raises:
        SamspelError: There is no list for the language.
    """
    check_language("report", "lang", language)
    text = files(__name__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    entries = parse_yaml(text)
    assert isinstance(entries, dict)
    return Words(language, {**entries, "glossary": report_words(language)})


@cache
def own_words(folder: str, language: str, where: str) -> Words:
    """Return the words of a part that has a list of its own: ``sim/report/<folder>/<language>.yaml``.

    Raises:
        SamspelError: There is no such list; the message names ``where``.
    """
    check_language(where, "lang", language)
    text = files("sim.report").joinpath(folder, f"{language}.yaml").read_text(encoding="utf-8")
    entries = parse_yaml(text)
    assert isinstance(entries, Mapping)
    return Words(language, entries)
