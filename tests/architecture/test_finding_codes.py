"""Each code of a finding has a section in docs/reference/findings.md, and each section there is of a code in use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.architecture.source import ROOT, Module, imports, package, parse_module

PAGE = "docs/reference/findings.md"
KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PARTS = ("**What.**", "**Why.**", "**Mend.**")


def position_of_code(function: ast.FunctionDef) -> int | None:
    """The position of the parameter `code`, as callers count."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if "code" in names:
        return names.index("code") - (names[0] in {"self", "cls"})
    return len(names) if any(argument.arg == "code" for argument in function.args.kwonlyargs) else None


def code_takers(modules: tuple[Module, ...]) -> dict[str, dict[str, int]]:
    """`Finding`, and the functions that hand their parameter `code` on to it: module → name → position of `code`.

    A function is known at home and where it is imported, a method everywhere, what is private at home only.
    """
    imported = {(module.name, item.module, item.name) for module in modules for item in imports(module)}
    takers: dict[str, dict[str, int]] = {module.name: {"Finding": 0, "PydanticCustomError": 0} for module in modules}
    functions = [(module.name, node) for module in modules for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]
    while True:
        known = sum(map(len, takers.values()))
        for home, function in functions:
            position = position_of_code(function)
            given = [node for argument in given_codes(function, takers[home]) for node in ast.walk(argument)]
            if position is not None and any(isinstance(node, ast.Name) and node.id == "code" for node in given):
                is_method = function.args.args[:1] != [] and function.args.args[0].arg == "self"
                for module in takers:
                    if is_method and (module == home or not function.name.startswith("_")):
                        takers[module][f".{function.name}"] = position
                    elif not is_method and (module == home or (module, home, function.name) in imported):
                        takers[module][function.name] = position
        if sum(map(len, takers.values())) == known:
            return takers


def given_codes(function: ast.AST, takers: dict[str, int]) -> Iterator[ast.expr]:
    """The expressions given as code in calls of `takers`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            position = takers.get(node.func.id if isinstance(node.func, ast.Name) else f".{node.func.attr}")
            if position is not None:
                yield from [keyword.value for keyword in node.keywords if keyword.arg == "code"] or node.args[position : position + 1]


def code_arguments(module: Module, takers: dict[str, int]) -> Iterator[tuple[ast.expr, ast.AST]]:
    """The expressions given as code, each with the functions that it stands in, from the outermost to the innermost."""
    for function in [module.tree, *(node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef))]:
        yield from ((argument, function) for argument in given_codes(function, takers))


def codes(argument: ast.expr, function: ast.AST) -> Iterator[str]:
    """The codes that an expression may stand for; ``*`` where a text is put in; ``?`` where it cannot be told."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in argument.values)
    elif isinstance(argument, ast.IfExp):
        yield from codes(argument.body, function)
        yield from codes(argument.orelse, function)
    elif isinstance(argument, ast.Name):
        yield from codes_of_name(argument.id, function)
    elif isinstance(argument, ast.Call) and ast.unparse(argument.func) == "cast":
        yield from codes(argument.args[1], function)
    elif not is_copied(argument):
        yield "?"


def is_copied(argument: ast.expr) -> bool:
    """The code of another finding, or the type of a pydantic error, which was given as a code before."""
    if isinstance(argument, ast.Attribute):
        return argument.attr == "code"
    return isinstance(argument, ast.Subscript) and isinstance(argument.slice, ast.Constant) and argument.slice.value == "type"


def assigned(node: ast.Assign | ast.AnnAssign, name: str) -> Iterator[ast.expr]:
    """What an assignment gives to a name, be it one of several."""
    if node.value is None:
        return
    for target in [node.target] if isinstance(node, ast.AnnAssign) else node.targets:
        if isinstance(target, ast.Name) and target.id == name:
            yield node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from (
                value for each, value in zip(target.elts, node.value.elts, strict=False) if isinstance(each, ast.Name) and each.id == name
            )


def codes_of_name(name: str, function: ast.AST) -> Iterator[str]:
    if isinstance(function, ast.FunctionDef) and name == "code":
        arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if any(argument.arg == "code" for argument in arguments):
            return  # handed on: its callers are looked at
    if name == "code" and any(unpacked_codes(function)):
        return  # of tuples that another function yields: `yielded_codes` looks at those
    values = [value for node in ast.walk(function) if isinstance(node, (ast.Assign, ast.AnnAssign)) for value in assigned(node, name)]
    if not values:
        yield "?"
    for value in values:
        yield from codes(value, function)


