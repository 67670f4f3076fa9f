"""HandoffTable: one row per pair of units or activities; as text, JSON, CSV and pandas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bpmnmap.analysis.handoff_rows import RECORD_NAMES, HandoffFigures, HandoffRow
from bpmnmap.analysis.handoff_text import format_handoffs
from bpmnmap.analysis.table import format_csv, to_data_frame


@dataclass(frozen=True, slots=True)
class HandoffTable(HandoffFigures):
    """Handoff delays, the widest mean first: what `handoff_delays` returns.

    ``print(table)`` shows it, ``for row in table`` walks the handoffs; its attributes are those of `HandoffFigures`.
    """

    def __iter__(self) -> Iterator[HandoffRow]:
        """Walk the handoffs."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the pairs with handoffs."""
        return len(self.rows)

    def __str__(self) -> str:
        return format_handoffs(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, keys and order as in formats.md."""
        return {
            "time_unit": "s",
            "time": self.time,
            "by": self.by,
            "confidence": self.confidence,
            "replications": self.replications,
            "seed": self.seed,
            "cases": dict(self.cases),
            "assumed": list(self.assumed),
            "rows": [row.to_dict() for row in self.rows],
            "other_rows": [row.to_dict() for row in self.other_rows],
            "cycle_time": None if self.time == "working" else self.cycle_time.to_dict(),
        }

    def to_json(self) -> str:
        """JSON text, keys and order as in formats.md; equal tables give equal bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_csv(self) -> str:
        """CSV text: one line per row, handoffs first, then the others, told apart by ``kind``."""
        return format_csv(RECORD_NAMES, self.records())

    def to_pandas(self) -> Any:  # noqa: ANN401  pandas is no dependency, so its type is not known here
        """Rows of `to_csv` as a ``pandas.DataFrame``.

        Raises
        ------
        ImportError
            pandas is not installed.
        """
        return to_data_frame(RECORD_NAMES, self.records())

    def records(self) -> list[dict[str, Any]]:
        """Rows of `to_csv` as flat dicts."""
        return [row.to_record() for row in (*self.rows, *self.other_rows)]
