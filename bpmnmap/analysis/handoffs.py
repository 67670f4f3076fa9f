"""Handoff delays: how long work lies between two units, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, overload

from bpmnmap.analysis.estimates import Estimate, estimate
from bpmnmap.analysis.grouping import Pair
from bpmnmap.analysis.handoff_rows import PARTS, Delay, HandoffRow, HandoffTotals
from bpmnmap.analysis.handoff_table import HandoffTable
from bpmnmap.analysis.replication import PairFigures, ReplicationFigures, replication_figures
from bpmnmap.analysis.split_table import SplitTable
from bpmnmap.durations import SECOND_US
from bpmnmap.eventlog.case_split import CaseSplit
from bpmnmap.eventlog.log import EventLog, Run

_BY: Final = ("unit", "activity")
_BY_LATER: Final = ("person", "both")
_TIMES: Final = ("elapsed", "working")
_KINDS: Final = ("handoff", "internal", "source", "sink")
_NO_DELAY: Final = Delay(None, None, None, None, None, None)

Estimator = Callable[[Sequence[float]], Estimate]


@overload
def handoff_delays(
    logs: EventLog | Iterable[EventLog], *, by: str = "unit", time: str = "elapsed", confidence: float = 0.95
) -> HandoffTable: ...
@overload
def handoff_delays(logs: CaseSplit, *, by: str = "unit", time: str = "elapsed", confidence: float = 0.95) -> SplitTable: ...
def handoff_delays(
    logs: EventLog | Iterable[EventLog] | CaseSplit, *, by: str = "unit", time: str = "elapsed", confidence: float = 0.95
) -> HandoffTable | SplitTable:
    """Delay of each handoff, per pair of units or activities: a `HandoffTable`, widest mean delay first.

    A handoff is a movement between two activity instances of different units; its delay runs from leaving the one to
    the start of the other, and its parts add up to it. Waiting within a unit, from arrival to the first start and
    from the last activity to the end stands in ``other_rows``. Each figure is a mean over replications ± a
    t-interval; only counted cases count, finished or not.

    Parameters
    ----------
    logs
        A simulation's result, one event log, or several: one per replication. What `split_cases` makes of them gives a
        `SplitTable`: one table per group of cases.
    by
        ``"unit"``: told by unit. ``"activity"``: the same movements, told by activity.
    time
        ``"elapsed"``: round the clock. ``"working"``: open time of the receiving unit (of the unit that is left, for
        rows to *sink*; from *source* to *sink* all time counts); parts, shares and cycle time are None there.
    confidence
        Of the intervals, between 0 and 1.

    Raises
    ------
    ValueError
        Wrong arguments.
    EventLogError
        Working time is asked for, and a log does not know the opening hours of a unit.

    Examples
    --------
    >>> handoff_delays([], by="unit")
    Traceback (most recent call last):
        ...
    ValueError: logs must hold at least one event log (got none)

    References
    ----------
    handoff.md H4, H22, H26 to H29.
    """
    _check(by, time, confidence)
    if isinstance(logs, CaseSplit):
        tables = {group: _table(own, by, time, confidence) for group, own in logs.logs.items()}
        return SplitTable(logs.split, tables, logs.values)
    return _table([logs] if isinstance(logs, EventLog) else logs, by, time, confidence)


def _table(logs: Iterable[EventLog], by: str, time: str, confidence: float) -> HandoffTable:
    runs: list[Run] = []
    figures: list[ReplicationFigures] = []
    for log in logs:
        runs.append(log.run)
        figures.append(replication_figures(log, by=by, time=time))
    if not figures:
        raise ValueError("logs must hold at least one event log (got none)")
    counted = [replication for replication in figures if replication.cases]

    def estimator(values: Sequence[float]) -> Estimate:
        return estimate(values, confidence=confidence)

    pairs = {pair for replication in counted for pair in replication.pairs}
    rows = [_row(pair, counted, time, estimator) for pair in pairs]
    rows.sort(key=lambda row: (_KINDS.index(row.kind), -(row.delay.mean or 0.0), row.from_ or "", row.to or ""))
    return HandoffTable(
        rows=tuple(row for row in rows if row.kind == "handoff"),
        other_rows=tuple(row for row in rows if row.kind != "handoff"),
        totals=_totals(counted, time, estimator),
        cycle_time=_NO_DELAY if time == "working" else _cycle_time(counted, estimator),
        cases=_case_counts(figures),
        assumed=runs[0].assumed,
        replications=len(figures),
        replications_without_cases=len(figures) - len(counted),
        by=by,
        time=time,
        confidence=confidence,
        seed=runs[0].seed,
        warm_up_us=runs[0].warm_up_us,
        duration_us=runs[0].duration_us,
        names=dict(runs[0].unit_names if by == "unit" else runs[0].element_names),
    )


def _check(by: str, time: str, confidence: float) -> None:
    if by in _BY_LATER:
        raise ValueError(f"by must be 'unit' or 'activity' (got '{by}', which is not supported yet)")
    if by not in _BY:
        raise ValueError(f"by must be 'unit' or 'activity' (got {by!r})")
    if time not in _TIMES:
        raise ValueError(f"time must be 'elapsed' or 'working' (got {time!r})")
    if not (confidence > 0 and (1 + confidence) / 2 < 1):
        raise ValueError(f"confidence must be between 0 and 1 (got {confidence!r})")


def _row(pair: Pair, replications: list[ReplicationFigures], time: str, estimator: Estimator) -> HandoffRow:
    """One row of the table: a replication without a movement of the pair counts only in `per_case` (H27)."""
    found = [(replication, replication.pairs[pair]) for replication in replications if pair in replication.pairs]
    own = [figures for _, figures in found]
    per_case = [figures.count / replication.cases for replication, figures in found]
    per_case += [0.0] * (len(replications) - len(found))
    elapsed = time == "elapsed"
    parts = [estimator(_means_s(own, [figures.parts_us[k] for figures in own])) for k in range(len(PARTS))] if elapsed else []
    critical = [figures.critical / figures.completed for figures in own if figures.completed]
    shares = [figures.critical_us / replication.cycle_us for replication, figures in found if replication.cycle_us]
    return HandoffRow(
        from_=pair.from_,
        to=pair.to,
        count=sum(figures.count for figures in own),
        per_case=estimator(per_case).mean or 0.0,
        delay=_delay(_means_s(own, [figures.time_us for figures in own]), [figures.percentiles_s for figures in own], estimator),
        parts={name: part.mean for name, part in zip(PARTS, parts, strict=True)} if elapsed else None,
        parts_half_width={name: part.half_width for name, part in zip(PARTS, parts, strict=True)} if elapsed else None,
        critical=estimator(critical).mean if elapsed else None,
        share_of_cycle_time=estimator(shares).mean if elapsed else None,
        replications_with_rows=len(own),
        kind=pair.kind,
    )


def _means_s(own: list[PairFigures], sums_us: list[int]) -> list[float]:
    """Seconds per row: whole numbers divided once, so that the quotient is the nearest float."""
    return [total / (SECOND_US * figures.count) for figures, total in zip(own, sums_us, strict=True)]


def _delay(means_s: Sequence[float], percentiles: Sequence[tuple[float, ...]], estimator: Estimator) -> Delay:
    mean, p50, p90 = (estimator(values) for values in (means_s, *([values[k] for values in percentiles] for k in (0, 1))))
    return Delay(mean.mean, mean.half_width, p50.mean, p50.half_width, p90.mean, p90.half_width)


def _cycle_time(replications: list[ReplicationFigures], estimator: Estimator) -> Delay:
    known = [replication for replication in replications if replication.completed]
    means = [replication.cycle_us / (SECOND_US * replication.completed) for replication in known]
    return _delay(means, [replication.cycle_percentiles_s for replication in known], estimator)


def _totals(replications: list[ReplicationFigures], time: str, estimator: Estimator) -> HandoffTotals:
    counts, delays, shares = [], [], []
    for replication in replications:
        handoffs = [figures for pair, figures in replication.pairs.items() if pair.kind == "handoff"]
        counts.append(sum(figures.count for figures in handoffs) / replication.cases)
        delays.append(sum(figures.time_us for figures in handoffs) / (SECOND_US * replication.cases))
        if time == "elapsed" and replication.cycle_us:
            shares.append(sum(figures.critical_us for figures in handoffs) / replication.cycle_us)
    return HandoffTotals(estimator(counts), estimator(delays), estimator(shares))


def _case_counts(figures: list[ReplicationFigures]) -> dict[str, int]:
    ended = {status: sum(replication.statuses.get(status, 0) for replication in figures) for status in ("completed", "unfinished", "stuck")}
    return {"started": sum(replication.cases for replication in figures)} | ended
