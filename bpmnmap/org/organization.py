"""The organization as people write it down: units, resource pools, calendars; `org.toml` as frozen models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationInfo, model_validator

from bpmnmap.errors import OrganizationError
from bpmnmap.findings import Location
from bpmnmap.org.days import OpenDays
from bpmnmap.org.organization_checks import (
    ALWAYS,
    closed_ranges,
    exception_faults,
    folded,
    organization_faults,
    text_with_letters,
    valid_holidays,
    valid_hours,
    valid_timezone,
)
from bpmnmap.org.tables import Fault, Table, checked, content_digest, fault, raise_faults, shown
from bpmnmap.org.toml_files import Key, key_text, load_toml

__all__ = ["ALWAYS", "Calendar", "Organization", "OtherHours", "ResourcePool", "Unit", "folded", "read_organization"]

FORMAT = 1
_Named = TypeVar("_Named", bound="Unit | ResourcePool")


def as_tuple(value: Any) -> Any:  # noqa: ANN401
    """Return a list as a tuple, all else as it is."""
    return tuple(value) if isinstance(value, list) else value


def valid_format(version: int) -> int:
    """Return the version of a file's format as it is."""
    if version != FORMAT:
        fix = f"write format = {FORMAT}, or install a newer bpmnmap"
        raise_faults([fault([], "unknown-format", f"format {shown(version)} is not known", fix)])
    return version


Text: TypeAlias = Annotated[str, AfterValidator(text_with_letters)]
Hours: TypeAlias = Annotated[str, AfterValidator(valid_hours)]
Format: TypeAlias = Annotated[int, AfterValidator(valid_format)]


class OtherHours(Table):
    """Other weekly hours for a while: from the first to the last day, both included."""

    from_: date = Field(validation_alias="from")
    to: date
    hours: Hours


