"""The list of a segment's people: who they are, masked or whole, and what they bought."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from crm_metrics.findings.people_list import people_csv
from crm_metrics.metrics.segments.segment import Rule, Segment
from tests.metrics.segments.made import engine, frames, person, sales
from tests.metrics.stand_in import FrameEngine

BUYERS = Segment("Buyers", (Rule("orders", "rows", "count", "at_least", ("5",)),))


def read(made: FrameEngine, segment: Segment, lang: str = "en", **options: bool) -> list[dict]:
    text = b"".join(people_csv(made, segment, lang, **options)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if lang == "ru" else ","))


def test_a_row_a_person_with_what_a_slow_reader_finds():
    rows = {row["Customer ID"].strip().lower(): row for row in read(engine(), BUYERS, masked=False)}
    bought = sales()
    by = bought.groupby("person")
    lines = by.order_id.nunique()
    assert set(rows) == set(lines.index[lines >= 5])
    every = pd.concat(
        frames()[grain].assign(person=person(grain))[["person", "date"]]
        for grain in ("orders", "contacts", "recipients", "surveys")
    )
    seen = every.groupby("person").date.agg(["min", "max"])
    for name, row in rows.items():
        own = by.get_group(name)
        assert int(row["Orders"]) == own.order_id.nunique()
        assert float(row["Revenue"]) == pytest.approx(own.amount.sum())
        assert row["First order"] == str(own.date.min().date())
        assert row["Last order"] == str(own.date.max().date())
        assert row["First seen"] == str(seen.loc[name, "min"].date())
        assert row["Last seen"] == str(seen.loc[name, "max"].date())
        assert row["E-mail"].lower() == f"p{name.removeprefix('c')}@x.ru"


def test_names_are_masked_unless_asked_for_and_no_cell_is_a_formula():
    contacts = pd.DataFrame(
        {
            "customer_id": ["=1+1", "7"],
            "email": ["-anna@x.ru", None],
            "full_name": ["=SUM(A1) Ivanova", "Олег"],
            "phone": ["+79001112233", None],
            "city": "Tula",
        }
    )
    told = FrameEngine(contacts=contacts)
    tula = Segment("Tula", (Rule("contacts", "city", "any", "is", ("tula",)),))
    masked = {row["Телефон"]: row for row in read(told, tula, "ru")}
    text = str(masked)
    assert "anna" not in text and "Ivanova" not in text and "Олег" not in text  # noqa: PT018
    assert "111" not in text
    assert {row["ID клиента"] for row in masked.values()} == {"'=1+1", "7"}
    whole = read(told, tula, "ru", masked=False)
    assert {row["Имя"] for row in whole} == {"'=SUM(A1) Ivanova", "Олег"}
    for row in (*whole, *masked.values()):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    assert "Выручка" not in whole[0]


def test_nobody_is_a_header_alone():
    nobody = Segment("Nobody", (Rule("orders", "rows", "count", "more", ("999",)),))
    assert read(engine(), nobody) == []
    assert len(list(people_csv(engine(), nobody, "en"))) <= 2
    posts = FrameEngine(posts=frames()["posts"])
    assert read(posts, nobody) == []
