"""What the Channels page asks of 10,000,000 recipients: ours, SQL by hand, pandas.

    python -m benchmarks.ten_million_facts [--rows 10000000] [--runs 2] [--folder F]

`page` is a month and the month before by channel and in total, a trend by week, and campaigns: nine
metrics with their components and marks. `filter` is the first of these for two channels only.
`people` counts different people, which do not add. Every way is a process of its own, and all must
give the same numbers; what is too young and the marks are compared between ours and the SQL, and
pandas is spared them. Needs 0.1 GB of disk for 10 million rows; pandas takes gigabytes of memory.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.made_recipients import DAYS, FIRST_DAY, recipients
from benchmarks.measuring import in_turn, print_ratios, report

KEYS = (
    *("messages_sent", "delivery_rate", "open_rate", "click_rate", "ctor"),
    *("unsub_rate", "complaint_rate", "conversion_rate", "revenue"),
)
NOW = (date(2026, 1, 1), date(2026, 1, 31))
BEFORE = (date(2025, 12, 1), date(2025, 12, 31))
TWO = ("email", "push")
SHARES = {
    "open": ("opened", "base"),
    "click": ("clicked", "base"),
    "ctor": ("clicked", "opened"),
    "unsub": ("unsubscribed", "base"),
    "complaint": ("complained", "base"),
    "conversion": ("converted", "base"),
}
WAYS = {
    "page": ("ours", "cube", "sql", "pandas"),
    "filter": ("ours", "cube", "sql", "pandas"),
    "people": ("ours", "sql", "pandas"),
    "making": ("cube",),
}
_NAMES = {"open": "open_rate", "click": "click_rate", "unsub": "unsub_rate", "ctor": "ctor"}
_NAMES |= {"complaint": "complaint_rate", "conversion": "conversion_rate"}
_PARTS = ("x", "n", "sum")
_MARKS = {"base_sent", "mpp_raw", "immature", "part_left_out"}
Answer = list[tuple[str, ...]]


def main() -> None:
    """Run the ways of each step in turn, print the least times, the highest peaks and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--runs", type=int, default=2)
    options.add_argument("--folder", type=Path)
    options.add_argument("--without", nargs="*", default=[])
    chosen = options.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp())
    recipients(folder, chosen.rows)

    def forget() -> None:
        shutil.rmtree(folder / "cache", ignore_errors=True)

    forget()
    for step in ("making", "page", "filter", "people"):
        ways = [way for way in WAYS[step] if way not in chosen.without]
        best, answers = in_turn(
            "benchmarks.ten_million_facts",
            step,
            ways,
            (str(chosen.rows), str(folder)),
            runs=chosen.runs,
            first=forget if step == "making" else None,
        )
        for way in ways:
            _compare(answers[ways[0]], answers[way], f"{step} {way}")
        print_ratios(step, best)
    if chosen.folder is None:
        shutil.rmtree(folder)


def _compare(first: Answer, other: Answer, place: str) -> None:
    """Fail where two ways differ in what both give."""
    one, two = ({tuple(names): value for *names, value in answer} for answer in (first, other))
    differ = [
        (name, one[name], two[name]) for name in one.keys() & two.keys() if one[name] != two[name]
    ]
    asked = {name for name in one.keys() ^ two.keys() if name[-1] in ("x", "n", "sum")}
    assert not differ, (place, differ[:3])
    assert not asked, (place, asked)


def _ours(step: str, folder: Path, rows: int, *, cache: bool) -> Callable[[], Answer]:
    from crm_metrics.metrics import Filters, compute, compute_each, cube
    from crm_metrics.store import Engine

    now, before = (Filters(start=start, end=end) for start, end in (NOW, BEFORE))
    engine = Engine([recipients(folder, rows)], cache=folder / "cache" if cache else None)

    def by_channel(keys: tuple[str, ...], channels: tuple[str, ...] = ()) -> Answer:
        each = [replace(one, channels=channels) for one in (now, before)]
        found = compute_each(engine, keys, each=each, by=("channel",))
        answer: Answer = []
        for place, result in enumerate(found):
            for one in result.values:  # noqa: PD011 - no frame
                names = (str(place), str(one.group["channel"]), one.metric)
                parts = {name: one.components[name] for name in _PARTS if name in one.components}
                answer += [(*names, name, _text(number)) for name, number in parts.items()]
                if one.metric in _NAMES.values():
                    answer.append((*names, "young", _text(one.young)))
                    answer.append((*names, "marks", " ".join(sorted(_MARKS & set(one.flags)))))
        return sorted(answer)

    def page() -> Answer:
        compute_each(engine, KEYS, each=(now, before))
        compute(engine, ["click_rate"], by=("channel", "week"))
        compute(engine, ["click_rate"], by=("channel", "campaign_name"), filters=now)
        return by_channel(KEYS)

    def people() -> Answer:
        return [one for one in by_channel(("people_reached",)) if one[3] == "sum"]

    def making() -> Answer:
        for _ in range(2):
            compute(engine, ["click_rate"], by=("channel",), filters=now)
        cube.settled()
        return []

    if step == "filter":
        # The page was seen before, so what is known of the facts is known.
        by_channel(KEYS)
    steps = {
        "page": page,
        "filter": lambda: by_channel(KEYS, TWO),
        "people": people,
        "making": making,
    }
    return steps[step]


