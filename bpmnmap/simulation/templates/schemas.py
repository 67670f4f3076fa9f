"""The JSON Schemas that the package carries as files."""

from __future__ import annotations

from importlib.resources import files


def schema_text(name: str) -> str:
    """Return the text of a JSON Schema: ``org.schema.json`` or ``scenario.schema.json``.

    Examples
    --------
    >>> import json
    >>> json.loads(schema_text("org.schema.json"))["properties"]["format"]
    {'$ref': '#/definitions/format', 'description': "Version of the file's format."}
    """
    return files("bpmnmap").joinpath("schemas", name).read_text(encoding="utf-8")
