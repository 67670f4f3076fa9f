"""What a scenario says that changes the Program itself, not only its numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """Facts of a scenario.

    Parameters
    ----------
    answering
        Ids of participants outside that answer messages after a response time.
    waiting
        Elements, as (process, element), whose event has a time of its own in the scenario: no answer is awaited there.
    arriving
        Processes that have arrivals in the scenario: one that is called runs by itself as well then.
    completing
        Multi-instance activities, as (process, element), that have a completion condition in the scenario.
    """

    answering: frozenset[str] = frozenset()
    waiting: frozenset[tuple[str, str]] = frozenset()
    arriving: frozenset[str] = frozenset()
    completing: frozenset[tuple[str, str]] = frozenset()
