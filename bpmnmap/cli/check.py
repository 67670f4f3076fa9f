"""``bpmnmap check``: all that is wrong with maps, at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bpmnmap.cli.status import Status

if TYPE_CHECKING:
    from bpmnmap.findings import Finding
    from bpmnmap.xmlio.inspected import Inspection


@click.command(short_help="Print all that is wrong with maps.")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True,
    help="Text is for people, the rest for programs.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write the findings into a file.")
def check(paths: tuple[str, ...], format_: str, output: str | None) -> None:
    """Print all that is wrong with maps, file by file and line by line.

    Each PATH is a BPMN 2.0 file, or a folder: then every .bpmn and .bpmn20.xml in it and below is checked, and every
    .xml that holds BPMN.
    """
    from bpmnmap.cli.commands import guarded

    sys.exit(guarded(lambda: _check(paths, format_, output)))


def _check(paths: tuple[str, ...], format_: str, output: str | None) -> Status:
    from bpmnmap.cli.inputs import UnusableError
    from bpmnmap.cli.output import check_file, say, write_text

    faults = _wrong_paths(paths) + ([] if output is None else check_file(output))
    if faults:
        raise UnusableError(faults, Status.NOTHING)
    from bpmnmap.checking.inspecting import inspection

    found = inspection(paths)
    text = {"text": lambda: _printable(found), "json": found.to_json, "sarif": found.to_sarif}[format_]()
    write_text(f"{text}\n" if text else "", output, is_data=format_ != "text")
    say(f"{found.summary}\n")
    return _status(found)


def _wrong_paths(paths: tuple[str, ...]) -> list[Finding]:
    from bpmnmap.cli.inputs import wrong_use

    fix = "name a .bpmn file, or a folder with maps"
    if not paths:
        return [wrong_use("PATH...", "must name at least one file or folder (got none)", fix)]
    return [wrong_use("PATH...", "must not be empty (got '')", fix) for path in paths if not path]


def _printable(found: Inspection) -> str:
    from dataclasses import replace

    from bpmnmap.cli.output import fit_to_print

    return str(replace(found, findings=tuple(map(fit_to_print, found.findings))))


def _status(found: Inspection) -> Status:
    from bpmnmap.findings import Severity

    leads_nowhere = any(finding.code in ("file-missing", "no-maps") for finding in found.findings)
    if found.unread == len(found.files) or leads_nowhere:
        return Status.NOTHING
    return Status.FAULTY if found.counts[Severity.ERROR] else Status.DONE
