"""What blocks mean, said without tokens: the events that may come first, and what is left after one (Brzozowski 1964).

Two kinds stand for what is left: ``("fires", id, n, block, handler)``: a timer may start the handler outside, n times more;
``("within", id, n, block, handler)``: it may start it inside.
"""

from __future__ import annotations

from itertools import chain, combinations

from tests.semantics.blocks import NOTHING, TIMED, Block, parts


def expanded(block: Block) -> Block:
    """The same in simpler kinds, as far as there is one."""
    kind = block[0]
    if kind == "or":
        branches = block[1:]
        chosen = chain.from_iterable(combinations(branches, size) for size in range(1, len(branches) + 1))
        return ("xor", *(("and", *some) for some in chosen))
    if kind == "each":
        return ("and", block[1], block[1])
    if kind == "series":
        return ("seq", block[1], block[1])
    if kind == "turns":
        return ("xor", block[1], ("seq", block[1], block[1]))
    if kind == "beside":
        return ("within", block[1], 1, *block[2:])
    if kind == "reminded":
        return ("fires", block[1], 2, *block[2:])
    return block


def _deciding(block: Block) -> tuple[Block, ...]:
    """The parts on which it depends whether a block is over."""
    return parts(block)[:1] if block[0] in {"caught", "fires", "within", "killing"} else parts(block)


def is_idle(block: Block) -> bool:
    """Whether nothing can happen in a block: it is passed at once."""
    block = expanded(block)
    return block[0] not in {"task", "wait", "asked"} and all(map(is_idle, _deciding(block)))


def may_end(block: Block) -> bool:
    """Whether a block may be over without anything more being told of it."""
    block = expanded(block)
    if block[0] in {"task", "wait", "broken"}:
        return False
    return (any if block[0] == "xor" else all)(map(may_end, _deciding(block)))


def first_events(block: Block) -> set[str]:
    """What may happen first in a block."""
    block = expanded(block)
    kind = block[0]
    if kind in {"task", "wait"}:
        return {block[1]}
    if kind == "seq":
        events: set[str] = set()
        for part in block[1:]:
            events |= first_events(part)
            if not may_end(part):
                break
        return events
    if is_idle(block):
        return set()
    if kind in {"fires", "within"}:
        return first_events(block[3]) | ({block[1]} if block[2] > 0 else set())
    if kind in {"guarded", "caught"}:
        return first_events(block[2]) | {block[1]}
    return set().union(*map(first_events, parts(block)))


def unfinished(block: Block) -> set[Block]:
    """What a block may be like that is not over: choices that would have ended it were made otherwise."""
    block = expanded(block)
    kind = block[0]
    if kind in {"task", "wait", "asked"}:  # what is asked for may be on its way
        return {block}
    if kind == "seq":
        found = set()
        for at, part in enumerate(block[1:], start=2):
            found |= {("seq", left, *block[at:]) for left in unfinished(part)}
            if not may_end(part):
                break
        return found
    if kind == "xor":
        return set().union(*map(unfinished, parts(block)))
    if kind == "and":
        return {(*block[:at], left, *block[at + 1 :]) for at in range(1, len(block)) for left in unfinished(block[at])}
    if kind == "loop":
        return {("seq", left, ("xor", NOTHING, block)) for left in unfinished(block[1])}
    at = block.index(parts(block)[0])
    return {(*block[:at], left, *block[at + 1 :]) for left in unfinished(block[at])}


def after(block: Block, event: str) -> set[Block]:
    """What may be left of a block after an event: its derivative, with shuffles for parallel branches."""
    block = expanded(block)
    kind = block[0]
    if kind in {"task", "wait"}:
        return {NOTHING} if block[1] == event else set()
    if kind == "seq":
        left = set()
        for at, part in enumerate(block[1:], start=2):
            left |= {("seq", rest, *block[at:]) for rest in after(part, event)}
            if not may_end(part):
                break
        return left
    if kind == "and":
        return {(*block[:at], rest, *block[at + 1 :]) for at in range(1, len(block)) for rest in after(block[at], event)}
    if kind == "loop":
        return {("seq", rest, ("xor", NOTHING, block)) for rest in after(block[1], event)}
    if kind == "asked":
        return {("asked", rest) for rest in after(block[1], event)}
    if kind == "killing":
        in_first = {("killing", rest, block[2]) for rest in after(block[1], event)}
        return in_first | {("killing", first, rest) for first in unfinished(block[1]) for rest in after(block[2], event)}
    if kind in {"fires", "within", *TIMED}:
        return _after_fired(block) if event == block[1] else _after_inside(block, event)
    return set().union(*(after(part, event) for part in parts(block)))


def _after_fired(block: Block) -> set[Block]:
    kind, name = block[:2]
    if kind == "guarded":
        return {NOTHING} if unfinished(block[2]) else set()
    if kind == "caught":
        return {block[3]} if unfinished(block[2]) else set()
    times, host, handler = block[2:]
    if times == 0:
        return set()
    if kind == "fires":
        return {("and", ("fires", name, times - 1, left, handler), handler) for left in unfinished(host)}
    return {("within", name, times - 1, ("and", left, handler), handler) for left in unfinished(host)}


def _after_inside(block: Block, event: str) -> set[Block]:
    at = block.index(parts(block)[0])
    return {(*block[:at], rest, *block[at + 1 :]) for rest in after(block[at], event)}
