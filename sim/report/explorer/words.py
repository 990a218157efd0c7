"""The explorer's words in Swedish and English.

Public name: `Say`.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sim.data.yaml_text import parse_yaml
from sim.report.numbers import Numbers
from sim.report.words import check_language


class Say:
    """The words of one language: ``say("save.saved", path=...)``; ``say.numbers`` prints its numbers.

    Args:
        language: sv or en.

    Raises:
        SamspelError: There is no such language.
    """

    def __init__(self, language: str) -> None:
        check_language("explorer", "lang", language)
        self.language = language
        self.numbers = Numbers(self("locale"))

    def __call__(self, key: str, **slots: object) -> str:
        """Return the text at a dotted key.

        Raises:
            KeyError: There is none, or a slot is not given.
        """
        entry: Any = _words()
        for part in key.split("."):
            entry = entry[part]
        text = str(entry[self.language]) if isinstance(entry, Mapping) else str(entry)
        return text.format(**slots)

    def known(self, group: str, name: str) -> str:
        """Return the text of a name in a group, or the name itself where there is none."""
        return self(f"{group}.{name}") if name in _words()[group] else name

    def when(self, months: int) -> str:
        """Return ``2 år``, or ``18 mån`` where it is no whole year."""
        if months % 12:
            return self("answer.months", months=months)
        return self("answer.year") if months == 12 else self("answer.years", years=months // 12)


@cache
def _words() -> Mapping[str, Any]:
    text = files("sim.report.explorer").joinpath("words.yaml").read_text(encoding="utf-8")
    entries = parse_yaml(text)
    assert isinstance(entries, dict)
    return entries
