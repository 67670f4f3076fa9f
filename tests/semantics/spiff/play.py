"""SpiffWorkflow plays a case of a drawn map, and the token game follows; or the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Choose as Choice
from bpmnmap.semantics.program import Program, Select, Work
from bpmnmap.semantics.token_game import Event, Move, TokenGame
from tests.semantics.spiff.draw import Chart
from tests.semantics.spiff.emit import CHOOSING
from tests.semantics.spiff.ledger import Ledger

LONGEST: Final = 25
"""Completions after which a case is left."""

Choose = Callable[[str], list[str]]
"""Which flows a token takes at the gateway of this id."""


class Case:
    """A case in SpiffWorkflow.

    Parameters
    ----------
    read
        What its parser made of the map: the process, and the sub-processes by id.
    choosing
        Gateways that choose, by id.
    choose
        Asked for each token that comes to one of them.
    """

    def __init__(self, chart: Chart, text: bytes, choosing: frozenset[str], choose: Choose, ledger: Ledger) -> None:
        self.choosing, self.choose, self.ledger = choosing, choose, ledger
        self.workflow = BpmnWorkflow(*read(text))
        self.settle()

    def settle(self) -> None:
        """Let pass what takes no time."""
        while True:
            self.workflow.do_engine_steps(will_complete_task=self.decide, did_complete_task=self.ledger.completed)
            if self.workflow.get_next_task(state=TaskState.READY, manual=False) is None:
                self.ledger.rests()
                return

    def decide(self, task: Any) -> None:
        self.ledger.fires(task)
        if task.task_spec.bpmn_id in self.choosing:
            task.data["ways"] = "".join(f"{flow} " for flow in self.choose(task.task_spec.bpmn_id))

    def ready(self) -> list[str]:
        """Ids of the tasks that may be completed, each as often as there are."""
        return sorted(task.task_spec.bpmn_id for task in self.work())

    def work(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def complete(self, task: Any) -> None:
        task.run()
        self.ledger.completed(task)
        self.settle()

    @property
    def completed(self) -> bool:
        return bool(self.workflow.completed)


def read(text: bytes) -> tuple[Any, dict[str, Any]]:
    """Let SpiffWorkflow read a map."""
    parser = BpmnParser()
    parser.add_bpmn_str(text, "drawn.bpmn")
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


@dataclass(frozen=True, slots=True)
class Played:
    """How a case went in both.

    Parameters
    ----------
    end
        "completed", "stuck" or "left" after many completions, as far as both agree.
    trace
        What happened, as `replay` takes it.
    difference
        In what they differ; nothing: in nothing.
    ready, marking
        What SpiffWorkflow lets be completed then, and a marking of the token game.
    """

    end: str
    trace: tuple[Event, ...]
    difference: str = ""
    ready: tuple[str, ...] = ()
    markings: tuple[Marking, ...] = ()


def works(game: TokenGame, marking: Marking) -> Counter[str]:
    """Tasks that may be completed in a marking, by id."""
    operations, found = game.program.operations, Counter[str]()
    for site in marking.tokens:
        if game.sites.move_kinds[site] == "complete":
            operation = operations[game.sites.operation_of[site]]
            assert isinstance(operation, Work)
            found[operation.origin.element] += 1
    for scope in marking.scopes:
        found += works(game, scope)
    return found


def options(chart: Chart) -> dict[str, tuple[str, list[str]]]:
    """For each gateway that chooses: its kind and the ids of its flows."""
    found = {name: (node.kind, inside.out(name)) for name, (inside, node) in chart.all_nodes().items() if node.kind in CHOOSING}
    return {name: value for name, value in found.items() if len(value[1]) > 1}


def drawn_choice(random: Random, gateways: dict[str, tuple[str, list[str]]]) -> Choose:
    def choose(gateway: str) -> list[str]:
        kind, flows = gateways[gateway]
        number = 1 if kind == "exclusiveGateway" else random.randint(1, len(flows))
        return sorted(random.sample(flows, number), key=flows.index)

    return choose


def follow(chart: Chart, text: bytes, program: Program, random: Random, ledger: Ledger) -> Played:
    """SpiffWorkflow plays, by chance; the token game must be able to follow."""
    gateways, chosen = options(chart), list[str]()
    draw = drawn_choice(random, gateways)

    def choose(gateway: str) -> list[str]:
        flows = draw(gateway)
        chosen.extend(flows)
        return flows

    case = Case(chart, text, frozenset(gateways), choose, ledger)
    game = TokenGame(program)
    reached: dict[Marking, tuple[Event, ...]] = {game.initial(0): ()}
    kind, element, ready = "start", "", list[str]()
    for turn in range(LONGEST + 1):
        possible = dict(after(game, reached, (kind, element), Counter(chosen)))
        ready = case.ready()
        found = {marking: trace for marking, trace in possible.items() if agrees(game, marking, case)}
        if not found:
            trace = next(iter(reached.values()))
            told = f"after {element}: {' '.join(chosen)}"
            return Played("", trace, f"cannot follow {told}" if not possible else f"another state {told}", tuple(ready), tuple(possible))
        reached = found
        trace = next(iter(reached.values()))
        if not ready:
            return Played("completed" if case.completed else "stuck", trace)
        if turn == LONGEST:
            break
        chosen.clear()
        task = random.choice(case.work())
        kind, element = "complete", task.task_spec.bpmn_id
        case.complete(task)
    return Played("left", next(iter(reached.values())))


def after(
    game: TokenGame, reached: dict[Marking, tuple[Event, ...]], happened: Event, flows: Counter[str]
) -> Iterator[tuple[Marking, tuple[Event, ...]]]:
    """Yield what the case may be like after an event, with what has led there."""
    for marking, trace in reached.items():
        for move in game.each_move(marking):
            if own(game, move) == happened or (happened[0] == move.kind == "start"):
                events = game.events(move)
                if Counter(name for kind, name in events if kind == "flow") == flows:
                    yield move.marking, trace + events


def own(game: TokenGame, move: Move) -> Event:
    return str(move.kind), game.program.operations[move.operation].origin.element


def agrees(game: TokenGame, marking: Marking, case: Case) -> bool:
    """Whether both programs let the same tasks be completed; and whether the case is completed, in both or in none."""
    return sorted(works(game, marking).elements()) == case.ready() and game.is_completed(marking) == case.completed


class OtherWayError(Exception):
    """SpiffWorkflow comes to a gateway at which the token game has nothing chosen."""


def lead(chart: Chart, text: bytes, program: Program, random: Random, ledger: Ledger) -> Played:
    """The token game plays, by chance; SpiffWorkflow must be able to follow."""
    gateways = options(chart)
    script: dict[str, list[list[str]]] = {}

    def choose(gateway: str) -> list[str]:
        if not script.get(gateway):
            raise OtherWayError(gateway)
        return script[gateway].pop(0)

    game = TokenGame(program)
    marking, trace = game.initial(0), tuple[Event, ...]()
    case: Case | None = None
    for turn in range(LONGEST + 1):
        moves = [move for move in game.each_move(marking) if not is_ambiguous(program, move)]
        if not moves:
            return Played("completed" if game.is_completed(marking) else "stuck", trace)
        if turn == LONGEST:
            break
        move = random.choice(moves)
        script.clear()
        for gateway, flows in passed(program, move):
            script.setdefault(gateway, []).append(flows)
        try:
            if case is None:
                case = Case(chart, text, frozenset(gateways), choose, ledger)
            else:
                element = own(game, move)[1]
                case.complete(random.choice([task for task in case.work() if task.task_spec.bpmn_id == element]))
        except OtherWayError as error:
            return Played("", trace, f"comes to {error} after {own(game, move)[1]}", (), (move.marking,))
        left = [gateway for gateway, chosen in script.items() if chosen]
        if left:
            return Played("", trace, f"does not come to {left} after {own(game, move)[1]}", tuple(case.ready()), (move.marking,))
        marking, trace = move.marking, trace + game.events(move)
        if not agrees(game, marking, case):
            return Played("", trace, f"another state after {own(game, move)[1]}", tuple(case.ready()), (marking,))
    return Played("left", trace)


def passed(program: Program, move: Move) -> Iterator[tuple[str, list[str]]]:
    """Yield each gateway at which a token chose, and the flows that it took."""
    taken: list[tuple[int, list[str]]] = []
    for index, way in move.chosen:
        operation = program.operations[index]
        if isinstance(operation, Select) and taken and taken[-1][0] == index:
            taken[-1][1].append(operation.flows[way])
        elif isinstance(operation, (Choice, Select)):
            taken.append((index, [operation.flows[way]]))
    for index, flows in taken:
        yield program.operations[index].origin.element, flows


def is_ambiguous(program: Program, move: Move) -> bool:
    """Whether two tokens chose at the same inclusive gateway, so that it is not told which of them took which flows."""
    return any(number > 1 and isinstance(program.operations[index], Select) for index, number in Counter(move.entered).items())
