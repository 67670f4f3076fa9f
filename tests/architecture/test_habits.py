"""Habits of the house that a tree of syntax can tell."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.source import Module, imports, package, parse_module

MOST_LINES = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "tools"}
# Clocks, chance and unstable hashes: results come from the inputs and the seed alone (H31, H34).
UNREPEATABLE_MODULES = {"random", "secrets", "uuid"}
UNREPEATABLE_CALLS = {
    "now", "utcnow", "today", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "time_ns", "process_time", "urandom",
    "default_rng", "getrandbits",
}  # fmt: skip
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"marshal", "shelve", "dill", "cloudpickle"}
CATCH_ALL = {"Exception", "BaseException"}

Check = Callable[[Module], Iterator[str]]


def called(node: ast.AST) -> str | None:
    """``f`` of a call ``f(…)``, ``.f`` of a call ``a.b.f(…)``."""
    if not isinstance(node, ast.Call):
        return None
    return node.func.id if isinstance(node.func, ast.Name) else f".{node.func.attr}" if isinstance(node.func, ast.Attribute) else None


def is_call_of(node: ast.AST, owner: str, names: set[str]) -> bool:
    """A call ``owner.name(…)``."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
        return False
    return node.func.value.id == owner and node.func.attr in names


def has_catch_all(kinds: list[ast.expr]) -> bool:
    return any(isinstance(kind, ast.Name) and kind.id in CATCH_ALL for kind in kinds)


def long_file(module: Module) -> Iterator[str]:
    lines = len(module.text.splitlines())
    if lines > MOST_LINES:
        yield f"{module.path}: {lines} lines, at most {MOST_LINES}"


def vague_name(module: Module) -> Iterator[str]:
    last = module.name.rpartition(".")[2]
    if VAGUE_NAMES & set(last.split("_")):
        yield f"{module.path}: '{last}' does not say what it holds"


