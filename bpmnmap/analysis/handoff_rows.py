"""What a handoff table holds: rows of movements and the figures around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpmnmap.analysis.estimates import Estimate

PARTS = ("dispatch", "transfer", "event", "synchronization", "batching", "unavailability", "prioritization", "contention")
DELAYS = ("mean", "half_width", "p50", "p50_half_width", "p90", "p90_half_width")
RECORD_NAMES = (
    "kind", "from", "to", "count", "per_case", *(f"{name}_s" for name in (*DELAYS, *PARTS)), *(f"{name}_half_width_s" for name in PARTS),
    "critical", "share_of_cycle_time", "replications_with_rows",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delay:
    """Mean, median and 90th percentile of a time, in seconds: means over replications, each ± its half width.

    None where nothing is known: half widths for fewer than two replications.
    """

    mean: float | None
    half_width: float | None
    p50: float | None
    p50_half_width: float | None
    p90: float | None
    p90_half_width: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Plain values, keys as in formats.md."""
        return {name: getattr(self, name) for name in DELAYS}


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """The movements between two units or activities.

    Parameters
    ----------
    from_, to
        Ids of units or activities; None for *source* and *sink*.
    count
        Movements of counted cases, summed over replications.
    per_case
        Movements per counted case; a replication without such a movement counts 0.
    delay
        From leaving one activity to the start of the next (to the token's end for *sink*).
    parts, parts_half_width
        Mean seconds of each of `PARTS`, which add up to ``delay.mean``; None in working time.
    critical
        Share of these movements, of completed cases, that lie on their case's critical path; None in working time.
    share_of_cycle_time
        Time of those on the critical path ÷ cycle time of all completed cases; None in working time.
    replications_with_rows
        Replications that have such a movement; the others are left out of all figures but `per_case`.
    kind
        ``handoff``; ``internal``, ``source`` or ``sink`` among `HandoffTable.other_rows`.
    """

    from_: str | None
    to: str | None
    count: int
    per_case: float
    delay: Delay
    parts: Mapping[str, float | None] | None
    parts_half_width: Mapping[str, float | None] | None
    critical: float | None
    share_of_cycle_time: float | None
    replications_with_rows: int
    kind: str = "handoff"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, keys as in formats.md; rows that are no handoffs have their kind as well."""
        values: dict[str, Any] = {
            "from": self.from_,
            "to": self.to,
            "count": self.count,
            "per_case": self.per_case,
            "delay": self.delay.to_dict(),
            "parts": None if self.parts is None else dict(self.parts),
            "parts_half_width": None if self.parts_half_width is None else dict(self.parts_half_width),
            "critical": self.critical,
            "share_of_cycle_time": self.share_of_cycle_time,
            "replications_with_rows": self.replications_with_rows,
        }
        return values if self.kind == "handoff" else values | {"kind": self.kind}

    def to_record(self) -> dict[str, Any]:
        """Plain values in one flat dict with the keys `RECORD_NAMES`; times are seconds."""
        unknown = dict.fromkeys(PARTS)
        times = (*self.delay.to_dict().values(), *(self.parts or unknown).values(), *(self.parts_half_width or unknown).values())
        ends = (self.kind, self.from_, self.to, self.count, self.per_case)
        shares = (self.critical, self.share_of_cycle_time, self.replications_with_rows)
        return dict(zip(RECORD_NAMES, (*ends, *times, *shares), strict=True))


@dataclass(frozen=True, slots=True)
class HandoffTotals:
    """All handoffs together, per counted case.

    Parameters
    ----------
    per_case
        Handoffs per counted case.
    delay_per_case
        Sum of their delays per counted case, in seconds; what runs beside each other is all counted.
    share_of_cycle_time
        Handoffs on critical paths ÷ cycle time of all completed cases; no mean in working time.
    """

    per_case: Estimate
    delay_per_case: Estimate
    share_of_cycle_time: Estimate


@dataclass(frozen=True, slots=True)
class HandoffFigures:
    """The figures of a `HandoffTable`; how they are told stands there.

    Parameters
    ----------
    rows
        Handoffs: movements between activities of different units.
    other_rows
        Waiting within a unit (*internal*), from arrival to the first start (*source*), from the last activity to the end (*sink*).
    totals
        All handoffs together.
    cycle_time
        From arrival to end of completed cases; no figures in working time.
    cases
        Counted cases by ``started``, ``completed``, ``unfinished`` and ``stuck``, summed over replications.
    assumed
        n of m numbers that the run used are assumed.
    replications, replications_without_cases
        How many logs there are; those of them without a counted case are left out of all figures.
    by, time, confidence
        As they were asked for.
    seed, warm_up_us, duration_us
        Of the run; a duration of None: a number of cases was asked for.
    names
        Names by id, for text.
    """

    rows: tuple[HandoffRow, ...]
    other_rows: tuple[HandoffRow, ...]
    totals: HandoffTotals
    cycle_time: Delay
    cases: Mapping[str, int]
    assumed: tuple[int, int]
    replications: int
    replications_without_cases: int
    by: str
    time: str
    confidence: float
    seed: int | None
    warm_up_us: int
    duration_us: int | None
    names: Mapping[str, str] = field(default_factory=dict)
