"""``python -m tests.roundtrip.judges.record [--no-browser]``: have the judges read what the writer writes, and keep what they say."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.roundtrip.judges.edits import originals, written
from tests.roundtrip.judges.judging import BROWSERS, browser, installed, of_bpmn_js, of_moddle, versions
from tests.roundtrip.judges.verdicts import Entry, Maps, Verdict, keep, kept
from tests.xmlio.maps import CORPUS


def recorded(judges: dict[str, dict[Path, Verdict]], files: dict[str, dict[str, Path]]) -> Maps:
    """What was said, by map and edit."""
    return {
        name: {
            edit: Entry(hashlib.sha256(path.read_bytes()).hexdigest(), {judge: said[path] for judge, said in judges.items()})
            for edit, path in paths.items()
        }
        for name, paths in files.items()
    }


def with_earlier(now: Maps, before: Maps) -> Maps:
    """What was recorded, with what an absent judge said of the same bytes, and what was said of a corpus that is not there."""
    maps: Maps = {}
    for name, entries in now.items():
        old = before.get(name, {})
        same = {edit: old[edit].said for edit, entry in entries.items() if edit in old and old[edit].sha256 == entry.sha256}
        maps[name] = {edit: Entry(entry.sha256, same.get(edit, {}) | entry.said) for edit, entry in entries.items()}
    if not CORPUS.is_dir():
        maps |= {name: entries for name, entries in before.items() if name.startswith("corpus/")}
        sys.stdout.write(f"The corpus is not there ({CORPUS}): what was said of its maps stays.\n")
    return maps


def new_warnings(maps: Maps, judge: str) -> Iterable[str]:
    for name, entries in maps.items():
        for edit, entry in entries.items():
            for warning in entry.said[judge].new_warnings(entries["untouched"].said[judge]):
                yield f"{name}, {edit}: {warning}"


def main(arguments: list[str]) -> int:
    if set(arguments) - {"--no-browser"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    path = None if arguments else browser()
    if path is None and not arguments:
        sys.stderr.write(f"None of the browsers {', '.join(BROWSERS)} is here. To leave bpmn-js out: --no-browser\n")
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        installed(folder)
        files = {}
        for number, (name, data) in enumerate(originals().items()):
            (folder / str(number)).mkdir()
            files[name] = written(data, folder / str(number))
        everything = [path for paths in files.values() for path in paths.values()]
        judges = {"bpmn-moddle": of_moddle(folder, everything)}
        if path is not None:
            judges["bpmn-js"] = of_bpmn_js(folder, path, everything)
        now = recorded(judges, files)
        keep(with_earlier(now, kept()), versions(folder))
    for judge in judges:
        found = list(new_warnings(now, judge))
        sys.stdout.write("\n  ".join([f"{judge}: {len(files)} maps, {len(everything)} files, {len(found)} new warnings", *found]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