def missing_docstring(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield f"{module.path}: no docstring"


def print_outside_cli(module: Module) -> Iterator[str]:
    if not module.name.startswith("bpmnmap.cli."):
        yield from (module.at(node, "print(…)") for node in ast.walk(module.tree) if called(node) == "print")


def blanket_except(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            cleans_up = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [] if node.type is None else [node.type]
            if not cleans_up and (not kinds or has_catch_all(kinds)):
                yield module.at(node, "catches everything")
        elif isinstance(node, ast.Call) and called(node) in {"suppress", ".suppress"} and has_catch_all(node.args):
            yield module.at(node, "suppresses everything")


def nameless_raise(module: Module) -> Iterator[str]:
    """``raise Exception("…")`` or ``raise BpmnMapError(…)`` says nothing to who catches it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(kind, ast.Name) and kind.id in CATCH_ALL | {"BpmnMapError", "RuntimeError", "OSError"}:
                yield module.at(node, f"raises a bare {kind.id}")


def unsafe_call(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if called(node) in UNSAFE_CALLS:
            yield module.at(node, f"{called(node)}(…) of an input")
        elif is_call_of(node, "pickle", {"load", "loads", "Unpickler"}):
            yield module.at(node, "unpickles an input")
    yield from (
        module.at(item.node, f"imports {item.module}") for item in imports(module) if item.module.partition(".")[0] in UNSAFE_MODULES
    )
    yield from (
        module.at(item.node, "unpickles an input") for item in imports(module) if item.module == "pickle" and item.name in {"load", "loads"}
    )


def unrepeatable(module: Module) -> Iterator[str]:
    for item in imports(module):
        if item.module in UNREPEATABLE_MODULES or item.module.startswith("numpy.random") or (item.module, item.name) == ("time", "time"):
            yield module.at(item.node, f"imports {item.module}")
    for node in ast.walk(module.tree):
        name = called(node)
        if name is not None and name.lstrip(".") in UNREPEATABLE_CALLS:
            yield module.at(node, f"calls {name}(…)")
        elif is_call_of(node, "time", {"time"}):
            yield module.at(node, "calls time.time(…)")
        elif (
            isinstance(node, ast.Attribute)
            and node.attr == "random"
            and isinstance(node.value, ast.Name)
            and node.value.id in {"np", "numpy"}
        ):
            yield module.at(node, "draws from numpy.random")


def unstable_hash(module: Module) -> Iterator[str]:
    """Python's ``hash`` of a text differs from run to run; only ``__hash__`` may use it."""
    inside = {
        id(inner)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name == "__hash__"
        for inner in ast.walk(node)
    }
    yield from (module.at(node, "hash(…)") for node in ast.walk(module.tree) if called(node) == "hash" and id(node) not in inside)


def hidden_import(module: Module) -> Iterator[str]:
    """The public face may import lazily by name; elsewhere the imports must be seen."""
    if module.name != "bpmnmap":
        yield from (
            module.at(node, "import_module(…)") for node in ast.walk(module.tree) if called(node) in {"import_module", ".import_module"}
        )


CHECKS: dict[Check, dict[str, str]] = {
    # check → module name → a snippet in which it must find exactly one fault
    long_file: {"bpmnmap.long": '"""x."""\n' + "a = 1\n" * MOST_LINES},
    vague_name: {"bpmnmap.model.xml_utils": "", "bpmnmap.helpers": ""},
    missing_docstring: {"bpmnmap.a": "a = 1"},
    print_outside_cli: {"bpmnmap.model.a": "def f():\n    print(1)"},
    blanket_except: {
        "bpmnmap.a": "try:\n    f()\nexcept:\n    pass",
        "bpmnmap.b": "try:\n    f()\nexcept (ValueError, Exception) as e:\n    raise MapError([]) from e",
        "bpmnmap.c": "with contextlib.suppress(BaseException):\n    f()",
    },
    nameless_raise: {"bpmnmap.a": "raise Exception('x')", "bpmnmap.b": "raise RuntimeError"},
    unsafe_call: {
        "bpmnmap.a": "eval('1')",
        "bpmnmap.b": "import pickle\npickle.loads(b'')",
        "bpmnmap.c": "import marshal",
        "bpmnmap.d": "from pickle import load",
    },
    unrepeatable: {
        "bpmnmap.a": "import random",
        "bpmnmap.b": "datetime.now()",
        "bpmnmap.c": "import time\ntime.time()",
        "bpmnmap.d": "from time import time",
        "bpmnmap.e": "np.random.seed",
        "bpmnmap.f": "datetime.date.today()",
        "bpmnmap.g": "from numpy.random import Generator",
    },
    unstable_hash: {"bpmnmap.a": "hash('x')"},
    hidden_import: {"bpmnmap.model.a": "importlib.import_module('lxml')"},
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_package(check: Check) -> None:
    assert [fault for module in package() for fault in check(module)] == []


@pytest.mark.parametrize(
    ("check", "name", "text"), [(check, name, text) for check, snippets in CHECKS.items() for name, text in snippets.items()],
    ids=lambda value: value.__name__ if callable(value) else None,
)  # fmt: skip
def test_fault_is_found(check: Check, name: str, text: str) -> None:
    assert len(list(check(parse_module(name, text)))) == 1


def test_clean_module_passes_all() -> None:
    text = '''"""A module."""
import pickle
import time
from datetime import datetime

class A:
    def __hash__(self):
        return hash(self.b)

def f(environment, path):
    try:
        pickle.dumps(environment.now)
        datetime.fromisoformat("2026-01-05")
        time.sleep(0)
        re.compile("x")
    except (ValueError, TypeError) as error:
        raise ScenarioError([]) from error
    except BaseException:
        path.unlink()
        raise
'''
    assert [fault for check in CHECKS for fault in check(parse_module("bpmnmap.model.a", text))] == []
