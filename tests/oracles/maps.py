"""Small maps as BPMN 2.0 text, written as chains of nodes."""

from __future__ import annotations

import bpmnmap as bm

_KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "timer": "intermediateCatchEvent",
}
_HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/oracles">'


def process_map(*chains: str, process: str = "P") -> bm.Definitions:
    """Map of a process from chains like ``start > A > xor``: names that begin with start, end, xor, and or timer are such nodes, all others tasks.

    The flow from A to B has the id ``A_B``; a task that several flows lead to takes each token by itself.
    """
    links = [link for chain in chains for link in zip(_names(chain), _names(chain)[1:], strict=False)]
    nodes = dict.fromkeys(name for chain in chains for name in _names(chain))
    parts = [_node(name) for name in nodes]
    parts += [f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>' for source, target in links]
    return bm.parse_bpmn(f'{_HEAD}<process id="{process}">{"".join(parts)}</process></definitions>'.encode())


def _names(chain: str) -> list[str]:
    return chain.split(" > ")


def _node(name: str) -> str:
    kind = next((kind for prefix, kind in _KINDS.items() if name.startswith(prefix)), "task")
    content = f'<timerEventDefinition id="{name}_d"/>' if kind == "intermediateCatchEvent" else ""
    return f'<{kind} id="{name}">{content}</{kind}>'
