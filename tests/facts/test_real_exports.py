"""Facts of real files, against pandas computed plainly."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.facts import Facts, build
from tests.facts.made import made_mapping, made_table, values_of

DATA = Path(__file__).parent.parent / "data"


def facts_of(
    folder: Path, file: str, delimiter: str, grain: str, fields: dict[str, str], **formats: dict
) -> Facts:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as source:
        header, *rows = [row for row in csv.reader(source, delimiter=delimiter) if row]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    table = made_table(folder, columns)
    facts = build(table, made_mapping(table, grain, fields, **formats))
    assert facts.rows == len(rows)
    return facts


def total(facts: Facts, field: str) -> float:
    return sum(value for value in values_of(facts, field) if value is not None)


def test_facebook_posts(tmp_path: Path):
    fields = {
        "Lifetime Post Total Reach": "reach",
        "Lifetime Post Total Impressions": "impressions",
        "Total Interactions": "engagements",
        "Page total likes": "followers",
        "Type": "post_type",
        "Paid": "is_paid",
    }
    facts = facts_of(tmp_path, "facebook_posts.csv", ";", "posts", fields)
    plain = pd.read_csv(DATA / "facebook_posts.csv", sep=";")
    assert facts.rows == 500
    for header, field in fields.items():
        if header != "Type":
            assert total(facts, field) == plain[header].sum()
    assert values_of(facts, "post_type") == plain["Type"].tolist()
    # One post's Paid is empty in the file.
    assert values_of(facts, "is_paid").count(None) == plain["Paid"].isna().sum() == 1
    assert facts.failed == 0


def test_bank_calls(tmp_path: Path):
    fields = {"duration": "talk_time", "y": "converted"}
    facts = facts_of(tmp_path, "bank_calls.csv", ";", "calls", fields, talk_time={"unit": "s"})
    plain = pd.read_csv(DATA / "bank_calls.csv", sep=";")
    assert facts.rows == 4119
    assert total(facts, "talk_time") == plain["duration"].sum()
    assert total(facts, "converted") == (plain["y"] == "yes").sum()
    assert set(values_of(facts, "channel")) == {"phone"}
    assert facts.failed == 0
    assert facts.dimensions["c7"] == "contact"


def test_carpentries_survey(tmp_path: Path):
    file = "carpentries_nps_survey_2017.csv"
    fields = {"Likely-To-Recommend": "score", "Country": "country"}
    facts = facts_of(tmp_path, file, ",", "surveys", fields)
    plain = pd.read_csv(DATA / file)
    assert facts.rows == len(plain) == 476
    scores = plain["Likely-To-Recommend"]
    assert total(facts, "score") == scores.sum()
    assert sum(value is not None for value in values_of(facts, "score")) == scores.count()
    assert facts.failed == 0


def test_saas_deals(tmp_path: Path):
    fields = {
        "AQL date": "created_at",
        "Closing Date": "closed_at",
        "Stage": "stage",
        "Source": "source",
        "PPC budget USD": "amount",
    }
    plain = pd.read_csv(DATA / "saas_deals.csv")
    words = {"closed won": "won", "closed lost": "lost"}
    facts = facts_of(tmp_path, "saas_deals.csv", ",", "deals", fields, stage={"values": words})
    assert facts.rows == len(plain) == 895
    for header, field in (("AQL date", "created_at"), ("Closing Date", "closed_at")):
        dates = pd.to_datetime(plain[header], format="%b %d, %Y")
        expected = [None if pd.isna(day) else day.to_pydatetime() for day in dates]
        assert values_of(facts, field) == expected
    won, lost = (plain["Stage"].eq(f"Closed {word}").sum() for word in ("Won", "Lost"))
    status = values_of(facts, "status")
    assert (status.count("won"), status.count("lost")) == (won, lost) == (216, 431)
    # A range such as 500-1000 is no amount: it is set aside, not read as one of its ends.
    budget = plain["PPC budget USD"].dropna()
    ranges = budget[budget.str.contains(r"[-+]")]
    assert facts.failed == len(ranges) > 0
    assert values_of(facts, "amount").count(0.0) == budget.eq("0.0").sum()


def test_cdnow_orders(tmp_path: Path):
    rows = [line.split() for line in (DATA / "cdnow_orders_sample.txt").read_text().splitlines()]
    columns = {str(i + 1): [row[i] for row in rows] for i in range(5)}
    table = made_table(tmp_path, columns)
    fields = {"1": "customer_id", "3": "created_at", "4": "quantity", "5": "amount"}
    facts = build(table, made_mapping(table, "orders", fields))
    plain = pd.read_csv(
        DATA / "cdnow_orders_sample.txt", sep=r"\s+", header=None, dtype={0: str, 2: str}
    )
    assert facts.rows == len(plain) == 6919
    assert total(facts, "amount") == pytest.approx(plain[4].sum())
    assert total(facts, "quantity") == plain[3].sum()
    assert values_of(facts, "customer_id") == plain[0].tolist()
    dates = pd.to_datetime(plain[2], format="%Y%m%d")
    assert values_of(facts, "date") == [day.date() for day in dates]
    assert facts.failed == 0
