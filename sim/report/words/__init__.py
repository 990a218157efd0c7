"""The words of the reports: one list per language, read by key, so that a language is one file."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from sim.core.errors import input_error
from sim.data.yaml_text import parse_yaml
from sim.report.glossary import report_words


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


def languages() -> tuple[str, ...]:
    """Return the languages that have a word list."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def words(language: str) -> Words:
    """Return the word list of a language.

    Raises:
        SamspelError: There is no list for the language.
    """
    if language not in languages():
        raise input_error("report", "lang", language, ", ".join(languages()), languages())
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
    lists = files("sim.report").joinpath(folder)
    known = sorted(one.name.removesuffix(".yaml") for one in lists.iterdir() if one.name.endswith(".yaml"))
    if language not in known:
        raise input_error(where, "lang", language, ", ".join(known), known)
    entries = parse_yaml(lists.joinpath(f"{language}.yaml").read_text(encoding="utf-8"))
    assert isinstance(entries, Mapping)
    return Words(language, entries)
