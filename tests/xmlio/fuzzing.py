"""Files of real tools, damaged in every way we could think of; each must give a map or our own error.

``python -m tests.xmlio.fuzzing COUNT [SEED]`` runs many, in one process, and prints how it went. Mutant number n is the same in every
run: it depends on the seed, on n and on the files alone.
"""

from __future__ import annotations

import contextlib
import pickle
import random
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from time import process_time

from lxml import etree

import bpmnmap as bm
from bpmnmap.model import FlowElement
from bpmnmap.xmlio.checking import map_findings
from bpmnmap.xmlio.inspected import Inspection
from bpmnmap.xmlio.writer import format_bpmn
from tests.xmlio.maps import CORPUS

SAMPLES = Path(__file__).parents[2] / "bpmn_samples"
FILES = sorted([*CORPUS.rglob("*.bpmn"), *SAMPLES.rglob("*.bpmn")], key=lambda path: (path.name, str(path)))
MOST_SECONDS = 10.0
# An error of ours may be due to these; whatever else lies behind one was never meant to be caught.
MAPPED = (etree.XMLSyntaxError, OSError, UnicodeDecodeError)

Mutation = Callable[[bytes, random.Random], bytes]
_ELEMENT = re.compile(rb"<[^<>/!?][^<>]*/>|<[^<>/!?][^<>]*>[^<>]*</[^<>]*>")
_START = re.compile(rb"<[^<>/!?][^<>]*>")
_TAG = re.compile(rb"</?[^<>!?][^<>]*>")
_ATTRIBUTE = re.compile(rb'\s[\w:.-]+=("[^"<]*")')
_ID = re.compile(rb'\s(?:id|sourceRef|targetRef|bpmnElement|processRef|attachedToRef|default)=("[^"<]*")')
_NUMBER = re.compile(rb'="(-?\d+(?:\.\d+)?)"')

STRAYS = (
    b"<", b">", b"&", b'"', b"'", b"\0", b"\x1b", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"&#0;", b"&#xD800;", b"&#x1F600;", b"&lt;",
    b"&undefined;", b"&#99999999999;", b"<![CDATA[", b"]]>", b"-->", b"<!-- a -- b -->", b"<!--", b"<?a?>", b"<?xml version='1.0'?>", b"<?", b"<a:b/>", b"<bpmn:task/>",
    b"<task/>", b"<process id='p'/>", b"</process>", b" xmlns='urn:x'", b" xmlns=''", b" xmlns:bpmn='urn:other'", b" id='a' id='b'", b" xml:id='1'", b" xsi:type='tTask'",
    b" xml:base='http://127.0.0.1/'", b" xsi:schemaLocation='urn:x http://127.0.0.1/x.xsd'", b"<?xml-stylesheet href='file:///etc/passwd'?>",
    b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>",
    b"<import xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' importType='x' location='file:///etc/passwd' namespace='urn:x'/>",
)  # fmt: skip
DOCTYPES = (
    b"<!DOCTYPE a>",
    b"<!DOCTYPE definitions SYSTEM 'file:///etc/passwd'>",
    b"<!DOCTYPE definitions PUBLIC '-//x' 'http://127.0.0.1/x.dtd'>",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    b"<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://127.0.0.1/x'> %b;]>",
    b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>",
)
ODD_VALUES = (
    b'""', b'" "', b'":"', b'"a:b:c"', b'"bpmn:"', b'"&#10;"', b'"1"', b'"-1"', b'"1e999"', b'"nan"', b'"inf"', b'"1_0"', b'"0x10"', b'"99999999999999999999"', b'"true"',
    b'"TRUE"', b'"PT-1S"', b'"P99999999999Y"', b'"R/PT0S"', b'"__proto__"', b'"\xe2\x80\xae"', b'"__import__(\'os\').system(\'true\')"', b'"${7*7}"', b'"../../etc/passwd"', b"'\"'",
)  # fmt: skip


def cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def flip(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 3, 20))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def insert(data: bytes, draw: random.Random) -> bytes:
    place = draw.choice([*(match.end() for match in _TAG.finditer(data)), draw.randrange(len(data) + 1)])
    return data[:place] + draw.choice(STRAYS) + data[place:]


def insert_doctype(data: bytes, draw: random.Random) -> bytes:
    place = data.find(b"?>") + 2 if draw.random() < 0.7 and b"?>" in data else draw.randrange(len(data) + 1)
    return data[:place] + draw.choice(DOCTYPES) + data[place:].replace(b">", draw.choice((b">", b">&b;", b">&a;")), 3)


def drop(data: bytes, draw: random.Random) -> bytes:
    found = draw.choice(list(draw.choice((_ELEMENT, _ATTRIBUTE, _TAG)).finditer(data)))
    return data[: found.start()] + data[found.end() :]


def double(data: bytes, draw: random.Random) -> bytes:
    found, place = draw.choice(list(_ELEMENT.finditer(data))), draw.choice(list(_TAG.finditer(data))).end()
    return data[:place] + found[0] * draw.choice((1, 1, 2, 200)) + data[place:]


