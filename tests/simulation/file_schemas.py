"""The JSON Schemas that the package carries, as the models say them.

Written anew by ``python -m tests.simulation.file_schemas``.
"""

from __future__ import annotations

import json
from pathlib import Path

import bpmnmap
from bpmnmap.simulation.templates.model_schemas import organization_schema, scenario_schema

HERE = Path(bpmnmap.__file__).parent / "schemas"
SCHEMAS = {"org.schema.json": organization_schema, "scenario.schema.json": scenario_schema}


def text(name: str) -> str:
    return json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for each in SCHEMAS:
        (HERE / each).write_text(text(each), encoding="utf-8")
