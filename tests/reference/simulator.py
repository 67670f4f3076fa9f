"""A second simulator, for tests: naive, slow, and written from the rules alone (docs/reference/handoff.md).

It shares nothing with the engine but the numbers drawn. A heap of (time, class by H33, order), tokens that carry their origins
with accounts, and a clock that books every microsecond on everything that rests whenever it moves on.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bpmnmap.model import Definitions
from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.scenario import Scenario, Transfer
from tests.reference.addressed import Numbers, drawn, us
from tests.reference.arrivals import arrival_times
from tests.reference.parts import SOURCE, STATES, Case, Instance, Origin, Pool, Token
from tests.reference.service import Flow, Node, Service
from tests.reference.tables import Row, Tables, tables_of
from tests.reference.weeks import Clock, Opening, Rounds

END_OF_RUN, COMPLETION, DELIVERY, OPENING, ARRIVAL = range(5)  # H33


class Simulator:
    """One replication."""

    def __init__(self, maps: Sequence[Definitions], scenario: Scenario, seed: int, replication: int) -> None:
        self.scenario, self.numbers = scenario, Numbers(seed, replication)
        self.clock = Clock(scenario.start, scenario.organization.timezone)
        services = [Service(each, process, scenario) for each in maps for process in each.processes]
        self.services = {str(each.process.id): each for each in sorted(services, key=lambda each: str(each.process.id))}
        self.openings: dict[str, Opening] = {}
        self.pools = {f"{unit}.{pool}": self.pool(unit, pool) for unit, each in scenario.organization.units.items() for pool in each.pools}
        self.now, self.order, self.ended = 0, 0, False
        self.heap: list[tuple[int, int, tuple[Any, ...], int, Callable[[], None]]] = []
        self.cases: list[Case] = []
        self.instances: list[Instance] = []
        self.movements: list[Row] = []
        self.resting: dict[int, Token] = {}
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

    def schedule(self, time: int, rank: int, action: Callable[[], None], key: tuple[Any, ...] = ()) -> None:
        self.order += 1
        heapq.heappush(self.heap, (time, rank, key, self.order, action))

    def run(self) -> Tables:
        for service in self.services.values():
            for place, start in enumerate(service.starts()):
                self.await_arrival(service, start, place, 0, arrival_times(start, self.scenario, self.clock, self.opening, self.numbers))
        if self.scenario.duration is not None:
            closes = us(self.scenario.warm_up) + us(self.scenario.duration)
            self.schedule(closes, END_OF_RUN, self.close_window)
            self.schedule(closes + us(self.scenario.follow_up), END_OF_RUN, self.end)
        while self.heap and not self.ended:
            time, _, _, _, action = heapq.heappop(self.heap)
            self.advance(time)
            action()
        return tables_of(self.cases, self.instances, self.movements, self.now, several_maps=len(self.services) > 1)

    def advance(self, time: int) -> None:
        """Book all time until then on all that rests."""
        if time > self.now:
            for token in self.resting.values():
                token.book(self.now, time)
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

    def await_arrival(self, service: Service, start: Node, place: int, number: int, times: Iterator[int]) -> None:
        time = next(times, None)
        if time is None:
            return

        def arrive() -> None:
            self.await_arrival(service, start, place, number + 1, times)
            self.arrive(service, start, number)

        self.schedule(time, ARRIVAL, arrive, (start.process, place))

    def arrive(self, service: Service, start: Node, number: int) -> None:
        scenario = self.scenario
        counted = scenario.duration is None or us(scenario.warm_up) <= self.now < us(scenario.warm_up) + us(scenario.duration)
        case = Case(start.process, start.id, number, self.now, counted, len(self.cases))
        self.cases.append(case)
        token = Token(case, {SOURCE: Origin(SOURCE, self.now)}, SOURCE)
        if start.kind == "start":
            self.stand(token, start, case.visit(start))
            self.leave(token, start)
        else:
            nodes = service.implicit_starts()
            case.tokens = len(nodes)
            for copy, node in zip([token, *(token.copy() for _ in nodes[1:])], nodes, strict=True):
                copy.place, copy.left = start.place, start.id
                self.go_to(copy, node, None)
        self.look_at(case)

    def look_at(self, case: Case) -> None:
        """Ended or stuck (H1, H26)? Asked when all that moved has come to rest."""
        if case.status == "unfinished":
            if case.tokens == 0:
                case.status, case.ended = "completed", self.now
            elif case.tokens == len(case.waiting()):
                case.status = "stuck"
            self.end_if_done()

    # ------------------------------------------------------------------ travel (H11, H12)

    def leave(self, token: Token, node: Node) -> None:
        """Take all flows out of a node, in document order; without one, the token ends."""
        if not node.outgoing:
            self.sink(token)
            return
        copies = [token, *(token.copy() for _ in node.outgoing[1:])]
        token.case.tokens += len(copies) - 1
        for copy, flow in zip(copies, node.outgoing, strict=True):
            self.take(copy, flow)

    def take(self, token: Token, flow: Flow) -> None:
        target = self.services[token.case.process].nodes[flow.target]
        if flow.transfer is None:
            self.go_to(token, target, flow.id)
            return
        token.by_flow = True
        self.travel(token, flow.transfer, flow.id, lambda: self.go_to(token, target, flow.id))

    def go_to(self, token: Token, node: Node, flow_id: str | None) -> None:
        transfer = None
        if node.place is not None and not token.by_flow:
            transfer = self.services[token.case.process].transfer_between(token.place, node.place)
        if transfer is None:
            self.reach(token, node, flow_id)
        else:
            self.travel(token, transfer, f"{token.left}\x01{node.id}", lambda: self.reach(token, node, flow_id))

    def travel(self, token: Token, transfer: Transfer, element: str, arrive: Callable[[], None]) -> None:
        """Dispatch, then transfer; what takes no time is no event."""
        case, opening = token.case, self.opening(transfer.calendar)
        address = element, token.left_visit
        case.legs[address] += 1
        number = self.numbers.for_case(
            Purpose.TRANSFER, (case.process, element), (case.process, case.start), case.number, token.left_visit, case.legs[address] - 1
        )

        def send() -> None:
            arrived = opening.after(self.now, drawn(transfer.transfer_time).value(number))
            self.rest_until(arrived, token, "transfer", arrive)

        sent = self.now if transfer.dispatch is None else Rounds(transfer.dispatch, opening).first_from(self.now)
        self.rest_until(sent, token, "dispatch", send)

    def rest_until(self, time: int, token: Token, state: str, action: Callable[[], None]) -> None:
        if time == self.now:
            action()
        else:
            self.rest(token, state)
            self.schedule(time, DELIVERY, lambda: self.go_on(token, action))

    def rest(self, token: Token, state: str) -> None:
        token.state = state
        self.resting[id(token)] = token

    def go_on(self, token: Token, action: Callable[[], None]) -> None:
        del self.resting[id(token)]
        action()
        self.look_at(token.case)

    def stand(self, token: Token, node: Node, visit: int) -> None:
        """The token rests: its next leg begins here, or goes on from where it is if the node has no place."""
        if node.place is not None:
            token.place, token.by_flow = node.place, False
        token.left, token.left_visit = node.id, visit

    # ------------------------------------------------------------------ nodes

    def reach(self, token: Token, node: Node, flow_id: str | None) -> None:
        if node.is_join:
            self.join(token, node, str(flow_id))
            return
        visit = token.case.visit(node)
        if node.kind == "task":
            self.stand(token, node, visit)
            self.enable(token, node, visit)
        elif node.kind == "catch":
            self.stand(token, node, visit)
            self.rest(token, "event")
            fires = self.opening(node.calendar).after(self.now, self.duration(token.case, node, visit, Purpose.EVENT))
            self.schedule(fires, DELIVERY, lambda: self.go_on(token, lambda: self.leave(token, node)))
        elif node.kind == "xor" and len(node.outgoing) > 1:
            self.take(token, node.outgoing[self.way(token.case, node, visit)])
        elif node.kind == "end":
            self.sink(token)
        else:
            self.leave(token, node)

    def duration(self, case: Case, node: Node, visit: int, purpose: Purpose) -> int:
        number = self.numbers.for_case(purpose, (case.process, node.id), (case.process, case.start), case.number, visit)
        return node.time.value(number)

    def way(self, case: Case, node: Node, visit: int) -> int:
        if node.choices:
            row = node.choices[min(case.number, len(node.choices) - 1)]
            return [flow.id for flow in node.outgoing].index(row[min(visit, len(row) - 1)])
        number = self.numbers.for_case(Purpose.BRANCH, (case.process, node.id), (case.process, case.start), case.number, visit)
        total = 0.0
        for index, probability in enumerate(node.probabilities):
            total += probability
            if number < total:
                return index
        return max(index for index, probability in enumerate(node.probabilities) if probability > 0)

    def join(self, token: Token, node: Node, flow_id: str) -> None:
        """Wait for a token on every flow; then all go on as one (H8), from where the last stood if the join has no place (H11)."""
        self.order += 1
        token.place, token.came = node.place or token.place, self.order
        flows = token.case.at_joins.setdefault(node.id, {each: [] for each in node.incoming})
        flows[flow_id].append(token)
        self.rest(token, "synchronization")
        if not all(flows.values()):
            return
        merged = [tokens.pop(0) for tokens in flows.values()]
        for each in merged:
            del self.resting[id(each)]
        earlier = sorted((each for each in merged if each is not token), key=lambda each: each.came, reverse=True)
        for each in earlier:  # of doubled origins the one that came last counts
            for key, origin in each.origins.items():
                token.origins.setdefault(key, origin)
        token.case.tokens -= len(earlier)
        self.stand(token, node, token.case.visit(node))
        self.leave(token, node)

    def sink(self, token: Token) -> None:
        self.move(token, -1)
        token.case.tokens -= 1

    def move(self, token: Token, to: int) -> None:
        """One row for each origin (H4)."""
        for key, origin in token.origins.items():
            self.movements.append(
                {"from_instance": key, "to_instance": to, "case": token.case.row, "left_us": origin.left}
                | {f"{state}_us": origin.account[state] for state in STATES}
                | {"critical": key == token.critical}
            )

    # ------------------------------------------------------------------ work

    def enable(self, token: Token, node: Node, visit: int) -> None:
        instance = Instance(len(self.instances), node, token, visit, self.now)
        self.instances.append(instance)
        if node.pool is None:
            self.start(instance, None)
            return
        pool = self.pools[node.pool]
        if pool.queue or pool.free() is None or not pool.opening.is_open(self.now):
            pool.queue.append(instance)
            self.plan_opening(pool)
        else:
            self.start(instance, pool)

    def plan_opening(self, pool: Pool) -> None:
        """Let the pool open for those who wait."""
        if pool.queue and not pool.opening_planned and not pool.opening.is_open(self.now):
            pool.opening_planned = True
            self.schedule(pool.opening.next_opening(self.now), OPENING, lambda: self.open(pool), pool.key)

    def open(self, pool: Pool) -> None:
        pool.opening_planned = False
        self.serve(pool)

    def serve(self, pool: Pool) -> None:
        """Whoever is free takes the head of the queue, the lowest number first."""
        while pool.queue and pool.free() is not None and pool.opening.is_open(self.now):
            self.start(pool.queue.pop(0), pool)
        self.plan_opening(pool)

    def start(self, instance: Instance, pool: Pool | None) -> None:
        instance.start, instance.status = self.now, "running"
        self.move(instance.token, instance.row)
        work = self.duration(instance.token.case, instance.node, instance.visit, Purpose.PROCESSING)
        if pool is None:
            self.nobodys[instance.row] = instance
            done = self.now + work
        else:
            instance.person = pool.free() or 0
            pool.working[instance.person] = instance
            done = pool.opening.after(self.now, work)
        self.schedule(done, COMPLETION, lambda: self.complete(instance, pool))

    def complete(self, instance: Instance, pool: Pool | None) -> None:
        """A freed person takes the queue's head first, then the finished token moves on (H33)."""
        instance.complete, instance.status = self.now, "completed"
        if pool is None:
            del self.nobodys[instance.row]
        else:
            del pool.working[instance.person]
            self.serve(pool)
        token, node = instance.token, instance.node
        token.origins, token.critical = {instance.row: Origin(instance.row, self.now)}, instance.row
        self.leave(token, node)
        self.look_at(token.case)


def simulate(maps: Sequence[Definitions], scenario: Scenario, seed: int, replication: int) -> Tables:
    """The log of one replication."""
    return Simulator(maps, scenario, seed, replication).run()