def _mature(name: str) -> date:
    """The last day whose outcomes are all in: the facts end with theirs."""
    return FIRST_DAY + timedelta(days=DAYS - 1 - (5 if name == "conversion" else 3))


def _sums() -> str:
    """What the nine metrics need, as someone who knows them would write it."""
    parts = [
        "count(*) sent, count(delivered) delivered_n, count_if(delivered) delivered_x",
        "bool_or(delivered IS NULL) base_sent, bool_or(delivered IS NULL AND opened) open_sent",
        "sum(revenue) revenue, count(revenue) revenue_n, min(currency) lo, max(currency) hi",
        "bool_or(revenue IS NOT NULL AND currency IS NULL) no_currency",
    ]
    for name, (y, x) in SHARES.items():
        both = f"{y} IS NOT NULL AND {x} IS NOT NULL"
        parts += [
            f"count_if({both}) {name}_counted, count_if({y} AND {x} IS NOT NULL) {name}_x",
            f"count_if({x} AND {y} IS NOT NULL) {name}_n, bool_or({y} AND NOT {x}) {name}_above",
            f"bool_or({both} AND delivered IS NULL) {name}_sent",
            f"count_if({x} AND {y} IS NOT NULL AND date > '{_mature(name)}') {name}_young",
            f"bool_or({both} AND date > '{_mature(name)}') {name}_immature",
            f"bool_or(({y} IS NULL) <> ({x} IS NULL)) {name}_left_out",
        ]
        if "opened" in (y, x):
            parts.append(f"bool_or({both} AND open_is_machine IS NULL) {name}_raw")
    return ", ".join(parts)


