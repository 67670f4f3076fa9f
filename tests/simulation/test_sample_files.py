"""The sample files name their JSON Schemas in the first line, as `bpmnmap scenario new` writes it, so that editors complete them."""

from __future__ import annotations

from pathlib import Path

import pytest

SIMULATIONS = Path(__file__).parents[2] / "simulations"
FILES = sorted(SIMULATIONS.rglob("*.toml"))


def test_there_are_sample_files() -> None:
    assert [path.relative_to(SIMULATIONS).as_posix() for path in FILES] == [
        "all.toml",
        "birth_certificate/as_is.toml",
        "both.toml",
        "building_approval/as_is.toml",
        "building_approval/to_be.toml",
        "org.toml",
        "payment_disbursement/as_is.toml",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SIMULATIONS).as_posix())
def test_the_first_line_names_the_schema_of_the_package(path: Path) -> None:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    directive, _, name = first.partition(" ")
    assert directive == "#:schema"
    kind = "org" if path.name == "org.toml" else "scenario"
    assert (path.parent / name).resolve() == (SIMULATIONS.parent / "bpmnmap/schemas" / f"{kind}.schema.json").resolve()
    assert name.startswith(".")  # a path from the file's own folder, to editors
    assert (path.parent / name).is_file()
