"""Scenario files that extend others: one merged table, and for each value the file that gave it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from bpmnmap.findings import Finding, Location
from bpmnmap.org.tables import position_of, shown
from bpmnmap.org.toml_files import UNREADABLE, Key, key_text, load_toml, parse_key
from bpmnmap.simulation.scenario_checks import ARRIVAL_WAYS, COUNT_WAYS, EVENT_WAYS, GATEWAY_WAYS
from bpmnmap.simulation.scenario_references import WINDOW, transfer_identity

Origin: TypeAlias = tuple[str, Key]
"""A file, and the key at which a value stands in it."""

OVERRIDES: Final = ("calendars", "units")
"""Tables of a scenario file that are laid over the organization's."""

_ELEMENTS: Final = ("arrivals", "activities", "events", "gateways", "participants")
_REMARKS: Final = ("source", "assumed")
_FORMAT: Final = 1


class Layers:
    """Tables of several files, laid one over the other.

    Attributes
    ----------
    tables : dict
        What holds in the end.
    origins : dict
        The file that gave each value, and each table's last one.
    documents : dict
        All files read, as they are.
    """

    __slots__ = ("documents", "origins", "tables")

    def __init__(self) -> None:
        self.tables: dict[str, Any] = {}
        self.origins: dict[Key, Origin] = {}
        self.documents: dict[str, dict[str, Any]] = {}

    def location(self, key: Key) -> Location:
        """Return where a value, or one that is missing, stands."""
        return locate(self.origins, key)

    def lay(self, over: Mapping[str, Any], origin: Callable[[Key], Origin]) -> None:
        """Lay tables over these; `origin` tells where each value of theirs stands."""
        self._lay(self.tables, over, (), origin)

    def lay_layers(self, over: Layers) -> None:
        """Lay other layers over these."""
        self.lay(over.tables, lambda key: origin_of(over.origins, key) or ("", key))
        self.documents |= over.documents

    def remove(self, key: Key) -> bool:
        """Take out a key, and tables that hold no value any more; return whether it was there."""
        tables: list[Any] = [self.tables]
        for part in key[:-1]:
            below = tables[-1].get(part) if isinstance(tables[-1], dict) else None
            tables.append(below)
        if not isinstance(tables[-1], dict) or key[-1] not in tables[-1]:
            return False
        for depth in range(len(key) - 1, -1, -1):
            del tables[depth][key[depth]]
            self._forget(key[: depth + 1])
            if not tables[depth].keys() <= set(_REMARKS):
                break
        return True

    def _lay(self, under: dict[str, Any], over: Mapping[str, Any], key: Key, origin: Callable[[Key], Origin]) -> None:
        if any(name not in _REMARKS and not _is_merged((*key, name), value) for name, value in over.items()):
            for name in _REMARKS:  # they told of the old values
                self._drop(under, key, name)
        for name in superseded(key, over):
            self._drop(under, key, name)
        for name, value in over.items():
            path = (*key, name)
            if _is_merged(path, value):
                if not isinstance(under.get(name), dict):
                    self._drop(under, key, name)
                    under[name] = {}
                self._lay(under[name], value, path, origin)
            elif _relative(path) == ("transfers",) and isinstance(value, list) and isinstance(under.get(name), list):
                self._lay_transfers(under[name], value, path, origin)
            else:
                self._drop(under, key, name)
                under[name] = list(value) if isinstance(value, list) else value
                self.origins[path] = origin(path)
                if isinstance(value, list):
                    self.origins |= {(*path, place): origin((*path, place)) for place in range(len(value))}
        self.origins[key] = origin(key)

    def _lay_transfers(self, under: list[Any], over: list[Any], key: Key, origin: Callable[[Key], Origin]) -> None:
        """Replace transfers of the same flow or ends, in their place; add the others behind."""
        known = {transfer_identity(transfer): place for place, transfer in enumerate(under)}
        for place, transfer in enumerate(over):
            identity = transfer_identity(transfer)
            target = None if identity is None else known.pop(identity, None)  # once: a second one is a fault, to be found later
            if target is None:
                under.append(transfer)
                target = len(under) - 1
            else:
                under[target] = transfer
            self.origins[(*key, target)] = origin((*key, place))
        self.origins[key] = origin(key)

    def _drop(self, under: dict[str, Any], key: Key, name: str) -> None:
        if name in under:
            del under[name]
            self._forget((*key, name))

    def _forget(self, key: Key) -> None:
        for each in [each for each in self.origins if each[: len(key)] == key]:
            del self.origins[each]


def origin_of(origins: Mapping[Key, Origin], key: Key) -> Origin | None:
    """Return the file that gave a value, or else the table around it, and the value's key in that file."""
    for cut in range(len(key), -1, -1):
        if key[:cut] in origins:
            path, own = origins[key[:cut]]
            return path, (*own, *key[cut:])
    return None


def locate(origins: Mapping[Key, Origin], key: Key) -> Location:
    """Return where a value, or one that is missing, stands."""
    path, own = origin_of(origins, key) or (None, key)
    return Location(path, key=key_text(own) or None)


def load_layers(path: str) -> tuple[Layers, list[Finding]]:
    """Return the merged tables of a scenario file and of all that it extends, and what is wrong with the files as such."""
    findings: list[Finding] = []
    return _load(path, (), None, findings), findings


