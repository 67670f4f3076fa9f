"""An exception of another package never reaches the user: each door catches what its package raises, and re-tells it as ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, package, parse_module

# call → the exceptions that it can raise on bad input; the room (package) that makes the call must name one of them in an except,
# or ask before the call, by a function named here, whether it would raise.
FOREIGN: dict[str, tuple[str, ...]] = {
    "tomllib.load": ("TOMLDecodeError",),
    "tomllib.loads": ("TOMLDecodeError",),
    ".model_validate": ("ValidationError",),
    "etree.fromstring": ("XMLSyntaxError", "LxmlError"),
    "etree.parse": ("XMLSyntaxError", "LxmlError"),
    "etree.XMLSchema": ("XMLSchemaParseError", "LxmlError"),
    "ZoneInfo": ("ZoneInfoNotFoundError", "KeyError"),
    "holidays.country_holidays": ("NotImplementedError", "is_holiday_code"),
    ".read_bytes": ("OSError",),
    ".read_text": ("OSError",),
    "open": ("OSError",),
    ".write_text": ("OSError",),
    ".mkdir": ("OSError",),
}
# Reads installed files, no input.
OURS = {"bpmnmap.xmlio.schema"}


def room(module: Module) -> str:
    return ".".join(module.name.split(".")[:2])


def caught(module: Module) -> set[str]:
    names = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names |= {ast.unparse(kind).rpartition(".")[2] for kind in kinds}
        elif isinstance(node, ast.Call):
            names.add(ast.unparse(node.func))
    return names


def foreign_calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func) if isinstance(node.func, (ast.Name, ast.Attribute)) else ""
            for known in FOREIGN:
                if name == known or (known.startswith(".") and name.endswith(known)):
                    yield node, known


def unmapped(modules: tuple[Module, ...]) -> Iterator[str]:
    catches: dict[str, set[str]] = {}
    for module in modules:
        catches.setdefault(room(module), set()).update(caught(module))
    for module in modules:
        if module.name not in OURS:
            for node, name in foreign_calls(module):
                if not catches[room(module)] & set(FOREIGN[name]):
                    yield module.at(node, f"{name}(…) may raise {' or '.join(FOREIGN[name])}; {room(module)} never catches it")


def chainless_raises(module: Module) -> Iterator[str]:
    """Within an except, ``raise X(…)`` without ``from`` hides where it came from."""
    for handler in (node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler)):
        for node in ast.walk(handler):
            if isinstance(node, ast.Raise) and node.exc is not None and node.cause is None:
                yield module.at(node, "raise without from")


def test_foreign_exceptions_are_mapped() -> None:
    assert list(unmapped(package())) == []


def test_raises_are_chained() -> None:
    assert [fault for module in package() for fault in chainless_raises(module)] == []


@pytest.mark.parametrize(
    "text",
    ["tomllib.loads(text)", "Scenario.model_validate(table)", "etree.fromstring(data)", "def f(path):\n    return path.read_bytes()"],
)
def test_unmapped_call_is_found(text: str) -> None:
    (found,) = unmapped((parse_module("bpmnmap.org.a", text),))
    assert "never catches it" in found


def test_mapped_call_is_let_pass() -> None:
    text = "try:\n    tomllib.loads(t)\nexcept tomllib.TOMLDecodeError as error:\n    raise ScenarioError([]) from error"
    assert list(unmapped((parse_module("bpmnmap.org.a", text),))) == []
    elsewhere = parse_module("bpmnmap.org.b", "tomllib.loads(t)")
    assert list(unmapped((parse_module("bpmnmap.org.a", text), elsewhere))) == []


def test_chainless_raise_is_found() -> None:
    module = parse_module("bpmnmap.a", "try:\n    f()\nexcept KeyError:\n    raise ValueError('x')")
    assert list(chainless_raises(module)) == ["bpmnmap/a.py:4: raise without from"]
    assert list(chainless_raises(parse_module("bpmnmap.a", "try:\n    f()\nexcept KeyError:\n    raise ValueError('x') from None"))) == []
