"""``python -m tests.xmlio.watching``: use damaged files under the eyes of an audit hook, and print what it saw as JSON."""

from __future__ import annotations

import json
import sys

import bpmnmap as bm
from tests.xmlio import fuzzing

SEED = 7
# Python at work: a module that is imported when first needed, and what copying an element does in memory.
HARMLESS = (
    "builtins.id",
    "import",
    "exec",
    "compile",
    "marshal.loads",
    "os.listdir",
    "pickle.find_class",
    "object.__getattr__",
    "sys._getframe",
    "code.__new__",
)


def main() -> None:
    whole = bm.read_bpmn(fuzzing.SAMPLES / "building_approval" / "building_approval.bpmn")
    fuzzing.use(whole, whole, fuzzing.CONSUMERS)  # what is imported or loaded once, by whoever needs it first, is not watched
    damaged = [fuzzing.mutant(SEED, number) for number in range(80)]
    for number, text in enumerate(fuzzing.STRAYS + fuzzing.DOCTYPES):
        data = fuzzing.original(1, number)
        damaged += [data.replace(b"?>", b"?>" + text, 1), data.replace(b"<", text + b"<", 5), data.replace(b"/>", b"/>" + text, 1)]
    seen: list[tuple[str, str]] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event not in HARMLESS and not (event == "open" and str(arguments[0]).endswith((".py", ".pyc", ".so"))):
            seen.append((event, str(arguments)[:200]))

    sys.addaudithook(watch)
    open("/dev/null").close()  # shows that the watch is awake
    read = 0
    for data in damaged:
        definitions = fuzzing.outcome(data)
        if definitions is not None:
            read += 1
            fuzzing.use(definitions, whole, fuzzing.CONSUMERS)
            assert "root:x:" not in repr(definitions), "a file that the map names is in it"
    sys.stdout.write(json.dumps({"files": len(damaged), "read": read, "seen": seen}))


if __name__ == "__main__":
    main()
