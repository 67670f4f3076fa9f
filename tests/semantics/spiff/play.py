"""SpiffWorkflow plays a case, and the token game follows; or the other way round. After each completion both must offer the same.

What happens between two completions takes no time, and each of the two has an order of its own for it: what is chosen then is
compared as a whole, and `replay` gets it in the order of the token game.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final, TypeAlias

from SpiffWorkflow.exceptions import TaskNotFoundException

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Choose, Program, Repeat, Select, Work
from bpmnmap.semantics.token_game import Event, Move, TokenGame, token_game
from tests.semantics.spiff.case import AGAIN, Case, RefusedError, by_chance
from tests.semantics.spiff.draw import Chart
from tests.semantics.spiff.emit import emit
from tests.semantics.spiff.ledger import Ledger

LONGEST: Final = 25
"""Completions after which a case is left."""

Trace: TypeAlias = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """How a case went.

    Parameters
    ----------
    end
        "completed" or "stuck", or "left": after many completions; "" if the two differ; "refused": SpiffWorkflow cannot play the map.
    trace
        What happened, as `replay` takes it, as long as they agreed.
    difference
        In what they differ.
    rule
        The rule of the standard that SpiffWorkflow broke first (see `ledger`).
    """

    end: str
    trace: Trace = ()
    difference: str = ""
    rule: str = ""


Play: TypeAlias = Callable[[Chart, Program, Random, Ledger], Played]


def play(how: Play, chart: Chart, program: Program, random: Random) -> Played:
    """Play one case: `follow` or `lead`."""
    ledger = Ledger(chart)
    try:
        played = how(chart, program, random, ledger)
    except RefusedError:
        return Played("refused")
    except (AttributeError, TaskNotFoundException) as error:  # what it dropped is missed
        if not ledger.broken:
            raise
        played = Played("", (), f"SpiffWorkflow fails: {error}")
    return Played(played.end, played.trace, played.difference, ledger.broken[0] if ledger.broken else "")


def follow(chart: Chart, program: Program, random: Random, ledger: Ledger) -> Played:
    """SpiffWorkflow plays by chance; the token game must be able to follow."""
    chosen: list[str] = []
    chance = by_chance(chart, random)

    def choose(gateway: str) -> list[str]:
        ways = chance(gateway)
        chosen.extend(way for way in ways if way != AGAIN)
        return ways

    game = token_game(program)
    reached: dict[Marking, Trace] = {game.initial(0): ()}
    case = Case(chart, emit(chart), choose, ledger)
    happened = ("start", next(iter(chart.nodes)))
    for _ in range(LONGEST):
        possible = dict(after(game, reached, happened, Counter(chosen)))
        found = {marking: trace for marking, trace in possible.items() if agree(game, marking, case)}
        if not found:
            how = "other tasks, or another end," if possible else "impossible"
            return Played("", next(iter(reached.values())), f"{how} after {happened[1]} and {' '.join(chosen)}: {case.ready()}")
        reached = found
        if not case.work():
            return Played("completed" if case.completed else "stuck", next(iter(reached.values())))
        chosen.clear()
        task = random.choice(case.work())
        happened = ("complete", task.task_spec.bpmn_id)
        case.complete(task)
    return Played("left", next(iter(reached.values())))


def after(game: TokenGame, reached: dict[Marking, Trace], happened: Event, flows: Counter[str]) -> Iterator[tuple[Marking, Trace]]:
    """Yield what the case may be like after an event with which these flows were chosen, and what has led there."""
    for marking, trace in reached.items():
        for move in game.each_move(marking):
            events = game.events(move)
            if of(game, move) == happened and Counter(name for kind, name in events if kind == "flow") == flows:
                yield move.marking, trace + events


def of(game: TokenGame, move: Move) -> Event:
    """What a move is about."""
    return str(move.kind), game.program.operations[move.operation].origin.element


def agree(game: TokenGame, marking: Marking, case: Case) -> bool:
    """Whether the same tasks may be completed in both; and whether the case has ended, in both or in none."""
    return sorted(works(game, marking)) == case.ready() and game.is_completed(marking) == case.completed


def works(game: TokenGame, marking: Marking) -> Iterator[str]:
    """Yield the id of each task that may be completed in a marking."""
    for site in marking.tokens:
        if game.sites.move_kinds[site] == "complete":
            operation = game.program.operations[game.sites.operation_of[site]]
            assert isinstance(operation, Work)
            yield operation.origin.element
    for scope in marking.scopes:
        yield from works(game, scope)


class OtherWayError(Exception):
    """SpiffWorkflow comes to where the token game has nothing chosen."""


def lead(chart: Chart, program: Program, random: Random, ledger: Ledger) -> Played:
    """The token game plays by chance; SpiffWorkflow must be able to follow."""
    script: dict[str, list[list[str]]] = {}

    def choose(gateway: str) -> list[str]:
        if not script.get(gateway):
            raise OtherWayError(gateway)
        return script[gateway].pop(0)

    game = token_game(program)
    marking, trace = game.initial(0), Trace()
    case: Case | None = None
    for _ in range(LONGEST):
        moves = game.moves(marking)
        if not moves:
            return Played("completed" if game.is_completed(marking) else "stuck", trace)
        twice = case.in_several_scopes() if case is not None else set()
        moves = tuple(move for move in moves if of(game, move)[1] not in twice and not is_ambiguous(program, move))
        if not moves:
            break
        move = random.choice(moves)
        element = of(game, move)[1]
        script.clear()
        for gateway, ways in passed(program, move):
            script.setdefault(gateway, []).append(ways)
        try:
            if case is None:
                case = Case(chart, emit(chart), choose, ledger)
            else:
                case.complete(random.choice([task for task in case.work() if task.task_spec.bpmn_id == element]))
        except OtherWayError as error:
            return Played("", trace, f"comes to {error} after {element}")
        if any(script.values()):
            return Played("", trace, f"does not come to {next(filter(script.get, script))} after {element}")
        if not agree(game, move.marking, case):
            return Played("", trace, f"other tasks, or another end, after {element}: {case.ready()}")
        marking, trace = move.marking, trace + game.events(move)
    return Played("left", trace)


def passed(program: Program, move: Move) -> Iterator[tuple[str, list[str]]]:
    """Yield each node at which a token chose, and what."""
    taken: list[tuple[int, list[str]]] = []
    for index, way in move.chosen:
        operation = program.operations[index]
        assert isinstance(operation, (Choose, Select))
        if isinstance(operation, Select) and taken and taken[-1][0] == index:
            taken[-1][1].append(operation.flows[way])
        else:
            taken.append((index, [operation.flows[way]]))
    for index, ways in taken:
        yield program.operations[index].origin.element, ways
    for index, then in pairwise(move.entered):
        operation = program.operations[index]
        if isinstance(operation, Repeat) and not operation.counted:
            yield operation.origin.element, [AGAIN] * (then == operation.body.target)


def is_ambiguous(program: Program, move: Move) -> bool:
    """Whether two tokens chose at the same inclusive gateway, so that it is not told which of them took which flows."""
    return any(number > 1 and isinstance(program.operations[index], Select) for index, number in Counter(move.entered).items())


__all__ = ["LONGEST", "Play", "Played", "follow", "lead", "play"]
