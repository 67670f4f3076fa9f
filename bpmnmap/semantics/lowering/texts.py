"""Expressions that a map holds and that are none in our language: told, as a run then needs the scenario's numbers."""

from __future__ import annotations

from collections.abc import Iterator

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.expressions import ExpressionError, parse_expression
from bpmnmap.semantics.lowering.kinds import definition_of


def unread_expressions(process: m.Process, definitions: m.Definitions) -> list[Finding]:
    """Return a finding for each expression of a process that cannot be read, in document order."""
    found = []
    for element, what, text in _expressions(process, definitions):
        try:
            parse_expression(text)
        except ExpressionError as error:
            found.append(_finding(element, what, text, error, definitions.path))
    found.sort(key=lambda finding: finding.location.line or 0)
    return found


def _expressions(process: m.Process, definitions: m.Definitions) -> Iterator[tuple[m.FlowElement, str, str]]:
    for scope in process.scopes():
        for flow in scope.sequence_flows:
            yield from _text(flow, "condition", flow.condition_expression)
        for node in scope.flow_nodes:
            if isinstance(node, m.CatchEvent):
                definition = definition_of(node, definitions)
                if isinstance(definition, m.ConditionalEventDefinition):
                    yield from _text(node, "condition", definition.condition)
            loop = node.loop_characteristics if isinstance(node, m.Activity) else None
            if isinstance(loop, m.StandardLoopCharacteristics):
                yield from _text(node, "loop condition", loop.loop_condition)
            elif isinstance(loop, m.MultiInstanceLoopCharacteristics):
                yield from _text(node, "number of items", loop.loop_cardinality)
                yield from _text(node, "completion condition", loop.completion_condition)


def _text(element: m.FlowElement, what: str, expression: m.Expression | None) -> Iterator[tuple[m.FlowElement, str, str]]:
    if expression is not None and expression.text:
        yield element, what, expression.text


def _finding(element: m.FlowElement, what: str, text: str, error: ExpressionError, path: str | None) -> Finding:
    shown = " ".join(text.split())
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return Finding(
        "unread-expression",
        f"its {what} '{shown}' is not followed: {error.what}",
        Location(path, element.line),
        Severity.INFO,
        element_kind=element.kind,
        element_id=element.id,
        fix="write it in the language of docs/reference/expressions.md, or say in the scenario what it decides",
        element_name=element.name or None,
    )
