"""JSON Schemas of values in TOML files, as editors see them: dates are texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from bpmnmap.org.organization import valid_format
from bpmnmap.org.organization_checks import closed_ranges, text_with_letters, valid_holidays, valid_hours, valid_timezone
from bpmnmap.simulation.scenario_checks import as_choices, as_units
from bpmnmap.simulation.scenario_distributions import as_duration, as_instant
from bpmnmap.simulation.scenario_expressions import (
    LARGEST,
    as_assigned,
    as_condition,
    as_flow_condition,
    as_number,
    as_number_expression,
    as_repeat,
)
from bpmnmap.simulation.scenario_numbers import as_truth_or_text
from bpmnmap.simulation.scenario_tables import valid_rounds

Schema: TypeAlias = dict[str, Any]

_NUMBER: Final = r"\d{1,12}"
_LAST: Final = r"\d{1,12}([.,]\d{1,12})?"
DURATION: Final = rf"^\s*P(?=[\dT])({_NUMBER}W)?({_NUMBER}D)?(T(?=\d)({_NUMBER}H)?({_NUMBER}M)?({_NUMBER}S)?)?\s*$".replace(_NUMBER, _LAST)
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
DATE: Final[Schema] = {"type": "string", "pattern": f"^{_DAY}$", "description": "A date, without quotes."}
_EXPRESSION: Final[Schema] = {"type": "string", "pattern": r"\S"}
_NUMBER_SCHEMA: Final[Schema] = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
_UNITS: Final[Schema] = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "not": {"const": "*"}}}

BY_VALIDATOR: Final[dict[Callable[..., Any], tuple[str, Schema]]] = {
    as_duration: (
        "duration",
        {
            "type": "string",
            "pattern": DURATION,
            "description": 'ISO 8601 duration of weeks, days (24 h), hours, minutes and seconds, like "PT15M" or "P1DT2H".',
        },
    ),
    as_instant: (
        "instant",
        {
            "type": "string",
            "pattern": rf"^{_DAY}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?)?$",
            "description": "A date and time, or a date, in the organization's time zone, without quotes and offset: 2026-01-05T08:00:00.",
        },
    ),
    valid_hours: (
        "hours",
        {"type": "string", "minLength": 3, "description": 'Weekly hours, like "Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30".'},
    ),
    valid_rounds: ("rounds", {"type": "string", "minLength": 3, "description": 'Rounds, like "Mon-Fri 10:00 14:00".'}),
    valid_holidays: (
        "holidays",
        {"type": "string", "description": 'A country, or a part of one, whose public holidays are closed, like "ID" or "DE-BY".'},
    ),
    valid_timezone: ("timezone", {"type": "string", "description": 'IANA name of a time zone, like "Asia/Jakarta".'}),
    valid_format: ("format", {"const": 1, "description": "Version of the file's format."}),
    text_with_letters: ("text", {"type": "string", "pattern": r"\S"}),
    closed_ranges: (
        "closed_days",
        {
            "type": "array",
            "items": {"type": "string", "pattern": rf"^\s*{_DAY}\s*(/\s*{_DAY}\s*)?$"},
            "description": 'Further closed days: dates, or ranges like "2026-03-20/2026-03-24", both included.',
        },
    ),
    as_units: (
        "unit_or_units",
        {"description": 'The id of a unit, an array of ids, or "*" for all.', "oneOf": [{"type": "string"}, _UNITS]},
    ),
    as_condition: (
        "condition",
        {**_EXPRESSION, "description": "A condition over the case's attributes, like \"amount > 1000 and district == 'North'\"."},
    ),
    as_flow_condition: (
        "flow_condition",
        {**_EXPRESSION, "description": 'A condition over the case\'s attributes; or "default", where no other one holds.'},
    ),
    as_number_expression: (
        "number_expression",
        {**_EXPRESSION, "description": 'A number computed from the case\'s attributes, like "documents + 1".'},
    ),
    as_assigned: (
        "assigned",
        {"description": "A number, true or false, or an expression.", "oneOf": [_NUMBER_SCHEMA, {"type": "boolean"}, _EXPRESSION]},
    ),
    as_repeat: (
        "repeat",
        {
            "description": "The probability of another turn, or an expression.",
            "oneOf": [{"type": "number", "minimum": 0, "exclusiveMaximum": 1}, _EXPRESSION],
        },
    ),
    as_number: ("number", _NUMBER_SCHEMA),
    as_truth_or_text: ("truth_or_text", {"type": ["boolean", "string"]}),
    as_choices: (
        "choices",
        {
            "description": "Flows by case, then visit; the last entry repeats.",
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "minItems": 1,
                "items": {"oneOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}]},
            },
        },
    ),
}  # fmt: skip
"""What a validator of a field's value means for its schema: the name of a definition, and the definition."""