def swap(data: bytes, draw: random.Random) -> bytes:
    one, other = sorted(draw.sample(list(draw.choice((_ELEMENT, _TAG)).finditer(data)), 2), key=lambda match: match.start())
    return data[: one.start()] + other[0] + data[one.end() : other.start()] + one[0] + data[other.end() :]


def retarget(data: bytes, draw: random.Random) -> bytes:
    values = list(draw.choice((_ID, _ID, _ATTRIBUTE)).finditer(data))
    one = draw.choice(values)
    return data[: one.start(1)] + draw.choice(values)[1] + data[one.end(1) :]


def odd_value(data: bytes, draw: random.Random) -> bytes:
    pattern = draw.choice((_ATTRIBUTE, _ID, _NUMBER))
    one = draw.choice(list(pattern.finditer(data)))
    value = draw.choice(ODD_VALUES)
    return data[: one.start(1)] + (value[1:-1] if pattern is _NUMBER else value) + data[one.end(1) :]


def rename(data: bytes, draw: random.Random) -> bytes:
    """One element gets the name of another, of BPMN or not."""
    names = list(re.finditer(rb"<([\w:.-]+)([^<>]*)/>", data))
    one = draw.choice(names)
    name = draw.choice([draw.choice(names)[1], b"subProcess", b"choreographyTask", b"a", b"bpmn:boundaryEvent", b"task"])
    return data[: one.start(1)] + name + data[one.end(1) :]


def nest(data: bytes, draw: random.Random) -> bytes:
    """Elements within each other, as deep as is still read, or deeper."""
    depth = draw.choice((50, 150, 198, 250, 300, 10_000))
    name = draw.choice((b"subProcess", b"extensionElements", b"task", b"x", b"laneSet><lane", b"bpmndi:BPMNLabel"))
    place = draw.choice(list(_TAG.finditer(data))).end()
    closing = b"".join(b"</" + part.strip(b"<>") + b">" for part in reversed(name.split(b"><")))
    return data[:place] + (b"<" + name + b">") * depth + closing * depth + data[place:]


def inflate(data: bytes, draw: random.Random) -> bytes:
    """A very long value, text or name, or very many attributes."""
    tag = draw.choice(list(_START.finditer(data)))
    place = tag.end() - (2 if tag[0].endswith(b"/>") else 1)
    attributes = (
        b' name="' + b"x" * 1_000_000 + b'"',
        b' id="' + b"x" * 60_000 + b'"',
        b" " + b"y" * 60_000 + b'="1"',
        b"".join(b' a%d="%d"' % (number, number) for number in range(draw.choice((900, 1_100, 20_000)))),
        b"".join(b' xmlns:n%d="urn:%d"' % (number, number) for number in range(300)),
    )
    return data[:place] + draw.choice(attributes) + data[place:]


