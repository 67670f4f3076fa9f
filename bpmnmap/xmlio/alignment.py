"""Which of the elements that a field holds now are those that it held before."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

from bpmnmap.model import Element, XmlElement


def key(value: object) -> Hashable:
    """What an element is known by: its class and id, or all that it says."""
    if isinstance(value, (Element, XmlElement)) and value.id is not None:
        return (value.name if isinstance(value, XmlElement) else type(value).__name__, value.id)
    return value


def is_same_kind(old: object, new: object) -> bool:
    """Return whether one value can become another by edits of its parts."""
    if isinstance(old, XmlElement) and isinstance(new, XmlElement):
        return old.name == new.name
    return type(old) is type(new)


def alignment(old: Sequence[object], new: Sequence[object]) -> list[int | None]:
    """For each new value the place of the old one that it comes from, None if it is new.

    Places are in rising order: of values that changed their order, some count as new.

    Examples
    --------
    >>> alignment(["a", "b", "c"], ["a", "x", "c", "d"]), alignment(["a", "b"], ["b", "a"])
    ([0, 1, 2, None], [None, 0])
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] is new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] is new[-1 - end]:
        end += 1
    old_keys = [key(value) for value in old[start : len(old) - end]]
    new_keys = [key(value) for value in new[start : len(new) - end]]
    found: list[int | None] = [*range(start), *([None] * len(new_keys)), *range(len(old) - end, len(old))]
    known = set(old_keys) & set(new_keys)
    for operation, old_from, old_to, new_from, new_to in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        if operation == "equal":
            found[start + new_from : start + new_to] = range(start + old_from, start + old_to)
        elif operation == "replace":
            pending = [place for place in range(old_from, old_to) if old_keys[place] not in known]
            for place in range(new_from, new_to):
                if pending and new_keys[place] not in known:
                    fitting = (each for each in pending if is_same_kind(old[start + each], new[start + place]))
                    chosen = next(fitting, None)
                    if chosen is not None:
                        found[start + place] = start + chosen
                        pending = [each for each in pending if each > chosen]
    return found
