"""JSON Schemas of `org.toml` and of scenario files, made from the models that read them."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import AfterValidator, BeforeValidator
from pydantic.fields import FieldInfo

from bpmnmap.org.organization import Calendar, Organization, Unit
from bpmnmap.org.tables import Table
from bpmnmap.simulation.scenario import Scenario
from bpmnmap.simulation.scenario_distributions import CLASSES, as_distribution
from bpmnmap.simulation.scenario_expressions import as_number_expression
from bpmnmap.simulation.scenario_numbers import MOST_COUNTED, NUMBER_CLASSES, Categorical, FixedNumber, FixedValue, as_attribute, as_count
from bpmnmap.simulation.scenario_tables import TimeWhen, as_processing_time
from bpmnmap.simulation.templates.value_schemas import BY_VALIDATOR, DATE, Schema

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"  # the newest one that editors of TOML know; an identifier, never fetched
_PARAMETER: Final = re.compile(r"^([a-z_]+(?:, [a-z_]+)*)\n((?:    .*\n?)+)", re.MULTILINE)
_BOUNDS: Final = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
_PATH: Final = {"type": "string", "minLength": 1}


def organization_schema() -> Schema:
    """Return the JSON Schema of `org.toml`."""
    maker = _Maker()
    return _document("org.toml of bpmnmap: who works where and when", maker.table(Organization), maker)


def scenario_schema() -> Schema:
    """Return the JSON Schema of scenario files."""
    maker = _Maker()
    table = maker.table(Scenario)
    table["properties"] |= {
        "organization": {**_PATH, "description": "Path of the org.toml, seen from this file."},
        "extends": {
            "description": "Path of a scenario that this one extends, or several: later ones win.",
            "oneOf": [_PATH, {"type": "array", "items": _PATH}],
        },
        "remove": {
            "description": 'Keys of the extended scenarios to take out, like "gateways.X.probabilities".',
            "type": "array",
            "items": {"type": "string"},
        },
    }
    overrides = _Maker(maker.definitions, is_partial=True)
    for key, model in (("calendars", Calendar), ("units", Unit)):
        inner = {"type": "object", "additionalProperties": overrides.reference(model)}
        table["properties"][key] = {**inner, "description": "As in org.toml, laid over it for this scenario only."}
    del table["required"]
    table["anyOf"] = [{"required": ["organization", "start"]}, {"required": ["extends"]}]
    return _document("Scenario of bpmnmap: arrivals, times, chances, transfers", table, maker)


def _document(title: str, table: Schema, maker: _Maker) -> Schema:
    return {"$schema": _DIALECT, "title": title, **table, "definitions": dict(sorted(maker.definitions.items()))}


class _Maker:
    """Makes the schemas of tables; what occurs more than once becomes a definition.

    Parameters
    ----------
    is_partial
        Whether tables are laid over others, so that no key is required.
    """

    def __init__(self, definitions: dict[str, Schema] | None = None, *, is_partial: bool = False) -> None:
        self.definitions = {} if definitions is None else definitions
        self.is_partial = is_partial

    def table(self, model: type[Table]) -> Schema:
        """Return the schema of a table."""
        told = _told(model)
        keys = model.keys()
        properties = {}
        for name, field in model.model_fields.items():
            text = told.get(name)
            properties[keys[name]] = self._field(field) | ({"description": text} if text else {})
        required = [keys[name] for name, field in model.model_fields.items() if field.is_required()]
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if required and not self.is_partial:
            schema["required"] = required
        return schema

    def reference(self, model: type[Table]) -> Schema:
        """Return a reference to the definition of a table."""
        name = model.__name__ + ("Override" if self.is_partial else "")
        if name not in self.definitions:
            self.definitions[name] = {}  # takes the place until it is made
            self.definitions[name] = self.table(model)
        return {"$ref": f"#/definitions/{name}"}

    def _field(self, field: FieldInfo) -> Schema:
        return self._value(field.annotation, tuple(field.metadata))

    def _value(self, annotation: Any, metadata: tuple[Any, ...]) -> Schema:  # noqa: ANN401
        """Return the schema of a value by what validates it, else by its type."""
        for each in metadata:
            if isinstance(each, (AfterValidator, BeforeValidator)):
                makers: dict[Callable[..., Any], Callable[[], Schema]] = {
                    as_distribution: self._distribution, as_processing_time: self._processing_time, as_attribute: self._attribute,
                    as_count: self._count,
                }  # fmt: skip
                if each.func in makers:
                    return makers[each.func]()
                if each.func in BY_VALIDATOR:
                    return self._known(each.func)
        origin = get_origin(annotation)
        if origin is Annotated:
            inner, *more = get_args(annotation)
            return self._value(inner, (*metadata, *more))
        if origin in (Union, types.UnionType):
            (inner,) = (each for each in get_args(annotation) if each is not type(None))
            return self._value(inner, metadata)
        if origin is dict:
            return {"type": "object", "additionalProperties": self._value(get_args(annotation)[1], ())}
        if origin is tuple:
            return {"type": "array", "items": self._value(get_args(annotation)[0], ())}
        if isinstance(annotation, type) and issubclass(annotation, Table):
            return self.reference(annotation)
        return _plain(annotation, metadata)

    def _distribution(self) -> Schema:
        """Return a reference to what a distribution may be: a duration, or a table that names it."""
        if "distribution" not in self.definitions:
            self.definitions["distribution"] = {}
            self.definitions["distribution"] = {
                "description": "A duration, always the same; or a table that names a distribution.",
                "oneOf": [self._value(*_parts(CLASSES["fixed"], "value")), *(self._named(each) for each in CLASSES.values())],
            }
        return {"$ref": "#/definitions/distribution"}

    def _processing_time(self) -> Schema:
        """Return a distribution, or several with their conditions."""
        several = {"type": "array", "minItems": 1, "items": self.reference(TimeWhen)}
        return {"oneOf": [self._distribution(), several]}

    def _numbers(self) -> Schema:
        """Return a reference to a distribution over numbers."""
        if "numbers" not in self.definitions:
            self.definitions["numbers"] = {}
            named = [self._named(each) for each in NUMBER_CLASSES.values()]
            self.definitions["numbers"] = {"description": "A table that names a distribution over numbers.", "oneOf": named}
        return {"$ref": "#/definitions/numbers"}

    def _attribute(self) -> Schema:
        """Return a reference to what an attribute may be: a distribution over numbers, one value, or categories."""
        if "attribute" not in self.definitions:
            fixed = [self._named(each) | {"required": ["value"]} for each in (FixedNumber, FixedValue)]
            others = [self._named(each) for each in NUMBER_CLASSES.values() if each is not FixedNumber]
            self.definitions["attribute"] = {
                "description": "A distribution over numbers; one value; or categories and their probabilities.",
                "oneOf": [*fixed, *others, self.table(Categorical)],
            }
        return {"$ref": "#/definitions/attribute"}

    def _count(self) -> Schema:
        """Return a whole number, a distribution over numbers, or an expression."""
        number = {"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}
        return {"oneOf": [number, self._numbers(), self._known(as_number_expression)]}

    def _known(self, validator: Callable[..., Any]) -> Schema:
        """Return a reference to the values that a validator lets through."""
        name, self.definitions[name] = BY_VALIDATOR[validator]
        return {"$ref": f"#/definitions/{name}"}

    def _named(self, model: type[Table]) -> Schema:
        name = model.model_fields["distribution"].default
        schema = _Maker(self.definitions).table(model)
        schema["properties"]["distribution"] = {"const": name}
        schema["required"] = ["distribution", *schema.get("required", [])]
        if name == "gamma":
            schema["oneOf"] = [{"required": ["mean", "standard_deviation"]}, {"required": ["shape", "scale"]}]
        return schema


def _parts(model: type[Table], name: str) -> tuple[Any, tuple[Any, ...]]:
    field = model.model_fields[name]
    return field.annotation, tuple(field.metadata)


def _plain(annotation: Any, metadata: tuple[Any, ...]) -> Schema:  # noqa: ANN401
    """Return the schema of a number, a text, a truth value or a date."""
    if annotation is date:
        return dict(DATE)
    schema: Schema = {"type": {bool: "boolean", int: "integer", float: "number", str: "string"}.get(annotation, "string")}
    for bound in [bound for each in metadata for bound in (each.metadata if isinstance(each, FieldInfo) else [each])]:
        schema |= {name: getattr(bound, attribute) for attribute, name in _BOUNDS.items() if hasattr(bound, attribute)}
    return schema


def _told(model: type[Table]) -> dict[str, str]:
    """Return what the docstring of a model says of its fields."""
    text = "\n".join(line.removeprefix("    ") for line in (model.__doc__ or "").splitlines())
    told = {}
    for names, words in _PARAMETER.findall(text):
        for name in names.split(", "):
            told[name] = re.sub(r"`+", "", " ".join(words.split()))
    return {"source": "Where the figures come from.", "assumed": "Whether they are assumed rather than known.", **told}
