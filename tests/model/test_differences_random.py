"""Properties that the differences of any two maps have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings

import bpmnmap.model as m
from bpmnmap.model.changes import Change, Insert, LaneMove, Move, Remove, Update
from bpmnmap.model.differences import Differences, differences
from tests.model.patching import Records, patched
from tests.model.random_maps import maps


@given(maps(), maps())
@settings(max_examples=150, deadline=None)
def test_the_changes_lead_from_one_map_to_the_other(old: m.Definitions, new: m.Definitions) -> None:
    assert patched(Records.of(old), differences(old, new)) == Records.of(new)


@given(maps())
def test_a_map_does_not_differ_from_itself(given_map: m.Definitions) -> None:
    again = m.Definitions(**given_map.__getstate__())  # type: ignore[arg-type]
    assert differences(given_map, again) == Differences(())
    assert not differences(given_map, given_map)


def told(changes: Differences, *, backward: bool) -> Counter[object]:
    """What changes say, names and places of the elements themselves left out; read backward if asked."""
    new_ids = {each.new: each.old for change in changes if isinstance(change, Update) for each in change.changes if each.field == "id"}
    return Counter(_told(change, new_ids, backward=backward) for change in changes)


def _told(change: Change, new_ids: Mapping[Any, Any], *, backward: bool) -> object:
    name = new_ids.get(change.element.id, change.element.id) if backward else change.element.id
    match change:
        case Insert() | Remove():
            return (
                "inserted" if isinstance(change, Insert) is not backward else "removed",
                change.element.id,
                change.place,
                change.aspect,
                change.value,
            )
        case Move() | LaneMove():
            return (type(change), name, change.aspect, *((change.new, change.old) if backward else (change.old, change.new)))
        case Update():
            fields = [(each.field, each.new, each.old) if backward else (each.field, each.old, each.new) for each in change.changes]
            return ("updated", name, change.aspect, tuple(sorted(fields, key=lambda each: each[0])))


@given(maps(), maps())
@settings(max_examples=150, deadline=None)
def test_backward_all_is_mirrored(old: m.Definitions, new: m.Definitions) -> None:
    backward = differences(new, old)
    assert told(differences(old, new), backward=False) == told(backward, backward=True)


@given(maps(), maps())
def test_every_change_has_one_aspect_and_one_line(old: m.Definitions, new: m.Definitions) -> None:
    changes = differences(old, new)
    assert len(changes.meaning) + len(changes.layout) + len(changes.incidental) == len(changes)
    assert len(changes.to_text(in_full=True).split("\n")) == len(changes) + 1
    assert len(str(changes).split("\n")) == len(changes.meaning) + 1
    assert len(json.loads(changes.to_json())["changes"]) == len(changes)


def process_of(names: tuple[str, ...]) -> m.Definitions:
    return m.Definitions(root_elements=(m.Process(id="p", flow_elements=tuple(m.Task(id=name) for name in names)),))


def longest_common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return max(
        len(kept)
        for size in range(len(one) + 1)
        for kept in combinations(one, size)
        if kept == tuple(name for name in other if name in kept)
    )


@pytest.mark.parametrize("size", [2, 3, 5])
def test_as_few_as_can_be_are_moved(size: int) -> None:
    first = tuple("abcdefg"[:size])
    for order in permutations(first):
        changes = differences(process_of(first), process_of(order))
        assert {type(change) for change in changes} <= {Move}
        assert len(changes) == size - longest_common(first, order)
