"""Arguments of the command line. Commands import what they need when they run: ``--version`` costs next to nothing."""

from __future__ import annotations

import os
import sys

import click

from bpmnmap.cli.check import check
from bpmnmap.cli.diff import diff
from bpmnmap.cli.scenario_new import scenario
from bpmnmap.cli.status import Status
from bpmnmap.version import __version__


class _Commands(click.Group):
    """Lists the commands in the order of the documentation; answers Ctrl-C wherever it comes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # while the command was being imported
            sys.stderr.write("interrupted\n")
            sys.exit(Status.INTERRUPTED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bpmnmap")
def main() -> None:
    """Process maps of whole organisations: how long work lies between one unit and the next."""


@main.command(short_help="Simulate, and print the handoff delays between units.")
@click.argument("paths", nargs=-1, metavar="MAP... SCENARIO")
@click.option("--replications", type=int, metavar="N", help="How many replications, 1 to 1,000,000; the scenario's otherwise.")
@click.option("--seed", type=int, metavar="N", help="Seed of all draws, at least 0; the scenario's otherwise.")
@click.option("--jobs", type=int, default=1, show_default=True, metavar="N", help="Processes that run replications, 1 to 61.")
@click.option("--confidence", type=float, default=0.95, show_default=True, metavar="P", help="Level of the intervals, between 0 and 1.")
@click.option("--by", type=click.Choice(["unit", "activity"]), default="unit", show_default=True, help="What rows are of.")
@click.option(
    "--time", type=click.Choice(["elapsed", "working"]), default="elapsed", show_default=True,
    help="Elapsed time, or open time of the receiving unit.",
)  # fmt: skip
@click.option("--split", metavar="NAME|CONDITION", help="A table per value of an attribute, per 'map', or by a condition over them.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True,
    help="Text is for people, the rest for programs.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write the table into a file.")
def handoffs(
    paths: tuple[str, ...], replications: int | None, seed: int | None, jobs: int, confidence: float, by: str, time: str,
    split: str | None, format_: str, output: str | None,
) -> None:  # fmt: skip
    """Simulate MAPs with a SCENARIO and print the handoff delay of each pair of units.

    Each MAP is a BPMN 2.0 file, SCENARIO a TOML file that names its organization. Several MAPs run at once on the same
    people.
    """
    from bpmnmap.cli import commands
    from bpmnmap.cli.inputs import Options

    options = Options(replications, seed, jobs)
    sys.exit(commands.handoffs(paths, options, confidence=confidence, by=by, time=time, split=split, format_=format_, output=output))


@main.command(short_help="Simulate, and write the event logs.")
@click.argument("paths", nargs=-1, metavar="MAP... SCENARIO")
@click.option("--output", required=True, metavar="DIR|FILE.csv", help="Folder for three tables, or one CSV of the instances.")
@click.option("--replications", type=int, metavar="N", help="How many replications, 1 to 1,000,000; the scenario's otherwise.")
@click.option("--seed", type=int, metavar="N", help="Seed of all draws, at least 0; the scenario's otherwise.")
@click.option("--jobs", type=int, default=1, show_default=True, metavar="N", help="Processes that run replications, 1 to 61.")
def simulate(paths: tuple[str, ...], output: str, replications: int | None, seed: int | None, jobs: int) -> None:
    """Simulate MAPs with a SCENARIO and write the event logs: who did what when, case by case.

    Each MAP is a BPMN 2.0 file, SCENARIO a TOML file that names its organization. Several MAPs run at once on the same
    people.
    """
    from bpmnmap.cli import commands
    from bpmnmap.cli.inputs import Options

    sys.exit(commands.simulate(paths, Options(replications, seed, jobs), output=output))


@main.command(short_help="Print what a map's process is run as.")
@click.argument("path", metavar="MAP")
def explain(path: str) -> None:
    """Print the Program of a MAP: one primitive operation a line, with its element and where it stands in the file.

    MAP is a BPMN 2.0 file.
    """
    from bpmnmap.cli import commands

    sys.exit(commands.explain(path))


main.add_command(check)
main.add_command(diff)
main.add_command(scenario)


def run() -> None:
    """Entry point of the command ``bpmnmap``."""
    # one idle BLAS thread costs more than the whole table; set before numpy is imported, for this program alone
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this: nothing is to be told there
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - stays open until the program ends
    try:
        main(prog_name="bpmnmap")
    except OSError as error:  # not even a help text could be printed
        from bpmnmap.cli.output import tell_not_written

        tell_not_written(error)
        sys.exit(Status.NOTHING)
