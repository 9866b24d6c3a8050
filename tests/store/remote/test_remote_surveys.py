"""Several questions of one table that stays in a data base: its answers count like a file's."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import duckdb
import pytest

from crm_metrics.metrics import compute
from crm_metrics.store import Workspace, of_url

HEADER = ["Respondent ID", "City", "Would you recommend us?", "Rate our staff", "It was easy"]
AGREE = ["Agree", "Strongly agree", "Disagree", None]
ROWS = [
    (f"r{i}", "Perm" if i % 3 else "Omsk", None if i % 7 == 0 else i % 11, 1 + i % 5, AGREE[i % 4])
    for i in range(120)
]


def survey_there(folder: Path, kind: str) -> str:
    """A data base of this kind with the survey as a table; its URL."""
    names = ", ".join(
        f'"{name}" {"INTEGER" if place in (2, 3) else "VARCHAR(40)"}'
        for place, name in enumerate(HEADER)
    )
    path = folder / f"survey.{kind}"
    with (sqlite3 if kind == "sqlite" else duckdb).connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE answers ({names})")
        connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", ROWS)
        connection.commit()
    return f"{kind}://{path}"


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    path = tmp_path / "survey.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    space = Workspace(tmp_path / "files")
    (data,) = space.add(path, "survey.csv")
    space.set_mapping(data.id, data.mapping.with_grain("surveys"))
    return space


def counted(space: Workspace, by: tuple[str, ...]) -> dict[tuple, tuple]:
    with space.engine() as engine:
        values = compute(engine, ["nps", "csat", "answers"], by=by).values
    return {
        (value.metric, *value.group.values()): (value.n, value.value and pytest.approx(value.value))
        for value in values
    }


# SQLite can't repeat a row by a list, so that the questions stand under each other there.
@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")
def test_a_table_of_questions_counts_like_the_file(tmp_path, here, kind):
    space = Workspace(tmp_path / "space", warehouse=of_url(survey_there(tmp_path, kind)))
    taken = space.take("answers")
    (own,) = here.datasets()
    assert [one.field for one in own.mapping.questions] == ["score"] * 3
    space.set_mapping(taken.id, own.mapping)
    for by in (("question",), ("City",)):
        found = counted(space, by)
        assert found == counted(here, by)
        assert found
