"""Which siblings stand in another order than before: as few as can be."""

from __future__ import annotations

from bisect import bisect_left

from bpmnmap.model.element_tree import Node


def out_of_order(pairs: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """The fewest pairs of old and new siblings (given in the new order) without which both stand in the same order.

    Several choices may be equally few. Which one is made depends on the ids alone, not on which of the maps is the old one.
    """
    old_order = sorted(pairs, key=lambda pair: pair[0].index)
    if old_order == pairs:
        return []
    labels = {id(pair): _label(pair) for pair in pairs}
    is_forward = [labels[id(pair)] for pair in old_order] <= [labels[id(pair)] for pair in pairs]
    line, other = (pairs, 0) if is_forward else (old_order, 1)
    kept = _longest_increasing([pair[other].index for pair in line])
    return [pair for place, pair in enumerate(line) if place not in kept]


def _label(pair: tuple[Node, Node]) -> tuple[str, ...]:
    return (*sorted(each.element.id or "" for each in pair), *sorted(each.element.kind for each in pair))


def _longest_increasing(numbers: list[int]) -> set[int]:
    """Places of a longest increasing subsequence of different numbers.

    References
    ----------
    M. L. Fredman, On computing the length of longest increasing subsequences, Discrete Mathematics 11 (1975).

    Examples
    --------
    >>> sorted(_longest_increasing([4, 0, 1, 2, 3]))
    [1, 2, 3, 4]
    """
    ends: list[int] = []  # the least number that ends an increasing run of each length
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(places[length - 1] if length else -1)
        if length == len(ends):
            ends.append(number)
            places.append(place)
        else:
            ends[length], places[length] = number, place
    found, place = set(), places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
