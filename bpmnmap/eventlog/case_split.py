"""CaseSplit: the same logs told group by group of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from bpmnmap.eventlog.log import EventLog


class Between(NamedTuple):
    """The numbers of a group of cases: more than `above`, at most `up_to`; None where there is no bound."""

    above: int | float | None
    up_to: int | float | None


GroupValue: TypeAlias = "bool | int | float | str | Between"


@dataclass(frozen=True, slots=True)
class CaseSplit:
    """Event logs by group of cases: what `split_cases` returns.

    Parameters
    ----------
    split
        What was asked for: an attribute, ``map`` or a condition.
    logs
        By group: all logs, in which only the group's cases count. They share everything else.
    values
        By group, what its cases have in common.
    """

    split: str
    logs: Mapping[str, tuple[EventLog, ...]]
    values: Mapping[str, GroupValue]


def group_label(value: GroupValue) -> str:
    """What a group is called.

    Examples
    --------
    >>> [group_label(value) for value in (True, 12.0, 12.5, "north")]
    ['true', '12', '12.5', 'north']
    >>> [group_label(value) for value in (Between(None, 12.5), Between(12.5, 40), Between(40, None))]
    ['≤ 12.5', '12.5 to 40', '> 40']
    """
    match value:
        case Between(above=None, up_to=up_to):
            return f"≤ {_number(up_to)}"
        case Between(above=above, up_to=None):
            return f"> {_number(above)}"
        case Between(above=above, up_to=up_to):
            return f"{_number(above)} to {_number(up_to)}"
        case bool():
            return str(value).lower()
        case str():
            return value
    return _number(value)


def _number(value: float | None) -> str:
    return str(value).removesuffix(".0")
