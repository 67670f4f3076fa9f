"""A handoff table as text for a manager."""

from __future__ import annotations

import math
from collections import Counter

from bpmnmap.analysis.estimates import Estimate
from bpmnmap.analysis.handoff_rows import PARTS, HandoffFigures
from bpmnmap.analysis.table import apportioned, format_grid
from bpmnmap.durations import format_duration
from bpmnmap.findings import printable

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
_LEAST = {"days": 10, "hours": 2, "minutes": 2, "seconds": 0}
_SYMBOLS = {"days": "d", "hours": "h", "minutes": "min", "seconds": "s"}
_HEADERS = {"synchronization": "sync"}
_NOTHING = "–"
_LONGEST_NAME = 40


def format_handoffs(table: HandoffFigures, unit_of_time: tuple[str, int] | None = None) -> str:
    """Heading, one line per pair, the waiting that is no handoff, totals; plain text, equal tables give equal text.

    All times stand in one unit of time, the given one or one that fits. Parts that are zero throughout have no column; the
    parts that are printed add up to the printed total.
    """
    unit, seconds = unit_of_time or time_unit(table)
    header, *lines = format_grid(_grid(table, seconds), left=2)
    handoffs, others = lines[: len(table.rows)], lines[len(table.rows) :]
    text = [_heading(table, unit), header, *(handoffs or ["(no handoff)"])]
    if others:
        text += ["", "Waiting that is no handoff: within a unit, from arrival to the first start, to the end", *others]
    return "\n".join([*text, "", *_summary(table, unit, seconds)])


def time_unit(table: HandoffFigures) -> tuple[str, int]:
    """The largest unit of time, and its seconds, that the mean handoff holds often enough for two decimals to tell rows apart."""
    rows = table.rows or table.other_rows
    count = sum(row.count for row in rows)
    mean = math.fsum(row.count * (row.delay.mean or 0.0) for row in rows) / count if count else table.cycle_time.mean or 0.0
    # a "day" of working time would be read as a working day
    units = _UNITS if table.time == "elapsed" else _UNITS[1:]
    return next(((name, seconds) for name, seconds in units if mean >= _LEAST[name] * seconds), _UNITS[-1])


def _heading(table: HandoffFigures, unit: str) -> str:
    kind = "Handoff delay" if table.time == "elapsed" else "Handoff delay in working time,"
    interval = f" ± {100 * table.confidence:.6g} % interval" if table.replications > 1 else ""
    run = f"{table.replications} replication" + ("s" if table.replications != 1 else "")
    if table.duration_us is not None:
        run += f" of {format_duration(table.duration_us)} after {format_duration(table.warm_up_us)} of warm-up"
    if table.seed is not None:
        run += f", seed {table.seed}"
    return f"{kind} in {unit}, mean per handoff{interval}; {run}"


def _labels(table: HandoffFigures) -> dict[str | None, str]:
    """What each id is printed as: its name on one line; with the id, where two have one name."""
    ids = {end for row in (*table.rows, *table.other_rows) for end in (row.from_, row.to) if end is not None}
    names = {end: _short(table.names.get(end, end)) or end for end in ids}
    uses = Counter(names.values())
    return {end: name if uses[name] == 1 else f"{name} ({end})" for end, name in names.items()}


def _short(name: str) -> str:
    line = printable(" ".join(name.split()))
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1].rstrip() + "…"


def _grid(table: HandoffFigures, seconds: int) -> list[list[str]]:
    """Header and cells of all rows."""
    rows = (*table.rows, *table.other_rows)
    parts = [name for name in PARTS if any(row.parts and row.parts[name] for row in rows)]
    labels = _labels(table)
    half_widths = ["" if row.delay.half_width is None else f"{row.delay.half_width / seconds:.2f}" for row in rows]
    width = max(map(len, half_widths), default=0)
    grid = [["from", "to", "handoffs/case", *(_HEADERS.get(name, name) for name in parts), "total", "p90"]]
    for row, half_width in zip(rows, half_widths, strict=True):
        total = round(100 * (row.delay.mean or 0.0) / seconds)
        shown = apportioned([100 * (row.parts[name] or 0.0) / seconds for name in parts], total) if row.parts else []
        interval = f" {'±' if half_width else ' '} {half_width:>{width}}" if width else ""
        cells = [labels.get(row.from_, "(arrival)"), labels.get(row.to, "(end)"), f"{row.per_case:.2f}"]
        grid.append([*cells, *(f"{part / 100:.2f}" for part in shown), f"{total / 100:.2f}{interval}", _time(row.delay.p90, seconds)])
    if table.time == "elapsed":
        critical = ["critical", *(_NOTHING if row.critical is None else f"{row.critical:.2f}" for row in rows)]
        return [[*cells, cell] for cells, cell in zip(grid, critical, strict=True)]
    return grid


def _time(value: float | None, seconds: int) -> str:
    return _NOTHING if value is None else f"{value / seconds:.2f}"


def _plus_minus(mean: float | None, half_width: float | None, seconds: int) -> str:
    return _time(mean, seconds) + ("" if half_width is None else f" ± {half_width / seconds:.2f}")


def _summary(table: HandoffFigures, unit: str, seconds: int) -> list[str]:
    symbol, totals, cycle, cases = _SYMBOLS[unit], table.totals, table.cycle_time, table.cases
    lines = [
        f"handoffs per case: {_plus_minus(totals.per_case.mean, totals.per_case.half_width, 1)}, "
        f"delay per case: {_plus_minus(totals.delay_per_case.mean, totals.delay_per_case.half_width, seconds)} {symbol}"
        + _share(totals.share_of_cycle_time)
    ]
    if cycle.mean is not None:
        lines.append(
            f"cycle time: {_plus_minus(cycle.mean, cycle.half_width, seconds)} {symbol}, "
            f"p90 {_plus_minus(cycle.p90, cycle.p90_half_width, seconds)} {symbol}"
        )
    ended = " + ".join(f"{cases[status]:,} {status}" for status in ("completed", "unfinished", "stuck"))
    lines.append(f"cases: {cases['started']:,} started = {ended}")
    return [*lines, *_notes(table)]


def _notes(table: HandoffFigures) -> list[str]:
    """What a reader must know to trust the figures; nothing where all is well."""
    lines = []
    if table.replications_without_cases:
        lines.append(f"{table.replications_without_cases} of {table.replications} replications left out: no counted case")
    asked = table.replications - table.replications_without_cases
    rare = sum(row.replications_with_rows < asked for row in table.rows)
    if rare:
        lines.append(f"{rare} of {len(table.rows)} pairs do not occur in every replication: means over those in which they do")
    if table.assumed[1]:
        lines.append(f"{table.assumed[0]} of {table.assumed[1]} numbers assumed")
    return lines


def _share(share: Estimate) -> str:
    if share.mean is None:
        return ""
    half_width = "" if share.half_width is None else f" ± {100 * share.half_width:.1f}"
    return f", on the critical path {100 * share.mean:.1f}{half_width} % of the cycle time"
