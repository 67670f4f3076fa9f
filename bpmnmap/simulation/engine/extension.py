"""Own SimPy processes in a run: what a user's generator is given (a strike, a breakdown, a surge)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias

import simpy

from bpmnmap.eventlog.rows import ROW
from bpmnmap.simulation.engine.arrivals import Arrivals
from bpmnmap.simulation.engine.pools import Pool
from bpmnmap.simulation.engine.runtime import Runtime
from bpmnmap.simulation.engine.scopes import ID
from bpmnmap.simulation.plan import Plan

Extend: TypeAlias = "Callable[[RunningSimulation], Generator[Any, Any, Any]]"
_MICROSECOND = timedelta(microseconds=1)


class Running(Protocol):
    """A run, as its handle sees it."""

    plan: Plan
    runtime: Runtime
    arrivals: list[Arrivals]
    replication: int
    seed: int

    @property
    def now(self) -> int:
        """The clock, in microseconds since the scenario's start."""
        ...


class RunningPool:
    """A resource pool while it runs.

    Attributes
    ----------
    key : str
        ``UNIT.POOL``.
    """

    def __init__(self, run: Running, pool: Pool) -> None:
        self._run = run
        self._pool = pool
        self.key = pool.key

    @property
    def quantity(self) -> int:
        """People who belong to the pool, called off or not."""
        return len(self._pool.persons)

    @property
    def present(self) -> int:
        """People who are not called off; who is called off at work leaves when it is done."""
        return self.quantity - len(self._pool.away) - self._pool.leaving

    @property
    def busy(self) -> int:
        """People at work, or paused in it."""
        return self.quantity - len(self._pool.free) - len(self._pool.away)

    @property
    def queue_length(self) -> int:
        """Work that waits to be started."""
        return len(self._pool.queue)

    def call_off(self, people: int = 1) -> None:
        """Let people be away from now on: free ones at once, by the highest number, others when their work is done.

        Raises
        ------
        ValueError
            So many are not there.
        """
        if not 0 <= people <= self.present:
            raise ValueError(f"people must be from 0 to {self.present}, who are present in {self.key} (got {people})")
        self._pool.call_off(people)

    def call_back(self, people: int = 1) -> None:
        """Let people come back now; they take what waits.

        Raises
        ------
        ValueError
            So many are not away.
        """
        away = self.quantity - self.present
        if not 0 <= people <= away:
            raise ValueError(f"people must be from 0 to {away}, who are called off from {self.key} (got {people})")
        self._pool.call_back(self._run.now, people)


class RunningCase:
    """A case that has not ended.

    Attributes
    ----------
    number : int
        Its row in the table of cases.
    """

    def __init__(self, run: Running, offset: int) -> None:
        row = ROW.unpack_from(run.runtime.log, offset)
        self.number = int(row[0])
        self.arrived_us = int(row[5])


class RunningSimulation:
    """One replication while it runs: the handle that ``simulate(..., extend=...)`` gives.

    The generator's time is SimPy's: whole microseconds since the scenario's start; `us` turns durations into it. At one
    instant the generator's events come among the completions (H33).

    Attributes
    ----------
    env : simpy.Environment
        The running environment: `timeout`, `event`, `process`, conditions and resources of its own.
    pools : mapping
        `RunningPool` by ``UNIT.POOL``.
    replication, seed : int
        For random numbers of one's own: seed a generator with both, and results stay repeatable.

    Examples
    --------
    >>> import bpmnmap as bm
    >>> from datetime import timedelta
    >>> def strike(run):
    ...     pool = run.pools["TS.officers"]
    ...     yield run.env.timeout(run.us(timedelta(days=2)))
    ...     pool.call_off(pool.present)
    ...     yield run.env.timeout(run.us(timedelta(days=5)))
    ...     pool.call_back(pool.quantity)
    >>> approval = bm.read_bpmn("bpmn_samples/building_approval/building_approval.bpmn")
    >>> as_is = bm.read_scenario("simulations/building_approval/as_is.toml")
    >>> len(bm.simulate(approval, as_is, replications=1, extend=strike))
    1
    """

    def __init__(self, run: Running) -> None:
        self._run = run
        self.env: simpy.Environment = run.runtime.env
        self.replication = run.replication
        self.seed = run.seed
        self.pools: Mapping[str, RunningPool] = {pool.key: RunningPool(run, pool) for pool in run.runtime.pools}

    @property
    def now(self) -> datetime:
        """The clock, local."""
        return self._run.plan.start + self._run.now * _MICROSECOND

    @staticmethod
    def us(duration: timedelta) -> int:
        """Whole microseconds of a duration: what SimPy's clock counts."""
        return duration // _MICROSECOND

    def cases(self) -> Iterator[RunningCase]:
        """Cases that have not ended, in order of arrival."""
        return (RunningCase(self._run, scope[ID]) for scope in list(self._run.runtime.live.values()))

    def arrive(self, start: str, process: str | None = None) -> None:
        """Let one more case arrive now at a start event.

        Parameters
        ----------
        start
            Id of a start at which cases arrive in this run.
        process
            Id of its process; needed where several have a start of this id.

        Raises
        ------
        ValueError
            There is no such start.
        """
        found = [each for each in self._run.arrivals if each.element == start and process in (None, each.process)]
        if len(found) != 1:
            known = ", ".join(f"{each.process}/{each.element}" for each in self._run.arrivals)
            raise ValueError(f"start must be one at which cases arrive: {known} (got {start!r}, process {process!r})")
        found[0].arrive_one_more(self._run.now)
