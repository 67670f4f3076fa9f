"""``bpmnmap check``: all that is wrong with maps, at once."""

from __future__ import annotations

import sys

import click

from bpmnmap.cli.status import Status


@click.command(short_help="Print all that is wrong with maps.")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--format", "format_", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--output", metavar="FILE", help="Write the findings into a file.")
def check(paths: tuple[str, ...], format_: str, output: str | None) -> None:
    """Print all that is wrong with maps: each PATH is a BPMN 2.0 file, or a folder with such files in it and below.

    Ends with 0 if nothing is wrong (warnings are allowed), 1 if there are errors, 2 if there is nothing to work on.
    """
    from bpmnmap.cli.commands import guarded

    sys.exit(guarded(lambda: _check(paths, format_, output)))


def _check(paths: tuple[str, ...], format_: str, output: str | None) -> Status:
    from bpmnmap.cli.inputs import UnusableError, wrong_use
    from bpmnmap.cli.output import check_file, fit_to_print, say, write_text

    faults = [] if output is None else check_file(output)
    if not all(paths) or not paths:
        faults.append(wrong_use("PATH...", f"must name at least one file or folder (got {paths[0]!r})" if paths else "is missing",
                                "name a .bpmn file, or a folder with maps"))  # fmt: skip
    if faults:
        raise UnusableError(faults, Status.NOTHING)
    from dataclasses import replace

    from bpmnmap.findings import Severity
    from bpmnmap.xmlio.checking import inspection

    found = inspection(paths)
