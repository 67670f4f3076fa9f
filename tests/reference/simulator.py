"""A second simulator, for tests: naive, slow, and written from the rules alone (docs/reference/handoff.md).

It interprets the maps' elements themselves and shares nothing with the engine but the numbers drawn and the expression language. A heap of
(time, class by H33, order), tokens that carry their origins with accounts, and pools that book every microsecond whenever the clock moves on.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bpmnmap.model import Definitions
from bpmnmap.simulation.draws import Purpose, fold, stable_hash
from bpmnmap.simulation.scenario import Scenario
from tests.reference import choices, guards, scopes
from tests.reference.addressed import Numbers, us
from tests.reference.arrivals import arrival_times
from tests.reference.levels import Node, World
from tests.reference.parts import SOURCE, STATES, Case, Happening, Instance, Left, Origin, Pool, Scope, Token
from tests.reference.tables import Row, Tables, tables_of
from tests.reference.weeks import Clock, Opening

END_OF_RUN, COMPLETION, DELIVERY, OPENING, ARRIVAL = range(5)  # H33


class Simulator:
    """One replication."""

    def __init__(self, maps: Sequence[Definitions], scenario: Scenario, seed: int, replication: int) -> None:
        self.scenario, self.numbers = scenario, Numbers(seed, replication)
        self.clock = Clock(scenario.start, scenario.organization.timezone)
        self.world = World(maps, scenario)
        self.openings: dict[str, Opening] = {}
        self.pools = {f"{unit}.{pool}": self.pool(unit, pool) for unit, each in scenario.organization.units.items() for pool in each.pools}
        self.now, self.order, self.ended = 0, 0, False
        self.heap: list[tuple[int, int, tuple[Any, ...], int, Happening]] = []
        self.cases: list[Case] = []
        self.instances: list[Instance] = []
        self.movements: list[Row] = []
        self.nobodys: dict[int, Instance] = {}
        self.window_closed = False

    # ------------------------------------------------------------------ the clock

    def opening(self, calendar: str) -> Opening:
        if calendar not in self.openings:
            self.openings[calendar] = Opening(self.scenario.organization.calendar(calendar), self.clock)
        return self.openings[calendar]

    def pool(self, unit: str, pool: str) -> Pool:
        organization = self.scenario.organization
        opening = self.opening(organization.calendar_of_pool(unit, pool))
        return Pool((unit, pool), opening, organization.units[unit].pools[pool].quantity)

    def next_order(self) -> int:
        self.order += 1
        return self.order

    def schedule(self, time: int, rank: int, action: Callable[[], None], case: Case | None = None, key: tuple[Any, ...] = ()) -> Happening:
        happening = Happening(action, case)
        heapq.heappush(self.heap, (time, rank, key, self.next_order(), happening))
        return happening

    def run(self) -> Tables:
        for level in self.world.levels.values():
            for place, start in enumerate(level.starts()):
                if start.arrival is not None:
                    self.await_arrival(start, place, 0, arrival_times(start, self.scenario, self.clock, self.opening, self.numbers))
        if self.scenario.duration is not None:
            closes = us(self.scenario.warm_up) + us(self.scenario.duration)
            self.schedule(closes, END_OF_RUN, self.close_window)
            self.schedule(closes + us(self.scenario.follow_up), END_OF_RUN, self.end)
        while self.heap and not self.ended:
            time, _, _, _, happening = heapq.heappop(self.heap)
            if not happening.off:
                self.advance(time)
                happening.action()
                if happening.case is not None:
                    self.settle(happening.case)
        return tables_of(self.cases, self.instances, self.movements, self.now)

    def advance(self, time: int) -> None:
        """Book all time until then on all who work and all work that waits."""
        if time > self.now:
            for pool in self.pools.values():
                pool.book(self.now, time)
            for instance in self.nobodys.values():
                instance.worked += time - self.now
        self.now = time

    def close_window(self) -> None:
        self.window_closed = True
        self.end_if_done()

    def end_if_done(self) -> None:
        """H26: once no counted case is left, nothing more is simulated."""
        if self.window_closed and all(case.status != "unfinished" for case in self.cases if case.counted):
            self.end()

    def end(self) -> None:
        self.ended = True

    # ------------------------------------------------------------------ cases

    def await_arrival(self, start: Node, place: int, number: int, times: Iterator[int]) -> None:
        time = next(times, None)
        if time is None:
            return

        def arrive() -> None:
            self.await_arrival(start, place, number + 1, times)
            self.arrive(start, number)

        self.schedule(time, ARRIVAL, arrive, key=(start.process, place))

    def arrive(self, start: Node, number: int) -> None:
        scenario = self.scenario
        counted = scenario.duration is None or us(scenario.warm_up) <= self.now < us(scenario.warm_up) + us(scenario.duration)
        stream = fold(0, stable_hash(start.process, start.id))
        case = Case(start.process, start.id, number, self.now, counted, len(self.cases), stream)
        self.cases.append(case)
        scope = Scope(case, start.level, start.process, stream)
        case.scopes.append(scope)
        token = Token(scope, {SOURCE: Origin(SOURCE, self.now)}, SOURCE, Left(start.process, start.id, scope, 0))
        scopes.begin(self, scope, token, start)
        self.settle(case)

    def settle(self, case: Case) -> None:
        """When all that moved has come to rest: joins that look around (H60); ended or stuck (H1, H26)?"""
        while choices.fire_inclusive_join(self, case):
            pass
        if case.status == "unfinished":
            tokens = case.tokens()
            if not tokens and not case.on_way:
                case.status, case.ended = "completed", case.last_end
                for scope in case.scopes:
                    guards.close_scope(self, scope)
            elif tokens and not case.on_way and not case.timers and all(each.instance is None and each.next is None for each in tokens):
                case.status = "stuck"
            self.end_if_done()

    # ------------------------------------------------------------------ what all rooms use

    def number(self, purpose: Purpose, element: Sequence[str], scope: Scope, visit: int, part: int = 0) -> float:
        return self.number_at(purpose, element, scope.case, scope.key, visit, part)

    def number_at(self, purpose: Purpose, element: Sequence[str], case: Case, key: int, visit: int, part: int = 0) -> float:
        return self.numbers.at(purpose, tuple(element), key, case.number, visit, part)

    def rest(self, token: Token, state: str, at: Node) -> None:
        token.state, token.since, token.at, token.came = state, self.now, at, self.next_order()

    def rest_until(self, time: int, token: Token, state: str, at: Node, action: Callable[[], None]) -> None:
        """Let a token go on then; at this very instant it does so at once."""
        if time == self.now:
            action()
            return

        def go_on() -> None:
            token.next = None
            token.book(self.now)
            action()

        self.rest(token, state, at)
        token.next = self.schedule(time, DELIVERY, go_on, token.case)

    def move(self, token: Token, to: int) -> None:
        """One row for each origin (H4)."""
        for key, origin in token.origins.items():
            self.movements.append(
                {"from_instance": key, "to_instance": to, "case": token.case.row, "left_us": origin.left}
                | {f"{state}_us": origin.account[state] for state in STATES}
                | {"critical": key == token.critical}
            )


def simulate(maps: Sequence[Definitions], scenario: Scenario, seed: int, replication: int) -> Tables:
    """The log of one replication."""
    return Simulator(maps, scenario, seed, replication).run()
