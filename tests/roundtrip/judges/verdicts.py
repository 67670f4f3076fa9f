"""Verdicts of the judges, and the file that keeps them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

FILE = Path(__file__).parent / "verdicts.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of a file.

    Attributes
    ----------
    warnings
        Its warnings, without lines and columns, sorted.
    count
        How many ids it knows (bpmn-moddle), how many shapes and edges it has drawn (bpmn-js).
    """

    warnings: tuple[str, ...]
    count: int

    def new_warnings(self, before: Verdict) -> list[str]:
        """Warnings that the verdict before does not have, or not as often."""
        return sorted((Counter(self.warnings) - Counter(before.warnings)).elements())


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one file: the digest of its bytes, and what each judge said of these."""

    sha256: str
    said: dict[str, Verdict]


Maps: TypeAlias = dict[str, dict[str, Entry]]
"""Entries by map and edit."""


def keep(maps: Maps, versions: dict[str, str]) -> None:
    """Write the file: a line for each edit, without the warnings that are those of the untouched map."""
    blocks = []
    for name, entries in sorted(maps.items()):
        lines = [f"  {_json(edit)}: {_json(_line(entry, entries['untouched']))}" for edit, entry in entries.items()]
        blocks.append(f" {_json(name)}: {{\n" + ",\n".join(lines) + "\n }")
    FILE.write_text(f'{{"versions": {_json(versions)}, "maps": {{\n' + ",\n".join(blocks) + "\n}}\n", encoding="utf-8", newline="\n")


def kept() -> Maps:
    """Read the file."""
    if not FILE.exists():
        return {}
    maps: Maps = {}
    for name, lines in json.loads(FILE.read_text(encoding="utf-8"))["maps"].items():
        maps[name] = {}
        for edit, line in lines.items():
            said = {}
            for judge in line.keys() - {"sha256"}:
                warnings = line[judge].get("warnings", lines["untouched"].get(judge, {}).get("warnings", ()))
                said[judge] = Verdict(tuple(warnings), line[judge]["count"])
            maps[name][edit] = Entry(line["sha256"], said)
    return maps


def kept_versions() -> dict[str, str]:
    """The versions of the judges, by package."""
    versions: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))["versions"]
    return versions


def _line(entry: Entry, untouched: Entry) -> dict[str, object]:
    line: dict[str, object] = {"sha256": entry.sha256}
    for judge, verdict in sorted(entry.said.items()):
        same = entry is not untouched and judge in untouched.said and untouched.said[judge].warnings == verdict.warnings
        line[judge] = {"count": verdict.count} | ({} if same else {"warnings": verdict.warnings})
    return line


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
