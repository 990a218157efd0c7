"""The one glossary: every term of the workbench in English and Swedish, and the words that a report explains.

Public names: `Chapter`, `Term`, `glossary`, `report_words`.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sim.data.yaml_text import parse_yaml

Text = Annotated[str, Field(min_length=1)]


class Term(BaseModel):
    """One term with one meaning; ``report`` is its place among the words that a report explains."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: Text
    sv: Text
    also_sv: Text | None = None
    text_en: Text
    text_sv: Text
    report: int | None = None


class Chapter(BaseModel):
    """Terms that belong together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    terms: tuple[Term, ...]


@cache
def glossary() -> tuple[Chapter, ...]:
    """Return the chapters in order."""
    text = files("sim.report").joinpath("glossary.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Chapter, ...]).validate_python(parse_yaml(text))


def report_words(language: str) -> dict[str, str]:
    """Return the words that a report explains, in its order: headword (capitalised) to meaning."""
    chosen = [term for chapter in glossary() for term in chapter.terms if term.report is not None]
    chosen.sort(key=lambda term: term.report or 0)
    pairs = [(term.sv, term.text_sv) if language == "sv" else (term.en, term.text_en) for term in chosen]
    return {word[:1].upper() + word[1:]: text for word, text in pairs}
