"""Made samples of vendors, one per file of `tests/data/vendors`, read as a user's upload is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_metrics import facts, intake
from crm_metrics.mapping import suggest
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.recognition.exports import FOLDER, read_system
from tests.mapping.made import EXPORTS, made_table

SAMPLES = sorted((Path(__file__).parent.parent / "data" / "vendors").iterdir())
UNKNOWN = ["Qwzx", "Внутренний код смены", "Misc 7"]


def test_every_export_has_a_sample():
    """In the catalogue, or as a made file that bears the name of its system's file."""
    catalogued = {(entry["system"], entry["export"]) for entry in EXPORTS}
    sampled = {path.name.partition(".")[0] for path in SAMPLES}
    bare = {
        (path.name, export.name)
        for path in FOLDER.glob("*.toml")
        for export in read_system(path)
        if export.grain
        and (export.system, export.name) not in catalogued
        and path.stem not in sampled
    }
    assert not bare


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_recognised_read_whole_and_typed(path, tmp_path):
    exports = read_system(FOLDER / f"{path.name.partition('.')[0]}.toml")
    table = intake.read(path, workdir=tmp_path)[0]
    mapping = suggest(table)
    assert mapping.system == exports[0].system
    assert mapping.level in {"sure", "likely"}
    export = next(one for one in exports if one.name == mapping.export)
    assert not {item.name for item in mapping.columns if item.level == "ask"}
    assert {read_name(item.name).key for item in mapping.columns} <= export.columns.keys()
    assert facts.build(table, mapping).failed == 0

    fields = {item.name: item.field for item in mapping.columns}
    for headers, rows in thinned(table, random.Random(path.name)):
        again = suggest(made_table(tmp_path, headers, rows))
        assert (again.system, again.export) == (mapping.system, mapping.export)
        for item in again.columns:
            # A column that yielded its field to a better one takes it when that one is gone.
            assert item.field is None or fields.get(item.name, "") in {item.field, None}, item


def thinned(
    table: intake.Table, chance: random.Random
) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The table three times in another order, without 30 % of its columns, with foreign ones."""
    rows = table.frame().to_numpy().tolist()
    for _ in range(3):
        kept = chance.sample(range(len(table.headers)), round(0.7 * len(table.headers)))
        headers = [*(table.headers[at] for at in kept), *UNKNOWN]
        yield headers, [[*(row[at] for at in kept), "aa", "bb", "cc"] for row in rows]
