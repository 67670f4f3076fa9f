"""SplitTable: one handoff table for each group of cases; as text, JSON, CSV and pandas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmnmap.analysis.handoff_rows import RECORD_NAMES
from bpmnmap.analysis.handoff_table import HandoffTable
from bpmnmap.analysis.handoff_text import format_handoffs, time_unit
from bpmnmap.analysis.table import format_csv, to_data_frame
from bpmnmap.eventlog.case_split import Between, GroupValue
from bpmnmap.findings import printable

_NAMES = ("split", "group", *RECORD_NAMES)


@dataclass(frozen=True, slots=True)
class SplitTable:
    """Handoff delays by group of cases: what `handoff_delays` makes of a `CaseSplit`.

    ``print(table)`` shows all groups, in one unit of time.

    Parameters
    ----------
    split
        What cases are split by: an attribute, ``map`` or a condition.
    tables
        By group.
    values
        By group, what its cases have in common.
    """

    split: str
    tables: Mapping[str, HandoffTable]
    values: Mapping[str, GroupValue]

    def __str__(self) -> str:
        total = sum(table.cases["started"] for table in self.tables.values())
        finest = min((time_unit(table) for table in self.tables.values()), key=lambda unit: unit[1], default=None)
        texts = []
        for group, table in self.tables.items():
            heading = f"{printable(self.split)}: {printable(group)} ({table.cases['started']:,} of {total:,} cases)"
            texts.append(f"{heading}\n{format_handoffs(table, finest)}")
        return "\n\n".join(texts) or f"{printable(self.split)}: no counted case"

    def to_dict(self) -> dict[str, Any]:
        """Plain values: ``split``, and ``groups``, each with its ``value`` and the keys of a handoff table."""
        groups = [{"value": _plain(self.values[name])} | table.to_dict() for name, table in self.tables.items()]
        return {"split": self.split, "groups": groups}

    def to_json(self) -> str:
        """JSON text of `to_dict`; equal tables give equal bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_csv(self) -> str:
        """CSV text: the lines of all tables, with the columns ``split`` and ``group`` in front."""
        return format_csv(_NAMES, self._records())

    def to_pandas(self) -> Any:  # noqa: ANN401  pandas is no dependency, so its type is not known here
        """Rows of `to_csv` as a ``pandas.DataFrame``.

        Raises
        ------
        ImportError
            pandas is not installed.
        """
        return to_data_frame(_NAMES, self._records())

    def _records(self) -> list[dict[str, Any]]:
        return [{"split": self.split, "group": name} | record for name, table in self.tables.items() for record in table.records()]


def _plain(value: GroupValue) -> Any:  # noqa: ANN401  whatever JSON holds
    return value._asdict() if isinstance(value, Between) else value
