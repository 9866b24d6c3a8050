"""Cells that did not parse: seen, counted, kept, and said loudly where they are many."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crm_metrics.facts import build
from tests.facts.made import made_mapping, made_table, parsed


def codes_of(facts) -> list[str]:
    return [issue.code for issue in facts.issues]


@pytest.mark.parametrize(
    ("good", "bad", "loud"), [(80, 20, False), (79, 21, True), (1, 1, True), (0, 3, True)]
)
def test_a_column_that_loses_a_fifth_is_said_loudly(
    tmp_path: Path,
    good: int,
    bad: int,
    loud: bool,  # noqa: FBT001 - a case of the table
):
    cells = ["5.5"] * good + ["n/a"] * 50 + ["abc"] * bad
    _, facts = parsed(tmp_path, cells, "amount", "orders")
    recipe = facts.recipes[0]
    assert (recipe.failed, recipe.filled) == (bad, good + bad)
    assert recipe.unread == loud
    told = [issue for issue in facts.issues if issue.code == "columns_unread"]
    assert [issue.examples for issue in told] == (
        [(f"Header: {bad}/{good + bad}",)] if loud else []
    )
    # The loudest goes first.
    assert codes_of(facts)[0] == ("columns_unread" if loud else "cells_failed")


def test_the_five_commonest_forms_are_counted_and_every_cell_is_kept(tmp_path: Path):
    cells = ["1"] * 100 + [form for i, form in enumerate("abcdefg") for _ in range(9 - i)]
    _, facts = parsed(tmp_path, cells, "amount", "orders")
    assert facts.recipes[0].failed_forms == (("a", 9), ("b", 8), ("c", 7), ("d", 6), ("e", 5))
    assert facts.rejects is not None
    kept = pq.read_table(facts.rejects)
    assert kept["text"].to_pylist() == cells[100:]
    assert kept["line"].to_pylist() == list(range(102, 102 + facts.failed))


def test_failures_of_all_columns_are_kept_apart(tmp_path: Path):
    columns = {
        "Day": ["2024-01-05", "soon", "2024-01-07"],
        "Sent": ["5", "6", "many"],
        "Reply": ["00:00:05", "", "later"],
        "Note": ["?", "soon", "many"],
    }
    fields = {"Day": "created_at", "Sent": "replies", "Reply": "first_reply_time"}
    table = made_table(tmp_path, {"Id": ["1", "2", "3"], **columns})
    facts = build(table, made_mapping(table, "conversations", {"Id": "conversation_id", **fields}))
    assert facts.rejects is not None
    assert [tuple(row.values()) for row in pq.read_table(facts.rejects).to_pylist()] == [
        (3, 1, "Day", "soon"),
        (4, 2, "Sent", "many"),
        (4, 3, "Reply", "later"),
    ]
    assert [recipe.filled for recipe in facts.recipes] == [0, 3, 3, 2, 0]


@pytest.mark.parametrize(
    ("cells", "rounded"),
    [
        (["1.22158E+17", "5"], True),
        (["1,23E+12"], True),
        (["12345678901234500000", "12345678901235600000"], True),
        (["1221580123456789", "122158012345678901"], False),
        (["12345678901234560", "5"], False),
        (["007", "+79991234567", "00000000000000000042"], False),
    ],
)
def test_ids_that_a_workbook_rounded_are_told(
    tmp_path: Path,
    cells: list[str],
    rounded: bool,  # noqa: FBT001 - a case of the table
):
    values, facts = parsed(tmp_path, cells, "order_id", "orders")
    assert values == cells
    assert codes_of(facts) == ["ids_rounded"] * rounded


def test_an_answer_that_was_only_asked_for_is_missing(tmp_path: Path):
    values, facts = parsed(tmp_path, ["5", "Offered", "4"], "score", "surveys")
    assert values == [5, None, 4]
    assert facts.failed == 0


def test_a_region_may_be_called_na(tmp_path: Path):
    values, _ = parsed(tmp_path, ["NA", "EU", "(not set)", "n/a"], "region", "orders")
    assert values == ["NA", "EU", None, None]
