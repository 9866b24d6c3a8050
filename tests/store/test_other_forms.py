"""The same records in another form: a copy in Excel, ids spoilt, sums without days, other dates."""

from __future__ import annotations

from pathlib import Path

from crm_metrics.store import Dataset, Engine
from crm_metrics.store.together.overlaps import overlaps
from tests.store.test_overlaps import daily, dataset, spend, total


def test_records_without_a_key_that_are_the_same_throughout_count_once(tmp_path: Path):
    fields = {"Day": "created_at", "Who": "full_name", "Sum": "amount"}

    def sales(name: str, days: range, padded: str = "") -> Dataset:
        cells = {
            "Day": [f"2024-03-{day:02}" for day in days],
            "Who": [f"Buyer {day}" for day in days],
            "Sum": [f"{100 + day}{padded}" for day in days],
        }
        return dataset(tmp_path, name, "orders", cells, fields, fingerprint="x")

    copy = [sales("text", range(1, 11)), sales("book", range(1, 13), ".0")]
    (found,) = overlaps(copy)
    assert (found.kind, found.same, found.only_second) == ("records", 10, 2)
    assert total(copy, "orders", "amount") == sum(100 + day for day in range(1, 13))
    few = [copy[0], sales("few", range(9, 20))]
    assert [found.how for found in overlaps(few)] == ["both"]


def test_ids_are_the_same_without_the_zeros_that_a_spreadsheet_dropped(tmp_path: Path):
    fields = {"Order": "order_id", "Mail": "email", "Sum": "amount"}
    cells = {"Order": ["0012", "00A3"], "Mail": ["a@x.example", "b@x.example"], "Sum": ["10", "20"]}
    opened = {**cells, "Order": ["12", "00A3"]}
    sets = [dataset(tmp_path, str(at), "orders", c, fields) for at, c in enumerate((cells, opened))]
    assert [found.same for found in overlaps(sets)] == [2]


def test_a_report_without_days_is_compared_whole(tmp_path: Path):
    by_day = daily(range(1, 11), ("a",))
    cost, clicks = (sum(map(int, by_day[name])) for name in ("Cost", "Clicks"))
    for day in ("", "2024-03-01"):
        sums = {"Day": [day] * 2, "Campaign": ["a", "b"], "Cost": [str(cost - 5), "5"]}
        sums["Clicks"] = [str(clicks - 1), "1"]
        days = {name: by_day[name] for name in ("Day", "Cost", "Clicks")}
        sets = [spend(tmp_path, f"sums{day}", sums), spend(tmp_path, f"days{day}", days)]
        assert [found.kind for found in overlaps(sets)] == ["cut"]
        assert total(sets, "spend", "cost") == cost


def test_a_campaign_without_a_date_is_the_dated_one_where_nothing_differs(tmp_path: Path):
    fields = {"Name": "campaign_name", "Day": "sent_at", "Sent": "sent"}
    cells = {"Name": ["N1", "N2"], "Day": ["2024-03-01", "2024-03-08"], "Sent": ["10", "20"]}
    bare = {**cells, "Day": ["", ""]}
    sets = [
        dataset(tmp_path, name, "campaigns", rows, fields)
        for name, rows in (("dated", cells), ("bare", bare))
    ]
    (found,) = overlaps(sets)
    assert (found.same, found.doubt) == (2, None)
    assert total(sets, "campaigns", "sent") == 30


def test_who_registered_and_who_came_are_the_same_people(tmp_path: Path):
    fields = {"Event": "event_name", "Mail": "email", "Day": "registered_at"}
    mails = [f"p{at}@x.example" for at in range(6)]
    listed = {"Event": ["CRM"] * 6, "Mail": mails, "Day": ["2024-03-01 10:00"] * 6}
    came = {"Event": ["CRM"] * 2, "Mail": mails[:2], "Day": ["2024-03-05 19:00"] * 2}
    sets = [
        dataset(tmp_path, "listed", "attendance", listed, fields),
        dataset(tmp_path, "came", "attendance", came, {**fields, "Day": "joined_at"}),
    ]
    assert [(found.shared, found.how) for found in overlaps(sets)] == [(2, "once")]
    with Engine(sets, overlaps=overlaps(sets)) as engine:
        assert engine.table("attendance").count().to_pyarrow().as_py() == 6
