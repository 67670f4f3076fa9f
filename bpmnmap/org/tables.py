"""Base of the tables of `org.toml` and of scenario files: frozen pydantic models whose faults are findings."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final, Self, TypeAlias, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import InitErrorDetails, PydanticCustomError

from bpmnmap.errors import BpmnMapError, OrganizationError
from bpmnmap.findings import Finding, Location
from bpmnmap.org.toml_files import Key, key_text

Fault: TypeAlias = InitErrorDetails
"""A fault of a value, and where in its table the value stands."""
AnyTable = TypeVar("AnyTable", bound="Table")

_KINDS: Final = {
    "int_type": "a whole number", "string_type": "text", "bool_type": "true or false", "float_type": "a number",
    "dict_type": "a table", "model_type": "a table", "tuple_type": "an array", "date_type": "a date", "datetime_type": "a date and time",
}  # fmt: skip
_BOUNDS: Final = {
    "greater_than_equal": ("ge", ">="), "greater_than": ("gt", ">"), "less_than_equal": ("le", "<="), "less_than": ("lt", "<"),
}  # fmt: skip


class Table(BaseModel):
    """A table of a file: its values, and where they come from.

    Parameters
    ----------
    source
        Where the figures come from.
    assumed
        Whether they are assumed rather than known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    error_class: ClassVar[type[BpmnMapError]] = OrganizationError
    later: ClassVar[frozenset[str]] = frozenset()
    """Keys that a later version will know."""
    also_known: ClassVar[frozenset[str]] = frozenset()
    """Keys that are taken out before a table is made."""
    unordered: ClassVar[frozenset[str]] = frozenset()
    """Keys of arrays whose order means nothing."""
    incidental: ClassVar[frozenset[str]] = frozenset()
    """Keys that are no content unless they are given."""

    source: str | None = None
    assumed: bool = False

    def __init__(self, **values: Any) -> None:  # noqa: ANN401
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise self.error_class(findings_of(error, values)) from error

    # Tells pydantic that this __init__ validates as its own does, so that it builds nested tables without it.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def __setattr__(self, name: str, value: object) -> None:
        if name in type(self).model_fields:
            raise AttributeError(f"{type(self).__name__} is frozen: make a new one with another {name}")
        super().__setattr__(name, value)

    @classmethod
    def keys(cls) -> dict[str, str]:
        """Return the name in a file of each attribute: ``from`` for ``from_``."""
        return {name: str(field.validation_alias or name) for name, field in cls.model_fields.items()}

    @classmethod
    def prepared(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[dict[str, Any], list[Fault]]:
        """Return the table as it is to be validated, and faults met on the way.

        Here attributes' names become keys (``from_`` is ``from``) where the table comes from Python.
        """
        if is_file(info):
            return table, []
        keys = cls.keys()
        return {keys.get(name, name): value for name, value in table.items()}, []

    @classmethod
    def finished(cls, result: Self, table: dict[str, Any]) -> None:
        """See a faultless table beside the plain values that it was made from."""

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find faults between values of a table (plain values, perhaps faulty themselves)."""
        del table, info
        return ()

    @model_validator(mode="wrap")
    @classmethod
    def _validate(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:  # noqa: ANN401
        """Validate a table and tell all its faults in our words."""
        if not isinstance(value, Mapping):
            try:
                return handler(value)  # an instance as it is
            except ValidationError as error:
                raise _collected(cls, retold(cls, error)) from error
        table, faults = cls.prepared(dict(value), info)
        result: Self | None = None
        try:
            result = handler(table)
        except ValidationError as error:
            faults += retold(cls, error)
        values = plain(table)
        faults += cls.faults(values, info)
        if faults or result is None:
            raise _collected(cls, faults)
        cls.finished(result, values)
        return result


def is_file(info: ValidationInfo) -> bool:
    """Whether what is validated comes from a file."""
    return bool(info.context)


def fault(key: Iterable[str | int], code: str, message: str, fix: str | None = None) -> Fault:
    """Return a fault of the value at a key, seen from the table that finds it."""
    error = PydanticCustomError(cast("Any", code), "{message}", {"message": message, "fix": fix})
    return InitErrorDetails(type=error, loc=tuple(key), input=None)


def raise_faults(faults: list[Fault]) -> None:
    """Raise faults, if there are any, from within a validator."""
    if faults:
        raise _collected(Table, faults)


def checked(
    table_class: type[AnyTable], values: Mapping[str, Any], place: Callable[[Key], Location], **context: object
) -> tuple[AnyTable | None, list[Finding]]:
    """Return the table that a file's values make and no findings, or none and all their faults."""
    try:
        return table_class.__pydantic_validator__.validate_python(dict(values), context={"file": True, **context}), []
    except ValidationError as error:
        return None, findings_of(error, values, place)


def findings_of(error: ValidationError, values: Mapping[str, Any], place: Callable[[Key], Location] | None = None) -> list[Finding]:
    """Faults as findings, in the order of the values."""
    found: list[tuple[tuple[int, ...], Finding]] = []
    for each in error.errors(include_url=False):
        key = each["loc"]
        told = each.get("ctx", {})
        location = Location(key=key_text(key) or None) if place is None else place(key)
        found.append((position_of(key, values), Finding(each["type"], told["message"], location, fix=told["fix"])))
    return list(dict.fromkeys(finding for _, finding in sorted(found, key=lambda pair: pair[0])))


def plain(value: Any) -> Any:  # noqa: ANN401
    """Tables, given or built, as dictionaries by the names that files use; None is what was not given."""
    if isinstance(value, Table):
        value = {key: getattr(value, name) for name, key in value.keys().items() if name in value.model_fields_set}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def content_digest(table: Table) -> str:
    """SHA-256, in hex, of a table's content: neither order of keys, nor layout of the file, nor `source` counts."""
    return hashlib.sha256(_json(_canonical(table)).encode("utf-8", "surrogatepass")).hexdigest()


def tables_of(table: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """Return the tables that stand under a key, leaving out what is faulty."""
    found = table.get(key)
    return {name: item for name, item in found.items() if isinstance(item, dict)} if isinstance(found, dict) else {}


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is nearest to a given one, if any is near."""
    words = list(known)
    folded = {each.casefold(): each for each in reversed(words)}
    close = difflib.get_close_matches(word.casefold(), folded, 1, 0.5)
    return folded[close[0]] if close else None


def hint(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean …?', or nothing.

    Examples
    --------
    >>> hint("offcie", ["office", "head"])
    "; did you mean 'office'?"
    """
    nearest = did_you_mean(word, known)
    return "" if nearest is None else f"; did you mean '{nearest}'?"


def shown(value: object) -> str:
    """Return a value as findings show it, in quotes.

    Examples
    --------
    >>> shown("x"), shown(0), shown(True), shown([1])
    ("'x'", "'0'", "'true'", 'an array')
    """
    if isinstance(value, bool):
        return "'true'" if value else "'false'"
    if isinstance(value, (Mapping, Table)):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "an array"
    if isinstance(value, (date, datetime, time)):
        return f"'{value.isoformat()}'"
    if isinstance(value, int) and value.bit_length() > 256:
        text = hex(value)  # decimal digits are limited by Python
    else:
        text = str(value) if isinstance(value, (str, int, float, timedelta)) else repr(value)
    text = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"


def _canonical(value: Any) -> Any:  # noqa: ANN401
    """A value as JSON knows it, all defaults written out."""
    if isinstance(value, Table):
        left_out = {"source", *(value.incidental - value.model_fields_set)}
        items = {key: _canonical(getattr(value, name)) for name, key in value.keys().items() if name not in left_out}
        return {key: sorted(item, key=_json) if key in value.unordered else item for key, item in items.items()}
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date


def _json(content: object) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _collected(table_class: type[Table], faults: list[Fault]) -> ValidationError:
    return ValidationError.from_exception_data(table_class.__name__, faults)


def retold(table_class: type[Table], error: ValidationError) -> list[Fault]:
    """Faults as pydantic tells them, in our words; our own as they are."""
    faults: list[Fault] = []
    for each in error.errors(include_url=False):
        key, kind, value, told = each["loc"], each["type"], each["input"], each.get("ctx", {})
        name = f"{shown(key[-1])} " if key else ""
        if "message" in told:
            faults.append(fault(key, kind, told["message"], told["fix"]))
        elif isinstance(told.get("error"), BpmnMapError):
            faults += [fault(key, finding.code, finding.message, finding.fix) for finding in told["error"].findings]
        elif kind == "extra_forbidden":
            faults.append(_unknown_key(table_class, key))
        elif kind == "missing":
            faults.append(fault(key, "missing-key", f"{name}is missing", f"add {key[-1]}"))
        elif kind in _KINDS:
            faults.append(fault(key, "wrong-type", f"{name}must be {_KINDS[kind]} (got {shown(value)})", f"write {_KINDS[kind]}"))
        elif kind in _BOUNDS:
            bound, sign = _BOUNDS[kind]
            demand = f"{sign} {told[bound]}"
            faults.append(fault(key, "out-of-range", f"{name}must be {demand} (got {shown(value)})", f"give a number {demand}"))
        elif kind == "finite_number":
            faults.append(fault(key, "out-of-range", f"{name}must be a finite number (got {shown(value)})", "give a finite number"))
        else:  # not met with the fields that there are; pydantic's words are better than none
            faults.append(fault(key, "invalid-value", f"{name}{each['msg']} (got {shown(value)})", "correct the value"))
    return faults


def _unknown_key(table_class: type[Table], key: Key) -> Fault:
    name = str(key[-1])
    if name in table_class.later:
        return fault(key, "not-supported-yet", f"'{name}' is not supported yet", f"remove {name}")
    known = sorted({*table_class.keys().values(), *table_class.also_known})
    fix = f"rename it{hint(name, known)}" if did_you_mean(name, known) else "remove it; known here are " + ", ".join(known)
    return fault(key, "unknown-key", f"unknown key {shown(name)}", fix)


def position_of(key: Key, values: Any) -> tuple[int, ...]:  # noqa: ANN401
    """Return where a key stands among values, for sorting; behind all others of its table where it is not there."""
    position = []
    for part in key:
        if isinstance(values, Mapping) and part in values:  # in the order in which it was written
            position.append(list(values).index(part))
            values = values[part]
        elif isinstance(values, (list, tuple)) and isinstance(part, int) and part < len(values):
            position.append(part)
            values = values[part]
        else:
            position.append(len(values) if isinstance(values, (Mapping, list, tuple)) else 0)
            break
    return tuple(position)
