"""The package as the architecture tests see it: parsed, never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One file of the package.

    Parameters
    ----------
    name
        Dotted name; a package bears its own.
    is_package
        The file is an ``__init__.py``.
    text, tree
        What stands in it.
    """

    name: str
    is_package: bool
    text: str
    tree: ast.Module

    @property
    def path(self) -> str:
        """Its path in the repository."""
        return self.name.replace(".", "/") + ("/__init__.py" if self.is_package else ".py")

    def at(self, node: ast.AST, what: str) -> str:
        """``path:line: what``: how a test names a fault."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


@dataclass(frozen=True)
class Import:
    """One imported module, or one name imported from it."""

    module: str
    name: str | None
    node: ast.AST


def parse_module(name: str, text: str, *, is_package: bool = False) -> Module:
    return Module(name, is_package, text, ast.parse(text))


@cache
def package() -> tuple[Module, ...]:
    """All modules of bpmnmap."""
    modules = []
    for path in sorted((ROOT / "bpmnmap").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        modules.append(parse_module(".".join(parts[:-1] if is_package else parts), path.read_text(encoding="utf-8"), is_package=is_package))
    return tuple(modules)


def imports(module: Module) -> Iterator[Import]:
    """All imports, at the top, in functions and for type checking alike."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                parent = module.name.split(".")[: len(module.name.split(".")) - node.level + module.is_package]
                source = ".".join([*parent, source] if source else parent)
            yield from (Import(source, alias.name, node) for alias in node.names)


def own_imports(module: Module, names: frozenset[str]) -> Iterator[Import]:
    """Imports within bpmnmap, each resolved to a module of `names` (``from bpmnmap.model import graph`` is that module)."""
    for item in imports(module):
        if item.module.partition(".")[0] == "bpmnmap":
            inner = f"{item.module}.{item.name}"
            yield Import(inner, None, item.node) if inner in names else item


def module_names(modules: tuple[Module, ...]) -> frozenset[str]:
    return frozenset(module.name for module in modules)