def redeclare(data: bytes, draw: random.Random) -> bytes:
    """Another encoding is declared, or written."""
    names = (
        b"UTF-8",
        b"utf-16",
        b"ISO-8859-1",
        b"windows-1252",
        b"UTF-7",
        b"IBM037",
        b"ISO-2022-JP",
        b"none",
        b"UTF-32",
        b"ascii",
        b"../x",
    )
    body = data.partition(b"?>")[2] if data.startswith(b"<?xml") else data
    declared = b'<?xml version="1.0" encoding="' + draw.choice(names) + b'"?>' + body
    encoding = draw.choice(("", "", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"))
    return declared if not encoding else declared.decode("latin-1").encode(encoding, "replace")


def renamespace(data: bytes, draw: random.Random) -> bytes:
    """A namespace gets another URI, or no declaration."""
    one = draw.choice(list(re.finditer(rb'\sxmlns(?::[\w.-]+)?="([^"<]*)"', data)))
    uris = (
        b"",
        b"urn:a b",
        b"http://schema.omg.org/spec/BPMN/2.0",
        b"http://www.omg.org/spec/BPMN/20100524/MODEL",
        b"http://www.w3.org/XML/1998/namespace",
        b"%zz",
    )
    if draw.random() < 0.3:
        return data[: one.start()] + data[one.end() :]
    return data[: one.start(1)] + draw.choice(uris) + data[one.end(1) :]


def splice(data: bytes, draw: random.Random) -> bytes:
    """The beginning of one file and the end of another."""
    other = draw.choice(_contents())
    one, two = draw.choice(list(_TAG.finditer(data))), draw.choice(list(_TAG.finditer(other)))
    return data[: one.end()] + other[two.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    cut, flip, insert, insert_doctype, drop, drop, double, swap, swap, retarget, retarget, odd_value, rename, nest, inflate, redeclare, renamespace, splice,
)  # fmt: skip


@cache
def _contents() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in FILES)


@cache
def _runnable() -> tuple[bytes, ...]:
    """The files that can be simulated as they are: so that damage reaches what comes after reading."""
    found = []
    for data in _contents():
        with contextlib.suppress(bm.BpmnMapError):
            bm.lower(bm.parse_bpmn(data))
            found.append(data)
    return tuple(found)


def original(seed: int, number: int) -> bytes:
    """The file that a mutant is made of: of three, one is a file that can be simulated."""
    draw = random.Random(f"{seed}/{number}")
    return draw.choice(_runnable() if draw.randrange(3) == 0 else _contents())


def mutant(seed: int, number: int) -> bytes:
    """A damaged file: one to four mutations, one after the other."""
    data = original(seed, number)
    draw = random.Random(f"{seed}:{number}")
    for _ in range(draw.choice((1, 1, 1, 2, 3, 4))):
        try:
            changed = draw.choice(MUTATIONS)(data, draw)
        except (IndexError, ValueError):  # nothing of the kind is left in it
            continue
        data = changed if len(changed) < 4_000_000 else data
    return data


def _own(error: bm.BpmnMapError) -> None:
    """Assert that an error is ours through and through, and says how to mend."""
    assert error.findings
    assert all(finding.fix for finding in error.findings)
    cause = error.__cause__
    assert cause is None or isinstance(cause, (*MAPPED, bm.BpmnMapError)), repr(cause)


def outcome(data: bytes) -> bm.Definitions | None:
    """What reading gives; None for an error of ours."""
    try:
        definitions = bm.parse_bpmn(data, "mutant.bpmn")
    except bm.BpmnReadError as error:
        _own(error)
        return None
    assert all(finding.fix for finding in definitions.findings)
    return definitions


def _lower(definitions: bm.Definitions, _: bm.Definitions) -> None:
    str(bm.lower(definitions))


def _scenario(definitions: bm.Definitions, _: bm.Definitions) -> None:
    bm.scenario_template(definitions, assume=True)


def _differences(definitions: bm.Definitions, whole: bm.Definitions) -> None:
    found = bm.differences(whole, definitions)
    found.to_text(in_full=True)
    found.to_json()


def _check(definitions: bm.Definitions, _: bm.Definitions) -> None:
    found = Inspection(("mutant.bpmn",), tuple(map_findings(definitions)))
    for text in (str(found), found.to_json(), found.to_sarif()):
        text.encode()


def _edit(definitions: bm.Definitions, _: bm.Definitions) -> None:
    element = next((each for each in definitions.walk() if isinstance(each, FlowElement) and each.id is not None), None)
    if element is not None:
        bm.parse_bpmn(format_bpmn(definitions.replace(element, name="A new name")))


def _copy(definitions: bm.Definitions, _: bm.Definitions) -> None:
    assert pickle.loads(pickle.dumps(definitions)) == definitions


CONSUMERS: tuple[Callable[[bm.Definitions, bm.Definitions], None], ...] = (_lower, _scenario, _differences, _check, _edit, _copy)


def use(
    definitions: bm.Definitions, whole: bm.Definitions, consumers: Sequence[Callable[[bm.Definitions, bm.Definitions], None]]
) -> Counter[str]:
    """What becomes of a damaged map in the hands of others: done, or refused by an error of ours."""
    told: Counter[str] = Counter()
    for consumer in consumers:
        try:
            consumer(definitions, whole)
        except bm.BpmnMapError as error:
            _own(error)
            told[f"{consumer.__name__} refused"] += 1
        else:
            told[f"{consumer.__name__} done"] += 1
    return told


def main(count: int, seed: int) -> int:
    """Run many mutants; return how many faults there were, each place told once."""
    told: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    longest, start = (0.0, 0), process_time()
    for number in range(count):
        before = process_time()
        for task in _tasks(seed, number):
            try:
                told += task()
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                frame = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{type(error).__name__} in {frame.filename}:{frame.lineno}"
                faults[place] += 1
                if faults[place] == 1:
                    sys.stderr.write(f"mutant({seed}, {number}): {place}: {str(error)[:200]}\n")
        longest = max(longest, (process_time() - before, number))
        if number % 10_000 == 9_999:
            sys.stderr.write(f"{number + 1:,} {dict(sorted(told.items()))}\n")
    faults.update({"took too long": 1} if longest[0] > MOST_SECONDS else {})
    sys.stdout.write(f"{count:,} mutants of {len(FILES)} files, seed {seed}: {dict(sorted(told.items()))}\n")
    sys.stdout.write(f"{process_time() - start:.0f} s of CPU, longest {longest[0]:.2f} s (mutant {longest[1]}); faults: {dict(faults)}\n")
    return sum(faults.values())


def _tasks(seed: int, number: int) -> Iterator[Callable[[], Counter[str]]]:
    """Reading a mutant, and of each fourth one all that others may do with it."""
    read: list[bm.Definitions] = []

    def reading() -> Counter[str]:
        definitions = outcome(mutant(seed, number))
        read.extend([] if definitions is None else [definitions])
        return Counter(["read" if read else "refused"])

    yield reading
    if read and number % 4 == 0:
        whole = bm.parse_bpmn(original(seed, number))
        for consumer in CONSUMERS:
            yield partial(use, read[0], whole, (consumer,))


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
