"""YAML is read the same by the quick loader and by the plain one, and strictly by both."""

from pathlib import Path

import pytest
import yaml

from sim.core.paths import root
from sim.data.yaml_text import parse_yaml

FILES = [*sorted((root() / "params").rglob("*.yaml")), root() / "data" / "tables.yaml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(root())))
def test_every_file_of_the_project_is_read_as_by_the_plain_loader(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert parse_yaml(text) == yaml.safe_load(text)


def test_a_key_given_twice_is_an_error_that_says_where() -> None:
    with pytest.raises(yaml.YAMLError, match=r"the key 'a' is given twice(.|\n)*line 3") as caught:
        parse_yaml("a: 1\nb: 2\na: 3\n")
    assert "a: 3" in str(caught.value)  # the plain loader shows the line


def test_a_mistake_is_told_with_the_line_that_holds_it() -> None:
    with pytest.raises(yaml.YAMLError, match=r"b: \]"):
        parse_yaml("a: 1\nb: ]\n")