class Calendar(Table):
    """Weekly opening time, other hours for a while, closed days.

    Parameters
    ----------
    hours
        Text like "Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30".
    holidays
        Country or part of one whose public holidays are closed: "ID", "DE-BY".
    exceptions
        Other hours for a while.
    closed
        Further closed days: first and last day of each range. As input also dates and texts "2026-03-20/2026-03-24".

    Examples
    --------
    >>> Calendar(hours="Mon-Fri 08:00-16:00", closed=[date(2026, 3, 20)]).closed
    ((datetime.date(2026, 3, 20), datetime.date(2026, 3, 20)),)
    """

    unordered: ClassVar[frozenset[str]] = frozenset({"exceptions", "closed"})

    hours: Hours
    holidays: Annotated[str, AfterValidator(valid_holidays)] | None = None
    exceptions: Annotated[tuple[OtherHours, ...], BeforeValidator(as_tuple)] = ()
    closed: Annotated[tuple[tuple[date, date], ...], BeforeValidator(closed_ranges)] = ()

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find exceptions that share a day."""
        del info
        return exception_faults(table)

    @model_validator(mode="after")
    def _opens_some_day(self) -> Self:
        if OpenDays(self, "", Location()).opens_never():
            raise_faults([fault(["closed"], "never-open", "the closed days leave no day on which it opens", "close fewer days")])
        return self


class ResourcePool(Table):
    """People who can stand in for each other; BPSim's Quantity.

    Parameters
    ----------
    quantity
        How many.
    name
        Its id unless said otherwise.
    calendar
        When they are on duty; the unit's unless said otherwise.
    """

    later: ClassVar[frozenset[str]] = frozenset({"cost_per_hour"})

    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    name: Text = ""
    calendar: str | None = None


class Unit(Table):
    """A part of the organization, or an outside party.

    Parameters
    ----------
    name, aliases
        What maps call it; the name is its id unless said otherwise.
    parent
        Id of the unit that it belongs to.
    calendar
        Id of its opening hours; the parent's unless said otherwise.
    external
        Outside party: always open, unlimited people.
    pools
        Its people by id of the pool.
    """

    unordered: ClassVar[frozenset[str]] = frozenset({"aliases"})

    name: Text = ""
    aliases: Annotated[tuple[Text, ...], BeforeValidator(as_tuple)] = ()
    parent: str | None = None
    calendar: str | None = None
    external: bool = False
    pools: dict[str, ResourcePool] = Field(default_factory=dict)

    @classmethod
    def prepared(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[dict[str, Any], list[Fault]]:
        """Return the table with each pool named."""
        table, faults = super().prepared(table, info)
        return _with_names(table, "pools", ResourcePool), faults


class Organization(Table):
    """Who works where and when; outlives any one map. The file `org.toml`.

    Parameters
    ----------
    format
        Version of the file's format.
    name
        What the organization is called; read from a file without one, its folder's name.
    timezone
        IANA name; None = naive local time.
    calendars, units
        By id; the calendar ``always`` is built in.

    Raises
    ------
    OrganizationError
        With all faults at once.

    Examples
    --------
    >>> city = Organization(calendars={"office": Calendar(hours="Mon-Fri 08:00-16:00")},
    ...                     units={"DPM": Unit(name="Permit Office", calendar="office"), "FO": Unit(parent="DPM")})
    >>> city.units["FO"].name, city.calendar_of("FO")
    ('FO', 'office')
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"name"})

    format: Format = FORMAT
    name: Text = ""
    timezone: Annotated[str, AfterValidator(valid_timezone)] | None = None
    calendars: dict[str, Calendar] = Field(default_factory=dict)
    units: dict[str, Unit] = Field(default_factory=dict)

    _path: str | None = PrivateAttr(default=None)

    @classmethod
    def prepared(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[dict[str, Any], list[Fault]]:
        """Return the table with each unit named."""
        table, faults = super().prepared(table, info)
        return _with_names(table, "units", Unit), faults

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find faults between units and calendars."""
        del info
        return organization_faults(table)

    @property
    def path(self) -> str | None:
        """The file it was read from, None if built in code."""
        return self._path

    def location(self, key: str | Key) -> Location:
        """Return where a value stands, for findings: ``location("units.TO.parent")``, or the parts of its key."""
        return Location(self._path, key=key if isinstance(key, str) else key_text(key))

    def calendar(self, calendar_id: str) -> Calendar | None:
        """Return a calendar; None for ``always``."""
        return None if calendar_id == ALWAYS else self.calendars[calendar_id]

    def calendar_of(self, unit_id: str) -> str:
        """Return the id of a unit's calendar: its own, else its parent's; ``always`` for an outside party."""
        unit = self.units[unit_id]
        while not unit.external:
            if unit.calendar is not None:
                return unit.calendar
            unit = self.units[str(unit.parent)]  # there is one: missing-calendar
        return ALWAYS

    def calendar_of_pool(self, unit_id: str, pool_id: str) -> str:
        """Return the id of a pool's calendar: its own, else its unit's."""
        return self.units[unit_id].pools[pool_id].calendar or self.calendar_of(unit_id)

    def pools_called(self, text: str, unit_id: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return the pools, as (unit id, pool id), that "UNIT.POOL" can mean, or "POOL" inside a unit; one at best.

        Examples
        --------
        >>> Organization(units={"TO": Unit(calendar="always", pools={"staff": ResourcePool(quantity=4)})}).pools_called("TO.staff")
        (('TO', 'staff'),)
        """
        found = [] if unit_id is None or text not in self.units[unit_id].pools else [(unit_id, text)]
        parts = text.split(".")  # ids may hold dots themselves
        for cut in range(1, len(parts)):
            unit, pool = ".".join(parts[:cut]), ".".join(parts[cut:])
            if unit in self.units and pool in self.units[unit].pools and (unit, pool) not in found:
                found.append((unit, pool))
        return tuple(found)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hex; order of keys, layout of the file and `source` do not count."""
        return content_digest(self)


def read_organization(path: str | PathLike[str]) -> Organization:
    """Organization of a file.

    Parameters
    ----------
    path
        An `org.toml`.

    Raises
    ------
    OrganizationError
        The file cannot be read, or is faulty: with all faults at once.
    """
    file = fspath(path)
    data, findings = load_toml(file)
    organization = None
    if not findings:
        organization, findings = checked(Organization, data, lambda key: Location(file, key=key_text(key) or None))
    if organization is None:
        raise OrganizationError(findings)
    return placed(organization, file)


def placed(organization: Organization, path: str) -> Organization:
    """Return a new organization as one that was read from a file: it knows its path and is called like its folder."""
    organization._path = path
    if "name" not in organization.model_fields_set:
        organization.__dict__["name"] = Path(path).absolute().parent.name
    return organization


def _with_names(table: dict[str, Any], key: str, table_class: type[Table]) -> dict[str, Any]:
    """Tables under a key, each called like its id where it gives no name."""
    items = table.get(key)
    if not isinstance(items, Mapping):
        return table
    named = {}
    for name, item in items.items():
        if isinstance(item, table_class) and "name" not in item.model_fields_set:
            item = item.model_copy(update={"name": name})
        elif isinstance(item, Mapping) and "name" not in item:
            item = {**item, "name": name}
        named[name] = item
    return {**table, key: named}
