"""What is refused when a map is read: the limits, and the errors that name them."""

from __future__ import annotations

from bpmnmap.errors import BpmnReadError
from bpmnmap.findings import Finding, Location

MAXIMUM_BYTES = 32 * 1024 * 1024
"""Size of a file, at most."""
MAXIMUM_ELEMENTS = 1_000_000
"""Elements of a file (comments and processing instructions count), at most."""
MAXIMUM_DEPTH = 200
"""Elements within each other, at most."""
MAXIMUM_ATTRIBUTES = 1_000
"""Attributes of one element, at most: lxml takes time with the square of their number."""

EXPORT = "export the map from its modeler as BPMN 2.0 XML"


def refusal(code: str, message: str, path: str | None, line: int | None = None, fix: str = EXPORT) -> BpmnReadError:
    """The error that says why no map can be had from a file."""
    return BpmnReadError([Finding(code, message, Location(path, line), fix=fix)])


def too_large(size: int, path: str | None) -> BpmnReadError:
    """The error for a file of too many bytes."""
    return refusal("too-large", f"{size} bytes, at most {MAXIMUM_BYTES} are read", path, fix="split the map")


def doctype(path: str | None, line: int | None) -> BpmnReadError:
    """The error for a file with a DOCTYPE."""
    message = "has a DOCTYPE, which is refused: a DTD can name other files and grow without bound"
    return refusal("doctype", message, path, line, fix="remove the DOCTYPE; BPMN 2.0 needs none")


def too_deep(path: str | None, line: int | None) -> BpmnReadError:
    """The error for elements too deep within each other."""
    return refusal("too-deep", f"elements stand more than {MAXIMUM_DEPTH} deep within each other", path, line, fix="flatten the map")


def too_many_attributes(path: str | None, line: int | None) -> BpmnReadError:
    """The error for an element with too many attributes."""
    message = f"an element has more than {MAXIMUM_ATTRIBUTES} attributes"
    return refusal("too-large", message, path, line, fix="move them into elements of their own")
