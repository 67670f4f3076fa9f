"""The text of a scenario file: starts, activities, gateways, events and transfers that maps have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bpmnmap.durations import format_duration
from bpmnmap.semantics.program import Choose, Open, Operation, Origin, Program, Repeat, Select, Spread, Start, Take, Wait, Work
from bpmnmap.simulation.planning.legs import join_places, travelled_pairs
from bpmnmap.simulation.planning.maps import Maps
from bpmnmap.simulation.planning.tables import is_of_kind
from bpmnmap.simulation.planning.timers import parse_timer
from bpmnmap.simulation.templates import toml_text
from bpmnmap.simulation.templates.element_names import element_keys, flow_names
from bpmnmap.simulation.templates.loads import AGAIN, HAPPENS, ITEMS, WORK_US, chances
from bpmnmap.simulation.templates.map_units import MapUnits
from bpmnmap.simulation.templates.organization_page import CALENDAR, introduce
from bpmnmap.simulation.templates.page import Page

SCHEMA: Final = "scenario.schema.json"
_SETTINGS: Final = (
    'organization = "org.toml"',
    "start = 2026-01-05T00:00:00",
    'warm_up = "P28D"       # until queues have filled; cases that arrive in it do not count',
    'duration = "P180D"     # of arrivals that count',
    "replications = 30",
    "seed = 1",
)
_WORK: Final = f'{{ distribution = "gamma", mean = "{format_duration(WORK_US)}", standard_deviation = "PT10M" }}'
_WAIT: Final = '{ distribution = "exponential", mean = "P1D" }'


def scenario_page(maps: Maps, units: MapUnits, gap_us: int, *, assume: bool) -> str:
    """Return the text of a scenario file that stands beside its `org.toml`, with such gaps between cases."""
    page = Page(SCHEMA, assume=assume)
    introduce(page, "What a run is fed with: cases, times, chances, transfers.", maps, assume=assume)
    page.known("format = 1", *_SETTINGS)
    _Tables(page, maps, units, format_duration(gap_us)).write()
    return str(page)


class _Tables:
    """Writes the tables of elements and transfers."""

    def __init__(self, page: Page, maps: Maps, units: MapUnits, gap: str) -> None:
        self.page = page
        self.gap = gap
        self.maps = maps
        self.units = units
        self._of_element: list[dict[tuple[str, str], list[Operation]]] = []

    def write(self) -> None:
        """Write all tables."""
        if self.units.of_processes:
            self.page.section("whose work it is where the map does not say")
        for process, unit in self.units.of_processes.items():
            head = f"[{toml_text.key('processes', process)}]"
            self.page.table(head, [f"unit = {toml_text.text(unit)}"], is_figure=False)
        arrivals = f'inter_arrival_time = {{ distribution = "exponential", mean = "{self.gap}" }}'
        for _, head, about, _ in self._elements("arrivals", "how often cases arrive"):
            self.page.table(head, [arrivals, f"calendar = {toml_text.text(CALENDAR)}"], about)
        for p, head, about, index in self._elements("activities", "how long activities are worked"):
            self.page.table(head, self._lines_of_activity(p, index), about)
        of_choices = [chances(program) for program in self.maps.programs]
        for p, head, about, index in self._elements("gateways", "which way cases take"):
            operation = self.maps.programs[p].operations[index]
            assert isinstance(operation, (Choose, Select))
            leaving = self.maps.leaving(self.maps.programs[p].process_of(index), operation.origin.element)
            names = flow_names(leaving, operation)
            self._write_gateway(head, about, operation, names, of_choices[p][index])
        guards = [
            {
                way.target
                for operation in program.operations
                if isinstance(operation, Open) and operation.body is not None
                for way in operation.guards
            }
            for program in self.maps.programs
        ]
        for p, head, about, index in self._elements("events", "how long events let wait"):
            self._write_event(head, about, self.maps.programs[p].operations[index], is_guard=index in guards[p])
        self._write_transfers()

    def _lines_of_activity(self, p: int, index: int) -> list[str]:
        """Return what is to be said of an activity: how long it is worked, how often it is repeated."""
        program = self.maps.programs[p]
        if not self._of_element:
            self._of_element = [_by_element(each) for each in self.maps.programs]
        lines = []
        for operation in self._of_element[p][program.process_of(index), program.operations[index].origin.element]:
            if isinstance(operation, Work):
                lines.append(f"processing_time = {_WORK}")
            elif isinstance(operation, Spread) or (isinstance(operation, Repeat) and operation.counted):
                lines += [] if _is_whole(operation.cardinality) else [f"count = {ITEMS}"]
            elif isinstance(operation, Repeat):
                lines += [f"repeat = {AGAIN}"]
            elif isinstance(operation, Choose) and operation.decides == "complete":
                lines.append('completion_condition = "false"')
        return sorted(set(lines), reverse=True)

    def _elements(self, kind: str, title: str) -> Iterator[tuple[int, str, str, int]]:
        """Yield the elements of a kind, each once: program, head of the table, comment, and index of the operation."""
        keys = element_keys(self.maps.programs, kind)
        told: set[tuple[str, str]] = set()
        found = []
        for p, program in enumerate(self.maps.programs):
            for index, operation in enumerate(program.operations):
                element = (program.process_of(index), operation.origin.element)
                if is_of_kind(operation, kind) and element not in told and self._is_asked(kind, operation):
                    told.add(element)
                    unit = self.units.places[p][index]
                    about = _described(operation.origin) + ("" if unit is None else f", {unit}")
                    found.append((p, f"[{toml_text.key(*keys[element])}]", about, index))
        if found:
            self.page.section(title)
        yield from found

    @staticmethod
    def _is_asked(kind: str, operation: Operation) -> bool:
        """Whether the scenario must say something: not of what waits for a process of the run, or is started by one."""
        return not isinstance(operation, Take) and not (kind == "arrivals" and isinstance(operation, Start) and not operation.expected)

    def _write_gateway(self, head: str, about: str, operation: Choose | Select, names: Sequence[str], shares: Sequence[float]) -> None:
        flows = [flow if flow == name else f"{flow} = {name}" for flow, name in zip(operation.flows, names, strict=True)]
        free = range(len(names))
        if isinstance(operation, Select):
            free = [number for number in free if number != operation.default and number not in operation.always]  # type: ignore[assignment]
        probabilities = toml_text.inline_table({names[number]: str(shares[number]) for number in free})
        self.page.table(head, [f"probabilities = {probabilities}"], f"{about}; flows: {', '.join(flows)}")

    def _write_event(self, head: str, about: str, operation: Operation, *, is_guard: bool) -> None:
        assert isinstance(operation, Wait)
        if operation.duration is not None and _is_timer(operation.duration):
            self.page.known("")
            self.page.say(f"{about}: waits {operation.duration}, as the map says; {head} with wait_time would win over it")
        else:
            lines = [f"wait_time = {_WAIT}", *([f"probability = {HAPPENS}"] if is_guard else [])]
            self.page.table(head, lines, f"{about}, {operation.trigger}")

    def _write_transfers(self) -> None:
        pairs = self._pairs()
        if pairs:
            self.page.section("how work gets from unit to unit")
            self.page.say('PT0S: at once, by wire; dispatch = "Mon-Fri 10:00 14:00" would let it wait for a courier')
        for origin, goal in pairs:
            lines = [f"from = {toml_text.text(origin)}", f"to = {toml_text.text(goal)}", 'transfer_time = "PT0S"']
            self.page.table("[[transfers]]", lines)

    def _pairs(self) -> list[tuple[str, str]]:
        """Return the pairs of units that cases travel (H12), in order of the organization's file."""
        ids = [unit.unit_id for unit in self.units]
        pairs: set[tuple[int, int]] = set()
        for program, names in zip(self.maps.programs, self.units.places, strict=True):
            places = [-1 if name is None else ids.index(name) for name in names]
            join_places(program, places)
            pairs |= travelled_pairs(program, places, lambda _flow: False)[0].keys()
        return [(ids[origin], ids[goal]) for origin, goal in sorted(pairs)]


def _by_element(program: Program) -> dict[tuple[str, str], list[Operation]]:
    found: dict[tuple[str, str], list[Operation]] = {}
    for index, operation in enumerate(program.operations):
        found.setdefault((program.process_of(index), operation.origin.element), []).append(operation)
    return found


def _described(origin: Origin) -> str:
    return f"{origin.kind} {origin.element}" + (f" '{origin.name}'" if origin.name else "")


def _is_timer(text: str) -> bool:
    try:
        parse_timer(text)
    except ValueError:
        return False
    return True


def _is_whole(text: str | None) -> bool:
    return text is not None and text.strip().lstrip("=").strip("${} ").isdigit()
