"""``bpmnmap diff``: what changed between two maps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bpmnmap.cli.status import Status

if TYPE_CHECKING:
    from bpmnmap.model import Definitions


@click.command(short_help="Print what changed between two maps.")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--all", "in_full", is_flag=True, help="In text, list moved shapes and incidental changes too.")
@click.option("--exit-code", is_flag=True, help="End with 1 if the maps differ in meaning.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", metavar="FILE", help="Write the changes into a file.")
def diff(a: str, b: str, in_full: bool, exit_code: bool, format_: str, output: str | None) -> None:
    """Print what changed from map A to map B: elements that are new, gone, elsewhere, in other lanes or otherwise."""
    from bpmnmap.cli.commands import guarded

    def show() -> Status:
        from bpmnmap.cli.output import write_text
        from bpmnmap.model.differences import differences

        found = differences(*_maps((a, b), output))
        text = found.to_json() if format_ == "json" else found.to_text(in_full=in_full)
        write_text(f"{text}\n", output, is_data=format_ == "json")
        return Status.FAULTY if exit_code and found.meaning else Status.DONE

    sys.exit(guarded(show))


def _maps(paths: tuple[str, str], output: str | None) -> list[Definitions]:
    """Both maps; what is wrong with either, and with the output, is told at once."""
    from bpmnmap.cli.inputs import UnusableError
    from bpmnmap.cli.output import check_file
    from bpmnmap.errors import BpmnReadError
    from bpmnmap.xmlio.reader import read_bpmn

    maps = []
    faults = [] if output is None else check_file(output)
    for path in paths:
        try:
            maps.append(read_bpmn(path))
        except BpmnReadError as error:
            faults += error.findings
    if faults:
        raise UnusableError(faults, Status.NOTHING)
    return maps
