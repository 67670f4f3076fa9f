"""``bpmnmap scenario new``: from maps to the two files of a first simulation."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from bpmnmap.cli.status import Status

if TYPE_CHECKING:
    from bpmnmap.simulation.templates.template import ScenarioTemplate


@click.group(short_help="Write scenario files.")
def scenario() -> None:
    """Write scenario files."""


@scenario.command("new", short_help="Write org.toml and as_is.toml for maps.")
@click.argument("paths", nargs=-1, metavar="MAP...")
@click.option("--output", default=".", show_default=True, metavar="DIR", help="Folder of the files; made where it is missing.")
@click.option("--assume", is_flag=True, help="Assume what the maps do not say, and mark it.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def new(paths: tuple[str, ...], output: str, assume: bool, force: bool) -> None:
    """Write org.toml and as_is.toml, with every unit, activity, gateway, event, start and transfer of the MAPs.

    Each MAP is a BPMN 2.0 file. The two files are what "bpmnmap handoffs" wants besides.

    What is missing is asked for by lines that begin with #? and hold an example. With --assume it is assumed, and marked
    so: the files then run at once. The files' JSON Schemas are written beside them: editors complete and check by them.
    """
    from bpmnmap.cli.commands import guarded

    sys.exit(guarded(lambda: _new(paths, output, assume=assume, force=force)))


def _new(paths: tuple[str, ...], folder: str, *, assume: bool, force: bool) -> Status:
    from bpmnmap.cli.inputs import read_maps, wrong_use
    from bpmnmap.cli.output import check_folder, say, tell, write_text
    from bpmnmap.simulation.templates.schemas import schema_text
    from bpmnmap.simulation.templates.template import scenario_template

    faults = check_folder(folder)
    if not paths:
        faults.append(wrong_use("MAP...", "must name at least one map (got none)", "name a .bpmn file"))
    maps = read_maps([("MAP...", path) for path in paths], faults)
    template = scenario_template(maps, assume=assume)
    texts = _texts(template) | {name: schema_text(name) for name in ("org.schema.json", "scenario.schema.json")}
    _check_free(folder, texts, force=force)
    tell(template.findings)
    os.makedirs(folder, exist_ok=True)
    for name, text in texts.items():
        write_text(text, os.path.join(folder, name), is_data=True)
    written = os.path.join(folder, "as_is.toml")
    todo = "now" if assume else "fill in the lines that begin with #?, then"
    say(f"wrote {os.path.join(folder, 'org.toml')} and {written}; {todo}: {_command('bpmnmap', 'handoffs', *paths, written)}\n")
    return Status.DONE


def _command(*words: str) -> str:
    """Return words as they are typed into a shell."""
    if os.name == "nt":
        from subprocess import list2cmdline

        return list2cmdline(words)
    from shlex import join

    return join(words)


def _texts(template: ScenarioTemplate) -> dict[str, str]:
    return {"org.toml": template.organization, "as_is.toml": template.scenario}


def _check_free(folder: str, texts: dict[str, str], *, force: bool) -> None:
    """Refuse to write over files, and tell all of them; a schema that says the same already is none."""
    from bpmnmap.cli.inputs import UnusableError
    from bpmnmap.findings import Finding, Location

    fix = "name another folder by --output, or write over it by --force"
    taken = [
        Finding("not-written", "there is a file of this name", Location(path), fix=fix)
        for path, text in ((os.path.join(folder, name), text) for name, text in texts.items())
        if os.path.lexists(path) and not (force and not os.path.isdir(path)) and not (path.endswith(".json") and _holds(path, text))
    ]
    if taken:
        raise UnusableError(taken, Status.NOTHING)


def _holds(path: str, text: str) -> bool:
    """Whether a file holds a text already."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read() == text
    except (OSError, UnicodeDecodeError):
        return False
