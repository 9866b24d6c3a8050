"""Totals of data sets of different grains: compared beside plain counting, never summed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from crm_metrics.metrics import compute
from crm_metrics.store import Dataset, Engine, Overlap
from crm_metrics.store.together.overlaps import overlaps
from tests.store.test_overlaps import dataset

CAMPAIGNS = {"C": "campaign_name", "D": "date", "S": "sent", "O": "opens_unique", "R": "revenue"}
PEOPLE = {"C": "campaign_name", "E": "email", "O": "opened", "D": "sent_at"}


def campaigns(folder: Path, opens: int = 3) -> Dataset:
    cells = {"C": ["Spring", "Sale"], "D": ["2024-03-05", "2024-03-06"], "S": ["5", "200"],
             "O": [str(opens), "40"], "R": ["70", "80"]}  # fmt: skip
    return dataset(folder, "mail", "campaigns", cells, CAMPAIGNS, constants={"channel": "email"})


def people(folder: Path) -> Dataset:
    cells = {"C": ["spring "] * 5, "E": [f"u{n}@a.ru" for n in range(5)],
             "O": ["1", "1", "1", "0", "0"], "D": ["2024-03-05"] * 5}  # fmt: skip
    return dataset(folder, "people", "recipients", cells, PEOPLE, constants={"channel": "email"})


def sums(found: Overlap) -> dict[str, tuple[float, float]]:
    return {total.field: (total.first, total.second) for total in found.totals}


def test_people_against_their_campaign(tmp_path: Path):
    (found,) = overlaps([people(tmp_path), campaigns(tmp_path)])
    assert (found.kind, found.first, found.second) == ("finer", "mail", "people")
    assert (found.key, found.same, found.how) == (("campaign_name",), 1, "once")
    assert sums(found) == {"sent": (5, 5), "opens_unique": (3, 3)}
    assert found.agrees
    (other,) = overlaps([people(tmp_path), campaigns(tmp_path, opens=4)])
    assert sums(other)["opens_unique"] == (4, 3)
    assert not other.agrees


def test_the_finer_data_set_counts_before_the_campaign(tmp_path: Path):
    sets = [people(tmp_path), campaigns(tmp_path)]
    (found,) = overlaps(sets)
    for how, sent in (("both", 210), ("once", 205), ("once_first", 205), ("without_first", 5)):
        with Engine(sets, overlaps=[replace(found, answer=how)]) as engine:
            (value,) = compute(engine, ["messages_sent"]).values
            assert value.value == sent
            # What the people's file does not tell counts by the sums.
            sold = compute(engine, ["revenue"]).values
            assert [one.value for one in sold] == ([] if how == "without_first" else [150])


def test_a_part_of_the_people_is_a_doubt_with_both_figures(tmp_path: Path):
    cells = {"C": ["Sale"] * 5, "E": [f"u{n}@a.ru" for n in range(5)], "O": ["1"] * 5,
             "D": ["2024-03-06"] * 5}  # fmt: skip
    openers = dataset(tmp_path, "openers", "recipients", cells, PEOPLE,
                      constants={"channel": "email"})  # fmt: skip
    sets = [openers, campaigns(tmp_path)]
    (found,) = overlaps(sets)
    assert (found.doubt, sums(found)["sent"]) == ("partly", (200, 5))
    with Engine(sets, overlaps=[found]) as engine:
        (value,) = compute(engine, ["open_rate"]).values
        assert value.components == {"x": 43, "n": 205}
        assert "finer_partial" in value.flags


def test_a_log_of_events_against_its_campaign(tmp_path: Path):
    log = pd.DataFrame(
        [("open", "u1"), ("open", "u1"), ("open", "u2"), ("sent", "u1"), ("sent", "u2"),
         ("sent", "u3"), ("sent", "u4"), ("sent", "u5")],
        columns=["K", "P"],
    )  # fmt: skip
    cells = {"T": ["2024-03-05 10:00"] * 8, "K": list(log.K), "C": ["Spring"] * 8,
             "P": [f"{name}@a.ru" for name in log.P]}  # fmt: skip
    fields = {"T": "ts", "K": "event_type", "P": "email", "C": "campaign_name"}
    events = dataset(tmp_path, "log", "events", cells, fields)
    (found,) = overlaps([campaigns(tmp_path, opens=2), events])
    people_of = log.groupby("K").P.nunique()
    assert sums(found) == {"sent": (5, people_of["sent"]), "opens_unique": (2, people_of["open"])}


def orders(folder: Path, count: int = 10, currency: str = "RUB") -> Dataset:
    cells = {
        "I": [str(n) for n in range(count)],
        "D": [f"2024-03-{n + 1:02}" for n in range(count)],
        "A": ["10"] * count,
    }
    return dataset(
        folder,
        f"orders {currency}",
        "orders",
        cells,
        {"I": "order_id", "D": "created_at", "A": "amount"},
        constants={"currency": currency},
    )


def days(folder: Path, grain: str, count: int) -> Dataset:
    cells = {"D": ["2024-03-02", "2024-03-05"], "X": ["7", "9"], "O": [str(count), "1"],
             "R": [f"{count}0", "10"]}  # fmt: skip
    fields = {"D": "date", "X": "clicks", "O": "orders", "R": "revenue"}
    return dataset(folder, grain, grain, cells, fields, constants={"currency": "RUB"})


def test_orders_against_the_visits_of_the_same_days(tmp_path: Path):
    (found,) = overlaps([orders(tmp_path), days(tmp_path, "traffic", 3)])
    assert (found.kind, found.options) == ("totals", ("both",))
    assert sums(found) == {"orders": (4, 4), "revenue": (40, 40)}
    other = overlaps([orders(tmp_path, currency="USD"), days(tmp_path, "traffic", 3)])
    assert [sums(one) for one in other] == [{"orders": (4, 4)}]


def test_advertising_is_a_word_only_where_it_claims_more_than_all(tmp_path: Path):
    assert overlaps([orders(tmp_path), days(tmp_path, "spend", 2)]) == []
    (found,) = overlaps([orders(tmp_path), days(tmp_path, "spend", 9)])
    assert sums(found) == {"orders": (10, 4), "revenue": (100, 40)}
    assert not found.agrees


def test_won_deals_against_orders(tmp_path: Path):
    cells = {"I": ["1", "2", "3"], "D": ["2024-03-01", "2024-03-02", "2024-03-10"],
             "S": ["won", "lost", "won"], "A": ["30", "99", "60"]}  # fmt: skip
    fields = {"I": "deal_id", "D": "created_at", "S": "status", "A": "amount"}
    deals = dataset(tmp_path, "deals", "deals", cells, fields, constants={"currency": "RUB"})
    (found,) = overlaps([deals, orders(tmp_path)])
    assert sums(found) == {"amount": (100, 90)}
