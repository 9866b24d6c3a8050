"""What data sets share is found and counted once, beside the obvious slow computation in pandas."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.facts import build
from crm_metrics.metrics import compute
from crm_metrics.store import Dataset, Engine, Overlap, Workspace
from crm_metrics.store.together.overlaps import overlaps
from tests.facts.made import made_mapping, made_table

Frame = dict[str, list[str]]
POSTS = {"Id": "post_id", "Day": "published_at", "Reach": "reach", "Likes": "likes"}
SPEND = {"Day": "date", "Campaign": "campaign_name", "Cost": "cost", "Clicks": "clicks"}


def dataset(
    folder: Path, name: str, grain: str, columns: Frame, fields: dict[str, str], **more: object
) -> Dataset:
    """A data set of these cells; `system` and `export` may be told."""
    known = {key: more.pop(key) for key in ("system", "export", "fingerprint") if key in more}
    table = made_table(folder / name, columns)
    mapping = replace(made_mapping(table, grain, fields, **more), **{"fingerprint": name, **known})
    return Dataset(name, table, mapping, build(table, mapping), datetime(2024, 1, 1, tzinfo=UTC))


def total(sets: list[Dataset], grain: str, column: str, found: list[Overlap] | None = None):
    with Engine(sets, overlaps=overlaps(sets) if found is None else found) as engine:
        return engine.table(grain)[column].sum().to_pyarrow().as_py()


def posts(days: range, *, reach: int = 100) -> Frame:
    return {
        "Id": [f"p{day}" for day in days],
        "Day": [f"2024-03-{day:02} 10:00" for day in days],
        "Reach": [str(reach + day) for day in days],
        "Likes": ["5"] * len(days),
    }


def test_a_newer_version_takes_the_place_of_the_older(tmp_path: Path):
    older = dataset(tmp_path, "older", "posts", posts(range(1, 11)), POSTS, fingerprint="x")
    rows = posts(range(1, 16))
    rows["Reach"][3] = "900"
    newer = dataset(tmp_path, "newer", "posts", rows, POSTS, fingerprint="x")
    for order in ([older, newer], [newer, older]):
        (found,) = overlaps(order)
        assert (found.first, found.second) == ("older", "newer")
        assert (found.kind, found.key) == ("records", ("post_id",))
        assert (found.same, found.changed, found.only_first, found.only_second) == (9, 1, 0, 5)
        assert (found.is_version, found.how, found.doubt) == (True, "without_first", None)
        assert total(order, "posts", "reach") == sum(map(int, rows["Reach"]))
    both = replace(found, answer="both")
    expected = sum(map(int, rows["Reach"])) + sum(100 + day for day in range(1, 11))
    assert total(order, "posts", "reach", [both]) == expected


def test_shared_records_count_as_in_the_newer_and_none_is_lost(tmp_path: Path):
    older = dataset(tmp_path, "older", "posts", posts(range(1, 11)), POSTS, fingerprint="x")
    newer = dataset(
        tmp_path, "newer", "posts", posts(range(6, 21), reach=500), POSTS, fingerprint="x"
    )
    (found,) = overlaps([older, newer])
    assert (found.same, found.changed, found.only_first, found.only_second) == (0, 5, 5, 10)
    assert found.period == (date(2024, 3, 6), date(2024, 3, 10))
    frames = [pd.DataFrame(posts(range(6, 21), reach=500)), pd.DataFrame(posts(range(1, 11)))]
    once = pd.concat(frames).drop_duplicates("Id").Reach.astype(int).sum()
    assert total([older, newer], "posts", "reach") == once
    swapped = pd.concat(frames[::-1]).drop_duplicates("Id").Reach.astype(int).sum()
    assert total([older, newer], "posts", "reach", [replace(found, answer="once_first")]) == swapped
    for how, frame in (("without_first", frames[0]), ("without_second", frames[1])):
        left = total([older, newer], "posts", "reach", [replace(found, answer=how)])
        assert left == frame.Reach.astype(int).sum()


@pytest.mark.parametrize("grain", ["orders", "deals", "contacts"])
def test_ids_of_two_shops_that_both_begin_at_one_are_no_duplicates(tmp_path: Path, grain: str):
    own = {"orders": "order_id", "deals": "deal_id", "contacts": "contact_id"}[grain]
    amount = {"orders": "amount", "deals": "amount", "contacts": "segment"}[grain]
    fields = {"Id": own, "Day": "created_at", "Sum": amount}

    def shop(name: str, month: int, same: int = 0) -> Dataset:
        days = [f"2024-{month:02}-{number:02}" for number in range(1, 9)]
        cells = {
            "Id": [str(number) for number in range(1, 9)],
            "Day": [f"2024-01-{number:02}" for number in range(1, same + 1)] + days[same:],
            "Sum": [str(month * 10)] * 8,
        }
        return dataset(tmp_path, name, grain, cells, fields, fingerprint="same")

    assert overlaps([shop("moscow", 1), shop("perm", 2)]) == []
    sets = [shop("moscow", 1), shop("kazan", 2, same=3)]
    (found,) = overlaps(sets)
    assert (found.doubt, found.how, found.shared) == ("ids_coincide", "both", 8)
    with Engine(sets, overlaps=[found]) as engine:
        assert engine.table(grain).count().to_pyarrow().as_py() == 16


def test_ids_mean_nothing_in_another_system(tmp_path: Path):
    fields = {"Id": "order_id", "Day": "created_at", "Sum": "amount"}
    cells = {"Id": ["1", "2"], "Day": ["2024-01-01"] * 2, "Sum": ["5", "6"]}
    sets = [
        dataset(tmp_path, name, "orders", cells, fields, system=name)
        for name in ("Ozon", "Shopify")
    ]
    assert overlaps(sets) == []
    assert total(sets, "orders", "amount", []) == 22


def test_campaigns_meet_by_name_and_day_and_keep_what_only_one_tells(tmp_path: Path):
    mail = dataset(
        tmp_path,
        "mail",
        "campaigns",
        {"C": ["Spring", "Sale"], "D": ["2024-03-05", "2024-03-06"], "S": ["100", "200"],
         "O": ["30", "40"]},
        {"C": "campaign_name", "D": "date", "S": "sent", "O": "opens_unique"},
        constants={"channel": "email"},
        system="Mailchimp",
    )  # fmt: skip
    own = dataset(
        tmp_path,
        "own",
        "campaigns",
        {"N": [" spring", "Sale"], "D": ["05.03.2024", "07.03.2024"], "S": ["101", "200"],
         "R": ["500", "600"]},
        {"N": "campaign_name", "D": "sent_at", "S": "sent", "R": "revenue"},
        constants={"channel": "email"},
    )  # fmt: skip
    (found,) = overlaps([mail, own])
    assert (found.key, found.shared, found.lost) == (("campaign_name",), 1, ("opens_unique",))
    assert "date" in found.beside
    assert total([mail, own], "campaigns", "sent") == 101 + 200 + 200
    assert total([mail, own], "campaigns", "opens_unique") == 70
    assert total([mail, own], "campaigns", "revenue") == 1100
    cells = {"N": ["Spring"], "D": ["2024-03-05"], "S": ["9000"]}
    fields = {"N": "campaign_name", "D": "date", "S": "sent"}
    other = dataset(tmp_path, "other", "campaigns", cells, fields,
                    constants={"channel": "email"}, system="Brevo")  # fmt: skip
    (asked,) = overlaps([mail, other])
    assert (asked.doubt, asked.how) == ("sent_differ", "both")


def spend(folder: Path, name: str, rows: Frame, **more: object) -> Dataset:
    fields = {header: field for header, field in SPEND.items() if header in rows}
    return dataset(folder, name, "spend", rows, fields, **more)


def daily(days: range, campaigns: tuple[str, ...], cost: int = 10) -> Frame:
    pairs = [(day, name) for day in days for name in campaigns]
    return {
        "Day": [f"2024-03-{day:02}" for day, _ in pairs],
        "Campaign": [name for _, name in pairs],
        "Cost": [str(cost + day) for day, _ in pairs],
        "Clicks": ["3"] * len(pairs),
    }


def test_days_in_two_reports_count_once(tmp_path: Path):
    first = spend(tmp_path, "first", daily(range(1, 11), ("a", "b")), fingerprint="x")
    rows = daily(range(8, 15), ("a", "b"))
    rows["Cost"][0] = "19"
    second = spend(tmp_path, "second", rows, fingerprint="x")
    (found,) = overlaps([first, second])
    assert (found.key, found.beside) == (("date",), ("channel", "campaign_name"))
    assert (found.same, found.changed, found.only_second) == (5, 1, 8)
    frames = pd.concat([pd.DataFrame(rows), pd.DataFrame(daily(range(1, 11), ("a", "b")))])
    once = frames.drop_duplicates(["Day", "Campaign"]).Cost.astype(int).sum()
    assert total([first, second], "spend", "cost") == once


def test_the_days_of_two_accounts_are_asked_about_not_dropped(tmp_path: Path):
    one = spend(tmp_path, "one", daily(range(1, 11), ("a",)), fingerprint="x")
    two = spend(tmp_path, "two", daily(range(1, 11), ("a",), cost=700), fingerprint="x")
    (found,) = overlaps([one, two])
    assert (found.doubt, found.how, found.changed) == ("sums_differ", "both", 10)


def test_two_breakdowns_of_one_spending_are_never_summed(tmp_path: Path):
    rows = daily(range(1, 11), ("a", "b"))
    by_campaign = spend(tmp_path, "by campaign", rows, system="VK Ads", export="campaigns")
    frame = pd.DataFrame(rows).astype({"Cost": int, "Clicks": int})
    days = frame.groupby("Day")[["Cost", "Clicks"]].sum().reset_index().astype(str)
    days["Leads"] = "1"
    cells = {header: list(days[header]) for header in days}
    by_day = dataset(
        tmp_path,
        "by day",
        "spend",
        cells,
        {**SPEND, "Leads": "leads"},
        system="VK Ads",
        export="days",
    )
    (found,) = overlaps([by_campaign, by_day])
    assert (found.kind, found.key, found.doubt) == ("cut", ("campaign_name",), None)
    assert found.measures == ("clicks", "cost")
    assert [(one.field, one.first, one.second) for one in found.totals] == [
        ("cost", frame.Cost.sum(), frame.Cost.sum()),
        ("clicks", frame.Clicks.sum(), frame.Clicks.sum()),
    ] or {one.field for one in found.totals} == {"cost", "clicks"}
    sets = [by_campaign, by_day]
    assert total(sets, "spend", "cost") == frame.Cost.sum()
    assert total(sets, "spend", "leads") == 10
    assert total(sets, "spend", "cost", [replace(found, answer="both")]) == 2 * frame.Cost.sum()


def test_two_unknown_tables_are_two_breakdowns_only_where_their_sums_agree(tmp_path: Path):
    rows = daily(range(1, 11), ("a", "b"))
    days = {"Day": rows["Day"][::2], "Cost": [str(2 * int(c)) for c in rows["Cost"][::2]]}
    one, two = spend(tmp_path, "one", rows), spend(tmp_path, "two", days)
    assert [found.kind for found in overlaps([one, two])] == ["cut"]
    other = spend(tmp_path, "other", {**days, "Cost": ["5"] * 10})
    assert overlaps([one, other]) == []


def test_days_of_two_systems_are_never_one(tmp_path: Path):
    rows = daily(range(1, 11), ("a",))
    sets = [spend(tmp_path, name, rows, system=name) for name in ("VK Ads", "Google Ads")]
    assert overlaps(sets) == []


def test_events_of_overlapping_downloads(tmp_path: Path):
    chosen = random.Random(4)
    lines = [
        (f"2024-03-01 10:{chosen.randrange(60):02}:{chosen.randrange(60):02}",
         chosen.choice(["open", "click"]), f"u{chosen.randrange(9)}@a.ru",
         f"m{chosen.randrange(3)}")
        for _ in range(400)
    ]  # fmt: skip
    fields = {"t": "ts", "e": "event_type", "p": "email", "m": "message_id"}

    def log(name: str, part: list[tuple[str, ...]]) -> Dataset:
        cells = {key: [line[at] for line in part] for at, key in enumerate(fields)}
        return dataset(tmp_path, name, "events", cells, fields, fingerprint="x")

    first, second = log("first", lines[:300]), log("second", lines[200:])
    found = overlaps([first, second])
    with Engine([first, second], overlaps=found) as engine:
        counted = engine.table("events").count().to_pyarrow().as_py()
    kept = set(lines[200:])
    assert counted == 200 + sum(line not in kept for line in lines[:300])


def test_without_a_key_only_the_days_are_said(tmp_path: Path):
    fields = {"Day": "created_at", "Wait": "first_reply_time"}
    cells = {"Day": ["2024-03-01", "2024-03-09"], "Wait": ["60", "70"]}
    later = {"Day": ["2024-03-05", "2024-03-19"], "Wait": ["60", "70"]}
    sets = [
        dataset(tmp_path, name, "conversations", rows, fields, fingerprint="x")
        for name, rows in (("one", cells), ("two", later))
    ]
    (found,) = overlaps(sets)
    assert (found.kind, found.doubt, found.how) == ("period", "no_key", "both")
    assert found.options == ("both", "without_first", "without_second")


def test_duplicates_within_a_file_stay(tmp_path: Path):
    rows = posts(range(1, 4))
    twice = {header: cells * 2 for header, cells in rows.items()}
    one = dataset(tmp_path, "one", "posts", twice, POSTS)
    assert overlaps([one]) == []
    assert total([one], "posts", "likes") == 30
    two = dataset(tmp_path, "two", "posts", twice, POSTS)
    (found,) = overlaps([one, two])
    assert (found.same, found.changed, found.only_first) == (6, 0, 0)
    assert total([one, two], "posts", "likes") == 30


def test_ids_that_excel_has_spoilt_tell_nothing(tmp_path: Path):
    rows = {**posts(range(1, 4)), "Id": ["1.22158E+17"] * 3}
    more = {**posts(range(4, 7)), "Id": ["1.22158E+17"] * 3}
    sets = [dataset(tmp_path, name, "posts", r, POSTS) for name, r in (("a", rows), ("b", more))]
    assert overlaps(sets) == []


def test_of_three_versions_one_always_counts(tmp_path: Path):
    sets = [
        dataset(tmp_path, name, "posts", posts(range(1, 11), reach=reach), POSTS, fingerprint="x")
        for name, reach in (("a", 100), ("b", 200), ("c", 300))
    ]
    found = overlaps(sets)
    assert len(found) == 3
    assert total(sets, "posts", "reach", found) == 10 * 300 + 55
    circle = [
        replace(one, answer="without_second" if one.pair == ("a", "c") else "without_first")
        for one in found
    ]
    assert total(sets, "posts", "reach", circle) in {1055, 2055, 3055}
    circle = [
        replace(one, answer="once_first" if one.pair == ("a", "c") else "once") for one in found
    ]
    assert total(sets, "posts", "reach", circle) in {1055, 2055, 3055}


def test_the_workspace_keeps_the_choice_and_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    space = Workspace(tmp_path / "space")
    header = "Order ID,Date,Amount,Customer email\n"
    lines = [f"{n},2024-03-{n:02},{n * 10},u{n}@a.ru\n" for n in range(1, 21)]
    for name, part in (("march.csv", lines[:12]), ("spring.csv", lines[8:])):
        (tmp_path / name).write_text(header + "".join(part))
        space.add(tmp_path / name, name)

    def amount() -> float:
        with space.engine() as engine:
            (value,) = compute(engine, ["revenue"]).values
            return value.components["sum"]

    (found,) = space.together.overlaps()
    assert (found.same, found.only_first, found.only_second) == (4, 8, 8)
    once = sum(n * 10 for n in range(1, 21))
    assert amount() == once
    before = space.version
    space.together.settle(found, "both")
    assert space.version != before
    assert amount() == once + 10 * (9 + 10 + 11 + 12)
    monkeypatch.setattr("crm_metrics.store.together.overlaps.opened", None)
    (again,) = Workspace(space.folder).together.overlaps()
    monkeypatch.undo()
    assert (again.how, again.chosen) == ("both", True)
    space.together.settle(found, None)
    assert amount() == once
    assert not space.together.overlaps()[0].chosen
    shared = space.together.shared(space.together.overlaps()[0], 2).to_pylist()
    assert [row["order_id"] for row in shared] == ["10", "10", "9", "9"]
    assert [row["__line"] for row in shared] == [11, 3, 10, 2]
