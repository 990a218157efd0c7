"""Read the source of the package as a reader would: docstrings, signatures and bodies, in file order.

Nothing is imported here, so that a page does not depend on what Python version or compiler stands under it.

Public names: `Function`, `Source`, `source`, `sections` and `mentions`.
"""

import ast
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

import sim

_PACKAGE = Path(sim.__file__).parent


@dataclass(frozen=True)
class Function:
    """One function: how it is marked (rule, kernel or not), called and explained, and its body."""

    name: str
    kind: str
    signature: str
    text: str
    body: str
    names: tuple[str, ...]
    """Every name and attribute that it uses, in order, attributes also as ``Owner.attribute``."""


@dataclass(frozen=True)
class Source:
    """One module: docstring, numbers, functions (methods as ``Class.method``), where its names come from."""

    name: str
    text: str
    numbers: Mapping[str, str]
    functions: tuple[Function, ...]
    imports: Mapping[str, str]
    names: tuple[str, ...]


@cache
def source(module: str) -> Source:
    """Return what a module says, by its name: ``sim.model.rules.hiring``."""
    stem = _PACKAGE.parent.joinpath(*module.split("."))
    path = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    lines = text.splitlines()
    functions = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            functions.append(_function(node, node.name, lines))
        elif isinstance(node, ast.ClassDef):
            inner = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            functions += [_function(part, f"{node.name}.{part.name}", lines) for part in inner]
    imports = {
        alias.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    numbers = {
        target.id: ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and _is_number(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    text, names = ast.get_docstring(tree) or "", _names(tree, texts=True)
    return Source(module, text, numbers, tuple(functions), imports, names)


def sections(docstring: str) -> dict[str, dict[str, str] | str]:
    """Return the parts of a docstring: the lead under "", ``Title:`` blocks by title, as text or by entry.

    A block whose lines read ``name: text`` (with deeper lines that continue) is returned by name.
    """
    parts: dict[str, dict[str, str] | str] = {}
    blocks = re.split(r"^([A-Z][A-Za-z ]*):\n(?=    )", inspect.cleandoc(docstring), flags=re.MULTILINE)
    parts[""] = blocks[0].strip()
    for title, block in zip(blocks[1::2], blocks[2::2], strict=True):
        text = dedent(block).strip()
        entries = re.split(r"^(\w+): ", text, flags=re.MULTILINE)
        named = dict(zip(entries[1::2], (" ".join(entry.split()) for entry in entries[2::2]), strict=True))
        parts[title] = named if entries[0] == "" else text
    return parts


@cache
def mentions(part: str) -> dict[str, tuple[str, ...]]:
    """Return the names, attributes and short texts in the code of each module of a part of the package."""
    found = {}
    for path in sorted((_PACKAGE / part).rglob("*.py")):
        module = ".".join(path.relative_to(_PACKAGE.parent).with_suffix("").parts)
        found[module.removesuffix(".__init__")] = source(module.removesuffix(".__init__")).names
    return found


def _function(node: ast.FunctionDef, name: str, lines: list[str]) -> Function:
    marks = [mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    first = 1 if ast.get_docstring(node) else 0
    body = node.body[first:]
    code = "\n".join(lines[body[0].lineno - 1 : node.end_lineno]) if body else ""
    return Function(
        name,
        marks[0] if marks else "",
        f"{name}({ast.unparse(node.args)}){returns}",
        ast.get_docstring(node) or "",
        dedent(code),
        _names(node, texts=False),
    )


def _is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)


def _names(tree: ast.AST, *, texts: bool) -> tuple[str, ...]:
    found: list[str] = []
    placed = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for node in sorted(placed, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Name):
            found.append(node.id)
        elif isinstance(node, ast.Attribute):
            found.append(node.attr)
            if isinstance(node.value, ast.Name):
                found.append(f"{node.value.id}.{node.attr}")
        elif texts and isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if node.value.isidentifier() else []
    return tuple(dict.fromkeys(found))