def _sql(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    import duckdb

    path = folder / f"recipients_{rows}" / "facts.parquet"
    facts = f"(SELECT *, coalesce(delivered, true) base FROM read_parquet('{path}'))"
    now, before = (f"date BETWEEN '{one[0]}' AND '{one[1]}'" for one in (NOW, BEFORE))
    place = f"CASE WHEN {now} THEN '0' ELSE '1' END AS place"
    sums = _sums()
    connection = duckdb.connect(config={"memory_limit": "256MB", "threads": 2})
    connection.execute("SET enable_progress_bar = false")

    def lines(query: str) -> list[dict[str, Any]]:
        return connection.execute(query).to_arrow_table().to_pylist()

    def by_channel(only: str = "true") -> Answer:
        return _answer(
            lines(
                f"SELECT {place}, channel, {sums} FROM {facts}"
                f" WHERE ({now} OR {before}) AND {only} GROUP BY ALL"
            )
        )

    def page() -> Answer:
        lines(f"SELECT {place}, {sums} FROM {facts} WHERE {now} OR {before} GROUP BY ALL")
        click = (
            "count_if(clicked IS NOT NULL) counted, count_if(clicked) x,"
            " count_if(base AND clicked IS NOT NULL) n, bool_or(clicked AND NOT base) above,"
            " bool_or(clicked IS NOT NULL AND delivered IS NULL) sent,"
            f" count_if(base AND clicked IS NOT NULL AND date > '{_mature('click')}') young,"
            f" bool_or(clicked IS NOT NULL AND date > '{_mature('click')}') immature,"
            " bool_or(clicked IS NULL) left_out"
        )
        lines(f"SELECT channel, date_trunc('week', date), {click} FROM {facts} GROUP BY ALL")
        lines(f"SELECT channel, campaign_name, {click} FROM {facts} WHERE {now} GROUP BY ALL")
        return by_channel()

    def people() -> Answer:
        found = lines(
            f"SELECT {place}, channel, count(DISTINCT customer_id) FILTER (base) people"
            f" FROM {facts} WHERE {now} OR {before} GROUP BY ALL"
        )
        return _people(found)

    only = f"channel IN {TWO}"
    return {"page": page, "filter": lambda: by_channel(only), "people": people}[step]


def _pandas(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    import numpy as np
    import pandas as pd

    path = folder / f"recipients_{rows}" / "facts.parquet"

    def read() -> pd.DataFrame:
        facts = pd.read_parquet(path)
        flags = ["delivered", "opened", "open_is_machine", *(y for y, _ in SHARES.values())]
        for name in dict.fromkeys(flags):
            facts[name] = facts[name].astype("boolean")
        facts["base"] = facts["delivered"].fillna(value=True)
        for name, (y, x) in SHARES.items():
            both = facts[y].notna() & facts[x].notna()
            facts[f"{name}_x"] = (facts[y] & both).astype("Float64")
            facts[f"{name}_n"] = (facts[x] & both).astype("Float64")
            facts[f"{name}_sent"] = both & facts["delivered"].isna()
        days = pd.to_datetime(facts["date"])
        facts["place"] = np.select(
            [days.between(*map(str, NOW)), days.between(*map(str, BEFORE))], ["0", "1"], "2"
        )
        facts["week"] = days.dt.to_period("W")
        return facts

    def by_channel(facts: pd.DataFrame) -> Answer:
        shown = facts[facts["place"] != "2"]
        wanted = {f"{name}_{part}": (f"{name}_{part}", "sum") for name in SHARES for part in "xn"}
        marks = {f"{name}_sent": (f"{name}_sent", "any") for name in SHARES}
        found = shown.groupby(["place", "channel"]).agg(
            sent=("base", "size"),
            delivered_n=("delivered", "count"),
            delivered_x=("delivered", "sum"),
            revenue=("revenue", "sum"),
            revenue_n=("revenue", "count"),
            **wanted,
            **marks,
        )
        return _answer(found.reset_index().to_dict("records"))

    def page() -> Answer:
        facts = read()
        shown = facts[facts["place"] != "2"]
        shown.groupby("place")[[f"{name}_{part}" for name in SHARES for part in "xn"]].sum()
        click = ["click_x", "click_n"]
        facts.groupby(["channel", "week"])[click].sum()
        facts[facts["place"] == "0"].groupby(["channel", "campaign_name"])[click].sum()
        return by_channel(facts)

    def people() -> Answer:
        facts = pd.read_parquet(path, columns=["date", "channel", "customer_id", "delivered"])
        days = pd.to_datetime(facts["date"])
        facts["place"] = np.select(
            [days.between(*map(str, NOW)), days.between(*map(str, BEFORE))], ["0", "1"], "2"
        )
        reached = facts[(facts["place"] != "2") & facts["delivered"].ne(other=False)]
        found = reached.groupby(["place", "channel"])["customer_id"].nunique()
        return _people(found.rename("people").reset_index().to_dict("records"))

    if step == "filter":
        facts = read()  # kept, as someone who works with pandas would
        return lambda: by_channel(facts[facts["channel"].isin(TWO)])
    return {"page": page, "people": people}[step]


def _text(number: float | None) -> str:
    # Sums of the same amounts differ in the last digits by the order of adding.
    return f"{float(number or 0):.9g}"


def _answer(lines: list[dict[str, Any]]) -> Answer:
    found: Answer = []
    for line in lines:
        parts = [("messages_sent", "sum", line["sent"]), ("messages_sent", "n", line["sent"])]
        parts += [("delivery_rate", part, line[f"delivered_{part}"]) for part in "xn"]
        parts += [("revenue", "sum", line["revenue"]), ("revenue", "n", line["revenue_n"])]
        parts += [(_NAMES[name], part, line[f"{name}_{part}"]) for name in SHARES for part in "xn"]
        where = (line["place"], line["channel"])
        found += [(*where, key, part, _text(value)) for key, part, value in parts]
        if "open_immature" in line:
            for name, key in _NAMES.items():
                young = line[f"{name}_young"] / (line[f"{name}_n"] or 1)
                found.append((*where, key, "young", _text(young)))
                found.append((*where, key, "marks", _marks(line, name)))
    return sorted(found)


def _marks(line: dict[str, Any], name: str) -> str:
    marks = {"base_sent": "sent", "mpp_raw": "raw", "immature": "immature"}
    marks |= {"part_left_out": "left_out"}
    if name == "ctor":
        del marks["base_sent"]
    return " ".join(sorted(mark for mark, own in marks.items() if line.get(f"{name}_{own}")))


def _people(lines: list[dict[str, Any]]) -> Answer:
    return sorted(
        (one["place"], one["channel"], "people_reached", "sum", _text(one["people"]))
        for one in lines
    )


def _run(way: str, rows: int, folder: Path) -> None:
    way, step = way.split(":")
    if way in ("ours", "cube"):
        work = _ours(step, folder, rows, cache=way == "cube")
    else:
        work = (_sql if way == "sql" else _pandas)(step, folder, rows)
    report(lambda: [list(one) for one in work()], modules=())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        _run(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
