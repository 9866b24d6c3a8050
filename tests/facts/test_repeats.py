"""Rows that stand in a file twice, against pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_metrics.facts import build, repeats
from tests.facts.made import made_mapping, made_table

FIELDS = {"E-mail": "email", "Clicked": "clicked"}


def issue_of(folder: Path, cells: dict[str, list[str]], grain: str, fields: dict[str, str]):
    table = made_table(folder, cells)
    facts = build(table, made_mapping(table, grain, fields))
    assert not list(folder.glob("*.hashes.parquet"))
    assert facts.rows == len(next(iter(cells.values()))), "each of them is counted"
    return next((one for one in facts.issues if one.code == "rows_repeat"), None)


@pytest.mark.parametrize("at_once", [1_000_000, 70])
def test_repeats_are_counted_as_pandas_does(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(repeats, "_AT_ONCE", at_once)
    rng = np.random.default_rng(2)
    cells = {
        "E-mail": [f"p{number}@x.ru" for number in rng.integers(0, 80, 500)],
        "Clicked": rng.choice(["yes", "no"], 500).tolist(),
        "Note": rng.choice(["a", "b", ""], 500).tolist(),
    }
    found = issue_of(tmp_path, cells, "recipients", FIELDS)
    frame = pd.DataFrame(cells)
    assert found.count == frame.duplicated().sum() > 0
    lines = frame.assign(line=frame.index + 2).groupby([*cells])["line"].agg(["min", "max"])
    pairs = {f"{one} = {other}" for one, other in lines.itertuples(index=False) if one != other}
    assert len(found.examples) == 3
    assert set(found.examples) <= pairs


def test_a_difference_anywhere_is_no_repeat(tmp_path):
    cells = {"E-mail": ["a@x.ru"] * 2, "Clicked": ["yes"] * 2, "Note": ["1", "2"]}
    assert issue_of(tmp_path, cells, "recipients", FIELDS) is None


def test_rows_that_name_nothing_may_look_alike(tmp_path):
    cells = {"Score": ["10", "10"], "Date": ["2026-03-01"] * 2}
    assert issue_of(tmp_path, cells, "surveys", {"Score": "score", "Date": "date"}) is None
    days = {"Visits": ["10", "10"], "Date": ["2026-03-01"] * 2}
    found = issue_of(tmp_path / "days", days, "traffic", {"Visits": "sessions", "Date": "date"})
    assert (found.count, found.examples) == (1, ("2 = 3",))