def unpacked_codes(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Where ``for …, code, … in`` takes codes out of tuples: the position of `code`, and the tuples' length."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Tuple):
            names = [target.id if isinstance(target, ast.Name) else "" for target in node.target.elts]
            if "code" in names:
                yield names.index("code"), len(names)


def yielded_codes(module: Module, shapes: set[tuple[int, int]]) -> Iterator[ast.Constant]:
    """Codes within tuples of such a shape that a module yields."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            for position, length in shapes:
                code = node.value.elts[position] if len(node.value.elts) == length else None
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code


def used_codes(modules: tuple[Module, ...]) -> dict[str, str]:
    """Code → where it is used first."""
    takers = code_takers(modules)
    used: dict[str, str] = {}
    shapes = {shape for module in modules for shape in unpacked_codes(module.tree)}
    for module in modules:
        for constant in yielded_codes(module, shapes):
            used.setdefault(str(constant.value), module.at(constant, str(constant.value)))
        found: dict[int, tuple[ast.expr, list[str]]] = {}
        for argument, function in code_arguments(module, takers[module.name]):
            told = list(codes(argument, function))
            known = found.setdefault(id(argument), (argument, told))
            if "?" in known[1]:  # the innermost function knows best
                found[id(argument)] = (argument, told)
        for argument, told in found.values():
            for code in told:
                used.setdefault(code, module.at(argument, code))
    return used


def sections(text: str) -> dict[str, str]:
    """Code → its section, without the heading."""
    parts = re.split(r"^### `([^`\n]+)`\n", text, flags=re.MULTILINE)
    return {code: re.split(r"^#", body, maxsplit=1, flags=re.MULTILINE)[0] for code, body in zip(parts[1::2], parts[2::2], strict=True)}


def is_code(pattern: str, code: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[a-z0-9-]+"), code) is not None


@cache
def codes_in_use() -> dict[str, str]:
    return used_codes(package())


def page() -> dict[str, str]:
    return sections((ROOT / PAGE).read_text(encoding="utf-8"))


def test_each_code_can_be_told_and_is_kebab_case() -> None:
    assert [place for code, place in codes_in_use().items() if not KEBAB.fullmatch(code.replace("*", "x"))] == []


def test_each_code_has_its_section() -> None:
    documented = page()
    assert [place for code, place in codes_in_use().items() if not any(is_code(code, known) for known in documented)] == []


def test_each_section_is_of_a_code_in_use() -> None:
    used = codes_in_use()
    assert [code for code in page() if not any(is_code(pattern, code) for pattern in used)] == []


def test_each_section_says_what_why_and_how_to_mend() -> None:
    assert [(code, part) for code, body in page().items() for part in PARTS if body.count(part) != 1] == []


def test_sections_stand_in_order_and_once() -> None:
    headings = re.findall(r"^##+ (.*)$", (ROOT / PAGE).read_text(encoding="utf-8"), flags=re.MULTILINE)
    codes_by_group: list[list[str]] = []
    for heading in headings:
        if heading.startswith("`"):
            codes_by_group[-1].append(heading)
        else:
            codes_by_group.append([])
    assert [group for group in codes_by_group if group != sorted(group)] == []
    assert len(page()) == sum(map(len, codes_by_group)) > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Finding('a-b', 'x')", {"a-b"}),
        ("Finding(code='a-b', message='x')", {"a-b"}),
        ("def f():\n    code = 'a' if x else 'b'\n    return Finding(code, 'x')", {"a", "b"}),
        ("def f(kind):\n    code = f'invalid-{kind}'\n    return Finding(code, 'x')", {"invalid-*"}),
        ("def tell(place, code):\n    return Finding(code, 'x')\ntell(1, 'c-d')", {"c-d"}),
        ("class A:\n    def tell(self, code):\n        return Finding(code, 'x')\n    def f(self):\n        self.tell('e-f')", {"e-f"}),
        ("def tell(place, *, code):\n    return Finding(code, 'x')\ntell(1, code='c-d')", {"c-d"}),
        ("def holidays(code):\n    return days[code]\nholidays('ID')", set()),
        ("def tell(code):\n    return Finding(code, 'x')\ndef pass_on(code):\n    return tell(code)\npass_on('g')", {"g"}),
        ("def f(x):\n    return Finding(x.code, 'x')", set()),
        ("def f():\n    yield 1, 'i', 'x'\n[Finding(code, text) for place, code, text in f()]", {"i"}),
        ("A: Final = 'j'\ndef f():\n    return Finding(A, 'x')", {"j"}),
        ("def f(x):\n    code, text = 'h', x\n    return Finding(code, text)", {"h"}),
        ("def f(x):\n    return Finding(x.name, 'x')", {"?"}),
        ("def f(name):\n    return Finding(name, 'x')", {"?"}),
    ],
)
def test_used_codes(text: str, expected: set[str]) -> None:
    assert used_codes((parse_module("bpmnmap.a", text),)).keys() == expected


def test_functions_are_known_where_they_are_imported() -> None:
    home = parse_module("bpmnmap.a", "def tell(code):\n    return Finding(code, 'x')\ntell('k')")
    elsewhere = parse_module("bpmnmap.b", "def tell(key):\n    return key\ntell('no code')")
    guest = parse_module("bpmnmap.c", "from bpmnmap.a import tell\ntell('l')")
    method = parse_module("bpmnmap.d", "class A:\n    def tell(self, code):\n        return Finding(code, 'x')")
    assert used_codes((home, elsewhere, guest, method)).keys() == {"k", "l"}


def test_sections_of_a_page() -> None:
    assert sections("# F\n## G\n### `a-b`\none\n### `c`\ntwo\n## H\nx\n") == {"a-b": "one\n", "c": "two\n"}


def test_is_code() -> None:
    assert is_code("invalid-*", "invalid-hours")
    assert not is_code("invalid-*", "invalid-")
    assert not is_code("a", "ab")
