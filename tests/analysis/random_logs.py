"""Random logs that hold to the rules: parts add up to each delay, one critical origin each, paths lead to the source."""

from __future__ import annotations

from hypothesis import strategies as st

from bpmnmap.eventlog.log import EventLog
from tests.eventlog.log_builder import LogBuilder

UNITS = ("FO", "TO", "LE")
ELEMENTS = ("Check", "Inspect", "Decide", "Sign")
SPANS = st.sampled_from([0, 0, 1, 2, 5, 1_000_003])


@st.composite
def split_span(draw: st.DrawFn, total: int, pieces: int) -> list[int]:
    """Numbers ≥ 0 that add up to a total."""
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=pieces - 1, max_size=pieces - 1)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


@st.composite
def random_log(draw: st.DrawFn, replication: int = 0) -> EventLog:
    builder = LogBuilder(unit=1)
    for _ in range(draw(st.integers(0, 5))):
        _add_case(draw, builder)
    _shuffle(draw, builder)
    return builder.log(replication=replication, unit_names={"FO": "Front Office"}, assumed=(1, 4))


def _shuffle(draw: st.DrawFn, builder: LogBuilder) -> None:
    """Cases run beside each other, so their rows lie mixed."""
    order = draw(st.permutations(range(len(builder.instances))))
    place = {old: new for new, old in enumerate(order)} | {-1: -1}
    builder.instances = [builder.instances[old] | {"instance": new} for new, old in enumerate(order)]
    rows = draw(st.permutations(builder.movements))
    builder.movements = [row | {name: place[row[name]] for name in ("from_instance", "to_instance")} for row in rows]


def _add_case(draw: st.DrawFn, builder: LogBuilder) -> None:
    arrived = draw(st.integers(0, 100))
    status = draw(st.sampled_from(["completed", "completed", "unfinished", "stuck"]))
    case = builder.case(arrived, None, status, counted=draw(st.sampled_from([True, True, False])))
    tokens: list[tuple[int | None, int]] = [(None, arrived)]  # what an instance or an end may come from: instance, left
    for _ in range(draw(st.integers(0, 5))):
        tokens.append(_add_instance(draw, builder, case, tokens))
    ends = [_add_movements(draw, builder, case, None, tokens, 0) for _ in range(draw(st.integers(1, 3)))]
    if status == "completed":
        builder.cases[case]["ended_us"] = max(ends)


def _add_instance(draw: st.DrawFn, builder: LogBuilder, case: int, tokens: list[tuple[int | None, int]]) -> tuple[int, int]:
    element, unit = draw(st.sampled_from(ELEMENTS)), draw(st.sampled_from(UNITS))
    waiting = {name: draw(SPANS) for name in ("batching_us", "unavailability_us", "prioritization_us", "contention_us")}
    goal = builder.instance(case, element, unit, 0, 0)
    builder.instances[goal] |= waiting
    start = _add_movements(draw, builder, case, goal, tokens, sum(waiting.values()))
    complete = start + draw(SPANS)
    builder.instances[goal] |= {"start_us": start, "complete_us": complete}
    return goal, complete


def _add_movements(
    draw: st.DrawFn, builder: LogBuilder, case: int, goal: int | None, tokens: list[tuple[int | None, int]], waited: int
) -> int:
    """Movements from one or two origins; returns when they end: start of the goal, or end of the token."""
    origins = draw(st.lists(st.sampled_from(tokens), min_size=1, max_size=2, unique=True))
    enabled = max(left for _, left in origins) + draw(SPANS)
    critical = draw(st.integers(0, len(origins) - 1))
    for index, (origin, left) in enumerate(origins):
        dispatch, transfer, event, synchronization = draw(split_span(enabled - left, 4))
        travel = {"dispatch": dispatch, "transfer": transfer, "event": event, "synchronization": synchronization}
        builder.movement(origin, goal, case, left, critical=index == critical, **travel)
    return enabled + waited