def load_organization(layers: Layers) -> tuple[str | None, Layers | None, list[Finding]]:
    """Return the organization's file, its tables under those of a scenario's merged tables, and why there are none.

    What belongs to the organization is taken out of the scenario's tables.
    """
    place = layers.location(("organization",))
    over: dict[str, Any] = {key: layers.tables.pop(key) for key in OVERRIDES if key in layers.tables}
    name = layers.tables.pop("organization", None)
    if name is None:
        return None, None, []
    if not isinstance(name, str):
        told = f"'organization' must be text (got {shown(name)})"
        return "", None, [Finding("wrong-type", told, place, fix="write the path of an org.toml in quotes")]
    path = os.path.normpath(os.path.join(os.path.dirname(place.path or ""), name))
    tables, faults = load_toml(path)
    if faults:
        return path, None, [each if each.location.line is not None else _at(each, place) for each in faults]
    units = Layers()
    layers.documents[path] = tables
    units.lay(tables, lambda key: (path, key))
    units.lay(over, lambda key: origin_of(layers.origins, key) or (path, key))
    return path, units, []


def in_document_order(findings: list[Finding], documents: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Return findings file by file, each file's in the order of its keys."""
    files = list(documents)

    def place(finding: Finding) -> tuple[int, tuple[int, ...]]:
        path, key = finding.location.path or "", finding.location.key
        if path not in documents:
            return -1, ()
        return files.index(path), () if key is None else position_of(parse_key(key), documents[path])

    return sorted(findings, key=place)


def _load(path: str, chain: tuple[str, ...], referrer: Location | None, findings: list[Finding]) -> Layers:
    layers = Layers()
    tables, faults = load_toml(path)
    layers.documents[path] = dict(tables)
    for finding in faults:
        missing = referrer is not None and finding.location.line is None and finding.code in UNREADABLE
        findings.append(_at(finding, referrer) if missing and referrer is not None else finding)
    if tables.get("format", _FORMAT) != _FORMAT:
        told = f"format {shown(tables['format'])} is not known"
        fix = f"write format = {_FORMAT}, or install a newer bpmnmap"
        findings.append(Finding("unknown-format", told, Location(path, key="format"), fix=fix))
        del tables["format"]
    chain = (*chain, path)
    for base in _texts(tables.pop("extends", []), path, "extends", findings):
        target = os.path.normpath(os.path.join(os.path.dirname(path), base))
        place = Location(path, key="extends")
        again = next((place for place, each in enumerate(chain) if os.path.realpath(each) == os.path.realpath(target)), None)
        if again is None:
            layers.lay_layers(_load(target, chain, place, findings))
        else:
            way = " → ".join(f"'{each}'" for each in (*chain[again:], target))
            findings.append(Finding("extends-circle", f"files extend each other: {way}", place, fix="remove one of these extends"))
    for text in _texts(tables.pop("remove", []), path, "remove", findings):
        _remove(layers, text, path, findings)
    layers.lay(tables, lambda key: (path, key))
    return layers


def _at(finding: Finding, location: Location) -> Finding:
    return Finding(finding.code, finding.message, location, fix=finding.fix)


def _texts(value: object, path: str, key: str, findings: list[Finding]) -> list[str]:
    """A text or several as a list."""
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if not isinstance(text, str):
            told = f"'{key}' must be text, or an array of texts (got {shown(text)})"
            findings.append(Finding("wrong-type", told, Location(path, key=key), fix="write text in quotes"))
    return [text for text in texts if isinstance(text, str)]


def _remove(layers: Layers, text: str, path: str, findings: list[Finding]) -> None:
    place = Location(path, key="remove")
    try:
        key = parse_key(text)
    except ValueError as error:
        findings.append(Finding("invalid-key", str(error), place, fix="write a key as TOML does, like 'gateways.X.probabilities'"))
        return
    if not layers.remove(key):
        fix = "name a key that a file in extends gives, in quotes where it holds other than letters, digits, - and _"
        findings.append(Finding("nothing-to-remove", f"{shown(text)} is not there", place, fix=fix))


def _relative(key: Key) -> Key:
    """A key as seen from the process it stands in, if it stands in one."""
    return key[2:] if key[:1] == ("processes",) else key


def _is_merged(key: Key, value: object) -> bool:
    """Whether a value is a table that is merged key by key: not a distribution, nor one of probabilities or pools."""
    relative = _relative(key)
    whole = (len(relative) == 3 and relative[0] in _ELEMENTS) or (len(relative) == 2 and relative[0] == "attributes")
    return isinstance(value, dict) and not whole


def superseded(key: Key, over: Mapping[str, Any]) -> set[str]:
    """Names in a table that no longer hold once another table is laid over it."""
    relative = _relative(key)
    if key == ():
        if "duration" in over:
            return {"cases"} - over.keys()
        return set(WINDOW) - over.keys() if "cases" in over else set()
    if len(relative) == 2 and relative[0] == "arrivals" and over.keys() & set(ARRIVAL_WAYS):
        beside = set() if "inter_arrival_time" in over else {"calendar"}  # it goes with gaps only
        return ({*ARRIVAL_WAYS} | beside) - over.keys()
    if len(relative) == 2 and relative[0] == "events" and over.keys() & set(EVENT_WAYS):
        beside = {"calendar"} if "condition" in over else set()
        return ({*EVENT_WAYS} | beside) - over.keys()
    for kind, ways in (("gateways", GATEWAY_WAYS), ("activities", COUNT_WAYS)):
        if len(relative) == 2 and relative[0] == kind and over.keys() & set(ways):
            return set(ways) - over.keys()
    return set()
