"""The text of an `org.toml`: the units that maps name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bpmnmap.simulation.planning.maps import Maps
from bpmnmap.simulation.templates import toml_text
from bpmnmap.simulation.templates.map_units import MapUnit, MapUnits
from bpmnmap.simulation.templates.page import ASKED, SOURCE, Page

SCHEMA: Final = "org.schema.json"
CALENDAR: Final = "office"
_HOURS: Final = "Mon-Fri 08:00-12:00 13:00-17:00"


def introduce(page: Page, what: str, maps: Maps, *, assume: bool) -> None:
    """Begin a page: what it is, for which maps, and how it is to be filled in."""
    page.say(f"{what} For {', '.join(dict.fromkeys(program.process for program in maps.programs))}.")
    if assume:
        page.say(f'All that the maps do not say is assumed: look for "{SOURCE}" and put in what you know.')
    else:
        page.say(f"Lines that begin with {ASKED.strip()} are missing: each holds an example. Take the mark away and put in what you know;")
        page.say('mark a guess with assumed = true, and say with source = "…" where a figure comes from.')
        page.say("bpmnmap handoffs MAP as_is.toml tells what is still missing.")


def organization_page(maps: Maps, units: MapUnits, people: Mapping[str, int], *, assume: bool) -> str:
    """Return the text of an `org.toml`, with so many people for each unit that works."""
    page = Page(SCHEMA, assume=assume)
    introduce(page, "Who works where, how many they are, when they are there.", maps, assume=assume)
    page.known("format = 1")
    page.say('timezone = "Asia/Jakarta" would let clocks change as they do there; without it they never do')
    page.section("opening hours")
    page.table(f"[calendars.{CALENDAR}]", [f"hours = {toml_text.text(_HOURS)}"])
    page.say('holidays = "ID" would close it on the public holidays of that country')
    page.section("units, called as in the maps")
    for unit in units:
        _write_unit(page, unit, people.get(unit.unit_id, 0))
    return str(page)


def _write_unit(page: Page, unit: MapUnit, people: int) -> None:
    head = f"[{toml_text.key('units', unit.unit_id)}]"
    about = ", ".join(unit.about)
    name = [] if unit.name == unit.unit_id else [f"name = {toml_text.text(unit.name)}"]
    if unit.is_outside:
        page.table(head, [*name, "external = true"], f"{about}: a party outside, always open", is_known=True)
        return
    inherited = f"parent = {toml_text.text(unit.parent)}" if unit.parent is not None else f"calendar = {toml_text.text(CALENDAR)}"
    page.table(head, [*name, inherited], about, is_figure=False)
    if people:
        page.table(f"[{toml_text.key('units', unit.unit_id, 'pools', 'staff')}]", [f"quantity = {people}"])
