"""split_cases: which cases belong together, by an attribute that was drawn, by map, or by a condition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Context
from itertools import pairwise
from typing import Final

import numpy as np

from bpmnmap.eventlog.case_split import Between, CaseSplit, GroupValue, group_label
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import EventLog
from bpmnmap.org.tables import did_you_mean
from bpmnmap.semantics.expressions import Expression, ExpressionError, condition

MOST_NUMBERS: Final = 8
"""So many different numbers have a group each; more are put into quarters."""
MAP: Final = "map"
"""Stands for the map of a case, unless an attribute bears this name."""

Groups = tuple[Sequence[GroupValue], list[Array]]  # what groups there are, and for each log the index of each case's group


def split_cases(logs: EventLog | Iterable[EventLog], split: str) -> CaseSplit:
    """Event logs by group of cases, for `handoff_delays`.

    Cases are told apart by what they had been given when they arrived; what activities changed later does not move them.
    Each counted case is in one group; groups without any are left out.

    Parameters
    ----------
    logs
        A simulation's result, one event log, or several: one per replication.
    split
        An attribute: a group for each text, for true and false, for each number where there are at most `MOST_NUMBERS` of
        them, else four groups of about equally many cases. ``"map"``: by the process at whose start they arrived. A condition
        over both: true and false.

    Raises
    ------
    ValueError
        It is neither, or a case's attributes do not fit the condition.

    Examples
    --------
    >>> import bpmnmap as bm
    >>> approval = bm.read_bpmn("bpmn_samples/building_approval/building_approval.bpmn")
    >>> as_is = bm.read_scenario("simulations/building_approval/as_is.toml")
    >>> runs = bm.simulate(approval, as_is, replications=1)
    >>> list(split_cases(runs, "map").logs)
    ['building_approval']
    """
    given = (logs,) if isinstance(logs, EventLog) else tuple(logs)
    names = set.intersection(*(set(log.attributes) for log in given)) if given else set[str]()
    key = split_key(split, names)
    values, codes = _by_condition(key, given) if isinstance(key, Expression) else _by_column(key, given)
    found: dict[str, tuple[EventLog, ...]] = {}
    for number, value in enumerate(values):
        masks = [log.cases["counted"] & (code == number) for log, code in zip(given, codes, strict=True)]
        if any(mask.any() for mask in masks):
            found[group_label(value)] = tuple(log.counting(mask) for log, mask in zip(given, masks, strict=True))
    return CaseSplit(split, found, {group_label(value): value for value in values if group_label(value) in found})


def split_key(split: str, names: Iterable[str]) -> str | Expression:
    """What cases with these attributes are split by: a name, or a condition.

    Raises
    ------
    ExpressionError
        It is neither.

    Examples
    --------
    >>> split_key("amount", ["amount"])
    'amount'
    >>> split_key("amuont", ["amount"])
    Traceback (most recent call last):
        ...
    bpmnmap.semantics.expressions.error.ExpressionError: 'amuont' is no attribute of cases; did you mean 'amount'?
    """
    known = {*names, MAP}
    if split in known:
        return split
    expression = condition(split)
    for name in sorted(expression.names - known):
        nearest = did_you_mean(name, sorted(known))
        fix = f"known are {', '.join(sorted(known))}" if nearest is None else f"did you mean '{nearest}'?"
        raise ExpressionError(f"'{name}' is no attribute of cases", fix)
    return expression


def _column(log: EventLog, name: str) -> Array:
    return log.attributes[name] if name in log.attributes else log.cases[name]


def _by_column(name: str, logs: Sequence[EventLog]) -> Groups:
    columns = [_column(log, name) for log in logs]
    counted = [column[log.cases["counted"]] for column, log in zip(columns, logs, strict=True)]
    values = sorted({value for column in counted for value in np.unique(column).tolist()})
    if len(values) <= MOST_NUMBERS or isinstance(values[0], str):
        return values, [np.searchsorted(np.array(values), column) for column in columns]
    bounds = _quarters(np.sort(np.concatenate(counted)))
    ranges = [Between(above, up_to) for above, up_to in pairwise([None, *bounds, None])]
    return ranges, [np.searchsorted(np.array(bounds), column) for column in columns]


def _by_condition(expression: Expression, logs: Sequence[EventLog]) -> Groups:
    return (True, False), [_truth(expression, log) for log in logs]


def _truth(expression: Expression, log: EventLog) -> Array:
    """Return 0 for each counted case for which a condition holds, else 1."""
    evaluate = expression.compiled()
    rows = np.flatnonzero(log.cases["counted"])
    columns = {name: _column(log, name)[rows].tolist() for name in expression.names}
    codes = np.ones(len(log.cases), dtype=np.int8)
    codes[rows] = [not evaluate({name: column[place] for name, column in columns.items()}) for place in range(len(rows))]
    return codes


def _quarters(numbers: Array) -> list[int | float]:
    """Return what parts sorted numbers into quarters, as far as equal ones let it; never the last one."""
    bounds = set()
    for quarter in (1, 2, 3):
        last = numbers[-(-quarter * len(numbers) // 4) - 1]
        following = int(np.searchsorted(numbers, last, side="right"))
        if following < len(numbers):
            bounds.add(_short(last.item(), numbers[following].item()))
    return sorted(bounds)


def _short(least: float, limit: float) -> int | float:
    """Return the number of the fewest digits that is at least one number and less than another.

    Examples
    --------
    >>> _short(12.4871, 12.5012), _short(1234567, 1240001), _short(-0.5, 0.25)
    (12.5, 1240000, 0)
    """
    if least <= 0 < limit:
        return 0
    for digits in range(1, 18):
        number = float(Context(prec=digits, rounding=ROUND_CEILING).create_decimal(repr(least)))
        if number < limit:
            return int(number) if number.is_integer() else number
    return least
