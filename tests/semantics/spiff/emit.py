"""A drawn map as BPMN that SpiffWorkflow reads: executable, a condition on each flow that is chosen, no diagram."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.semantics.spiff.draw import Chart, Node

CHOOSING: Final = ("exclusiveGateway", "inclusiveGateway")
REPEATED: Final = {
    "series": '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>',
    "each": "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
    "turns": (
        '<standardLoopCharacteristics loopMaximum="2"><loopCondition>"again " in ways_{id}</loopCondition></standardLoopCharacteristics>'
    ),
}


def emit(chart: Chart) -> bytes:
    """Return the file.

    A gateway looks at the variable `ways_ID` of its token, a text of the ids chosen, each followed by a space.
    """
    body = "\n".join(_elements(chart))
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="drawn" id="d">\n'
        f'<process id="p" isExecutable="true">\n{body}\n</process>\n</definitions>\n'
    ).encode()


def _elements(chart: Chart) -> Iterator[str]:
    for node in chart.nodes.values():
        yield f'<{node.kind} id="{node.id}">{_content(chart, node)}</{node.kind}>'
    for flow, (source, target) in chart.flows.items():
        yield f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{_condition(chart, flow, source)}</sequenceFlow>'


def _content(chart: Chart, node: Node) -> str:
    text = "".join(f"<incoming>{flow}</incoming>" for flow in chart.into(node.id))
    text += "".join(f"<outgoing>{flow}</outgoing>" for flow in chart.out(node.id))
    text += REPEATED[node.repeated].format(id=node.id) if node.repeated else ""
    return text + ("\n".join(["", *_elements(node.inner), ""]) if node.inner else "")


def _condition(chart: Chart, flow: str, source: str) -> str:
    if chart.nodes[source].kind not in CHOOSING or len(chart.out(source)) == 1:
        return ""
    return f'<conditionExpression>"{flow} " in ways_{source}</conditionExpression>'


__all__ = ["CHOOSING", "emit"]
