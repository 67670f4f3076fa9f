"""Queueing models as scenarios: one hour is the unit of time of all reference values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bpmnmap.org.organization import Organization, ResourcePool, Unit
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, Distribution, Exponential, GatewayChoices, Scenario

HOUR = timedelta(hours=1)
START = datetime(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Station:
    """A task and its servers; None: as many as come, in an outside party."""

    time: Distribution
    servers: int | None = 1


def exponential(rate: float) -> Exponential:
    """Exponential distribution by its rate per hour."""
    return Exponential(mean=HOUR / rate)


def network(
    stations: Mapping[str, Station],
    *,
    arrivals: Mapping[str, float],
    chances: Mapping[str, Mapping[str, float]] | None = None,
    hours: float,
    warm_up: float = 1000,
    **further: Any,
) -> Scenario:
    """Scenario with a unit for each station, Poisson arrivals (start → rate per hour) and chances at gateways (gateway → flow → chance).

    Counted are the cases of `hours` after `warm_up` hours, in which an empty system comes close to its steady state.
    """
    return Scenario(
        organization=Organization(units={name: _unit(station) for name, station in stations.items()}),
        start=START,
        warm_up=warm_up * HOUR,
        duration=hours * HOUR,
        arrivals={start: Arrival(inter_arrival_time=exponential(rate)) for start, rate in arrivals.items()},
        activities={name: ActivityTimes(processing_time=station.time, unit=name) for name, station in stations.items()},
        gateways={name: GatewayChoices(probabilities=dict(flows)) for name, flows in (chances or {}).items()},
        **further,
    )


def _unit(station: Station) -> Unit:
    if station.servers is None:
        return Unit(external=True)
    return Unit(calendar="always", pools={"staff": ResourcePool(quantity=station.servers)})
