"""Maps as text, for the tests of reading."""

from __future__ import annotations

from pathlib import Path

from bpmnmap.model import Definitions
from bpmnmap.xmlio.reader import parse_bpmn

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:own="urn:permits" targetNamespace="urn:permits"'
)


def text_of_map(inside: str, attributes: str = "") -> str:
    """A map with the given root elements, which begin on line 2."""
    return f"<definitions {NAMESPACES} {attributes}>\n{inside}\n</definitions>\n"


def text_of_process(inside: str) -> str:
    """A map with one process ``p``; what is given begins on line 3."""
    return text_of_map(f'<process id="p">\n{inside}\n</process>')


def read(text: str) -> Definitions:
    return parse_bpmn(text.encode(), "permit.bpmn")


def told(definitions: Definitions) -> list[str]:
    """Findings without their fix: ``line severity[code] element: message``."""
    return [str(finding).splitlines()[0].removeprefix("permit.bpmn:") for finding in definitions.findings]


def fixes(definitions: Definitions) -> list[str | None]:
    return [finding.fix for finding in definitions.findings]
