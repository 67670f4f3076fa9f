"""Runs that are followed: what a run tells of each case in the words of the token game, and whether it is a path of the game."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy as np

from bpmnmap.eventlog.log import EventLog
from bpmnmap.eventlog.recording import Recording
from bpmnmap.eventlog.rows import ARRIVAL, EVENT, KIND_BITS, ROW, ROW_BYTES
from bpmnmap.semantics.cardinality import Limits
from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Choose, Join, Program, Select, Take, Wait, Way
from bpmnmap.semantics.resting import resting_ways
from bpmnmap.semantics.token_game import Event, TokenGame, replay, token_game
from bpmnmap.simulation.engine import routing
from bpmnmap.simulation.engine.agenda import EXTRA, Entry, Resume
from bpmnmap.simulation.engine.compiler import Compiler
from bpmnmap.simulation.engine.context import Context, Go
from bpmnmap.simulation.engine.held import CHILD
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.engine.scopes import HELD, ID, LAYOUT, MESSAGES, Scope, root_of
from bpmnmap.simulation.engine.travel import Travel
from bpmnmap.simulation.event_log import event_log
from bpmnmap.simulation.plan import Plan, TransferPlan
from tests.reference.invariants import check_log

LIMITS = Limits(unknown=(0, 1, 2, 3))
BUDGET = 30_000


@dataclass
class Story:
    """What became of one case: where it started, what it told, how it ended, and where its tokens stand for others if it did not.

    Parameters
    ----------
    process, start
        Index of the process in the plan, and of the start in its Program.
    travelled
        Flows at whose end a leg between places was travelled.
    waits_at
        Joins, takers of messages and conditional events at which tokens stand at the end, by operation.
    """

    process: int
    start: int
    events: list[Event] = field(default_factory=list)
    travelled: set[str] = field(default_factory=set)
    status: str = "completed"
    waits_at: frozenset[int] = frozenset()


class Follower:
    """A run whose completions, firings and chosen flows are noted as they happen."""

    def __init__(self, plan: Plan, seed: int = 1) -> None:
        self.plan = plan
        self.stories: dict[int, Story] = {}
        choose, selecting, make, pair = routing.choose, routing._selecting, Compiler._make, Travel.pair
        made: list[Way] = []

        def noted_choose(c: Any, p: int, index: int, operation: Choose, context: Context) -> Go:
            return choose(c if operation.decides == "complete" else _Noting(c, self, operation), p, index, operation, context)

        def noted_selecting(c: Any, p: int, index: int, operation: Select) -> Callable[[Scope, int], Sequence[int]]:
            return self._selecting(selecting(c, p, index, operation), operation)

        def noted_make(compiler: Compiler, p: int, way: Way, context: Context) -> Go:
            made.append(way)
            try:
                return make(compiler, p, way, context)
            finally:
                made.pop()

        def noted_pair(travel: Travel, p: int, transfer: TransferPlan, rest: Way, context: Context) -> Go:
            return self._travelling(pair(travel, p, transfer, rest, context), made[-1].flows[-1:])

        with (
            mock.patch.object(routing, "choose", noted_choose),
            mock.patch.object(routing, "_selecting", noted_selecting),
            mock.patch.object(Compiler, "_make", noted_make),
            mock.patch.object(Travel, "pair", noted_pair),
        ):
            self.run = Run(plan, seed=seed, replication=1)
        self._watch(self.run.compiler)

    def _watch(self, compiler: Compiler) -> None:
        for p, process in enumerate(self.plan.processes):
            for index, operation in enumerate(process.program.operations):
                node = compiler.node(p, index)
                if node in compiler.activities.completions:
                    compiler.activities.completions[node].insert(0, self._completing(operation.origin.element))
                if isinstance(operation, Wait):
                    for site, at in enumerate(compiler.runtime.agenda.nodes):
                        if at == node:
                            sites = compiler.runtime.agenda.sites
                            sites[site] = self._firing(sites[site], operation.origin.element)

    def note(self, scope: Scope, kind: str, name: str) -> None:
        """Note what a case did."""
        case = root_of(scope)[ID]
        assert case in self.run.runtime.live, f"{kind} {name} in a scope that is no more"
        self.story(case).events.append((kind, name))

    def story(self, case: int) -> Story:
        """The story of a case."""
        if case not in self.stories:
            source = self.plan.sources[ROW.unpack_from(self.run.runtime.log, case)[1] >> KIND_BITS]
            self.stories[case] = Story(source.process, source.operation)
        return self.stories[case]

    def _completing(self, element: str) -> Callable[[Any], None]:
        return lambda person: self.note(person.scope, "complete", element)

    def _firing(self, resume: Resume, element: str) -> Resume:
        def fire(now: int, scope: Scope, ref: int, entry: Entry) -> None:
            if entry[EXTRA][0] == EVENT:
                self.note(scope, "fire", element)
            resume(now, scope, ref, entry)

        return fire

    def _travelling(self, leave: Go, flow: tuple[str, ...]) -> Go:
        def travel(now: int, scope: Scope, ref: int) -> None:
            self.story(root_of(scope)[ID]).travelled.update(flow)
            leave(now, scope, ref)

        return travel

    def _selecting(self, chosen: Callable[[Scope, int], Sequence[int]], operation: Select) -> Callable[[Scope, int], Sequence[int]]:
        def noted(scope: Scope, visit: int) -> Sequence[int]:
            ways = chosen(scope, visit)
            for way in ways:
                if way not in operation.always:
                    self.note(scope, "flow", operation.flows[way])
            return ways

        return noted

    def finish(self) -> EventLog:
        """Run to the end; return the log."""
        self.run.begin()
        recording = self.run.finish()
        log = event_log(self.plan, recording, seed=self.run.seed, replication=1)
        stuck = self.run.runtime.stuck()
        for case, scope in self.run.runtime.live.items():
            story = self.story(case)
            story.status = "stuck" if case in stuck else "unfinished"
            story.waits_at = frozenset(_waiting(self.run.compiler, scope))
        return log


class _Noting:
    """A compiler for which ways out of a gateway are noted when they are taken."""

    def __init__(self, c: Any, follower: Follower, operation: Choose) -> None:
        self._c, self._follower, self._operation = c, follower, operation

    def __getattr__(self, name: str) -> Any:
        return getattr(self._c, name)

    def go(self, p: int, way: Any, context: Context) -> Go:
        taken, note = self._c.go(p, way, context), self._follower.note
        flow = self._operation.flows[self._operation.ways.index(way)]

        def go(now: int, scope: Scope, ref: int) -> None:
            note(scope, "flow", flow)
            taken(now, scope, ref)

        return go


def _waiting(compiler: Compiler, scope: Scope) -> set[int]:
    p = compiler.layout_process[scope[LAYOUT]]
    first = compiler.node(p, 0)
    found = {node - first for node, slots in compiler.join_slots(scope[LAYOUT]) if any(scope[slot] is not None for slot in slots)}
    for _, takers in (scope[MESSAGES] or {}).values():
        found |= {taker[2] - first for taker in takers}
    for _, kind, thing in scope[HELD] or ():
        if kind == CHILD:
            found |= _waiting(compiler, thing)
    return found


def _is_stuck(game: TokenGame, marking: Marking, story: Story, never: frozenset[int]) -> bool:
    """Whether nothing but what need not come is left in a marking, and its tokens stand where those of the run do."""
    if game.is_completed(marking) or not all(move.operation in never for move in game.moves(marking)):
        return False
    return frozenset(_standing(game, marking)) == story.waits_at


def _standing(game: TokenGame, marking: Marking) -> set[int]:
    sites = game.sites
    found = {sites.operation_of[token] for token in marking.tokens if token < sites.first_message}
    found = {index for index in found if isinstance(game.program.operations[index], (Join, Take)) or _is_conditional(game.program, index)}
    return found.union(*(_standing(game, scope) for scope in marking.scopes)) if marking.scopes else found


def _is_conditional(program: Program, index: int) -> bool:
    operation = program.operations[index]
    return isinstance(operation, Wait) and operation.trigger == "conditional"


def _sets_itself_off(program: Program) -> bool:
    """Whether what a repeated event sets off may throw, at once, what the event waits for."""
    cut = resting_ways(program)
    return any(isinstance(operation, Take) and operation.again and (index, 0) in cut for index, operation in enumerate(program.operations))


def check_path(plan: Plan, story: Story) -> bool:
    """Assert that a case is a path of the token game and ended as it may; return whether the search came to its end."""
    program: Program = plan.processes[story.process].program
    travelled = frozenset(story.travelled).union(plan.processes[story.process].flow_transfers)
    found = replay(program, story.start, story.events, travelled=travelled, limits=LIMITS, budget=BUDGET)
    if found.exhausted:
        return False
    assert found.matched == len(story.events), (
        f"{story.events[found.matched]} cannot happen after {story.events[: found.matched]} in\n{program}"
    )
    game = token_game(program, frozenset(), travelled, LIMITS)
    assert found.markings
    if _sets_itself_off(program):
        return True  # the game has no end there; a run looks for the next message when the one before has been dealt with
    if story.status == "completed":
        assert any(map(game.is_completed, found.markings)), f"not over after {story.events} in\n{program}"
    elif story.status == "stuck":
        waits = plan.processes[story.process].waits
        never = frozenset(at for at, wait in waits.items() if wait.condition is not None or wait.probability < 1)
        assert any(_is_stuck(game, marking, story, never) for marking in found.markings), (
            f"not stuck at {sorted(story.waits_at)} after {story.events} in\n{program}"
        )
    return True


def followed(plan: Plan, seed: int = 1) -> tuple[EventLog, list[Story]]:
    """The log of a run, which keeps H21-H25, and the story of each of its cases, in order of arrival."""
    follower = Follower(plan, seed)
    log = follower.finish()
    check_log(log, plan)
    assert isinstance(log.tables, Recording)
    codes = log.tables.rows["code"] & ((1 << KIND_BITS) - 1)
    stories = [follower.story(int(row) * ROW_BYTES) for row in np.flatnonzero(codes == ARRIVAL)]
    assert [story.status for story in stories] == [str(status) for status in log.cases.status.tolist()]
    return log, stories
