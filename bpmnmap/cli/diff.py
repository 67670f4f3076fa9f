"""``bpmnmap diff``: what changed between two maps."""

from __future__ import annotations

import sys

import click

from bpmnmap.cli.status import Status


@click.command(short_help="Print what changed between two maps.")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--all", "in_full", is_flag=True, help="In text, list moved shapes and incidental changes too.")
@click.option("--exit-code", is_flag=True, help="End with 1 if the maps differ in meaning.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Text is for people, JSON for programs.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write the changes into a file.")
def diff(a: str, b: str, in_full: bool, exit_code: bool, format_: str, output: str | None) -> None:
    """Print what changed from map A to map B: elements that are new, gone, elsewhere, in other lanes or otherwise.

    A and B are BPMN 2.0 files.
    """
    from bpmnmap.cli.commands import guarded

    def show() -> Status:
        from bpmnmap.cli.inputs import read_maps
        from bpmnmap.cli.output import check_file, write_text
        from bpmnmap.model.differences import differences

        found = differences(*read_maps([("A", a), ("B", b)], [] if output is None else check_file(output)))
        text = found.to_json() if format_ == "json" else found.to_text(in_full=in_full)
        write_text(f"{text}\n", output, is_data=format_ == "json")
        return Status.FAULTY if exit_code and found.meaning else Status.DONE

    sys.exit(guarded(show))
