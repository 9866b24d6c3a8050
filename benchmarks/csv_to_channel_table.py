"""A million messy Russian rows become a channel table: ours, hand-written DuckDB SQL, pandas.

    python -m benchmarks.csv_to_channel_table [--rows 1000000] [--runs 3] [--encoding utf-8]

Each way runs in a process of its own, several times in turn; the best wall and processor times and
the highest resident memory of each are shown, and their ratios. On a busy machine only processor
times compare. Imports are not timed: an app has them behind it. All ways must give the same table.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Cost

SEED = 20260101
HEADERS = (
    "Дата;Канал;Кампания;ID кампании;Отправлено;Доставлено;Открыто;Клики;Отписки;Доля открытий, %;"
    "Расход;Выручка"
)
CHANNELS = {
    "E-mail": "email",
    "СМС": "sms",
    "Пуш": "push",
    "Телеграм": "messenger",
    "ВКонтакте": "social",
}
FIELDS = [
    "date",
    "channel",
    "campaign_name",
    "campaign_id",
    "sent",
    "delivered",
    "opens_unique",
    "clicks_unique",
    "unsubscribes",
    "open_rate",
    "cost",
    "revenue",
]
NBSP = "\u00a0"


def generate(path: Path, rows: int, encoding: str) -> None:
    """Write the file: ';', decimal comma, NBSP thousands, dd.mm.yyyy, percent, dashes for none."""
    import numpy as np

    random = np.random.default_rng(SEED)
    days = [f"{d:02d}.{m:02d}.2025" for m in range(1, 7) for d in range(1, 29)]
    channels = list(CHANNELS)
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(HEADERS + "\r\n")
        for start in range(0, rows, 100_000):
            count = min(100_000, rows - start)
            day = random.integers(0, len(days), count).tolist()
            channel = random.integers(0, len(channels), count).tolist()
            campaign = random.integers(0, 5_000, count).tolist()
            sent = random.integers(1, 60_000, count)
            delivered = (sent * random.uniform(0.9, 1, count)).astype(int)
            opened = (delivered * random.uniform(0.05, 0.4, count)).astype(int)
            clicked = (opened * random.uniform(0, 0.2, count)).astype(int)
            left = (delivered * random.uniform(0, 0.004, count)).astype(int)
            cost = random.uniform(0, 20_000, count)
            revenue = random.uniform(0, 300_000, count) * (random.random(count) > 0.1)
            lines = []
            for i in range(count):
                rate = f"{100 * opened[i] / max(delivered[i], 1):.2f}%".replace(".", ",")
                income = _money(revenue[i]) if revenue[i] else "-"
                lines.append(
                    f"{days[day[i]]};{channels[channel[i]]};Рассылка {campaign[i]};c{campaign[i]};"
                    f"{_grouped(sent[i])};{_grouped(delivered[i])};{_grouped(opened[i])};"
                    f"{_grouped(clicked[i])};{left[i]};{rate};{_money(cost[i])};{income}\r\n"
                )
            file.writelines(lines)


def ours(path: Path, work: Path) -> list[tuple[str, float, float]]:
    """Read, give the mapping, build facts, compute two metrics by channel."""
    from datetime import UTC, datetime

    marks = [time.perf_counter()]
    from crm_metrics import facts, intake
    from crm_metrics.mapping.model import ColumnMapping, Mapping, Why

    (table,) = intake.read(path, workdir=work)
    marks.append(time.perf_counter())
    words = {raw.lower(): word for raw, word in CHANNELS.items()}
    columns = tuple(
        ColumnMapping(
            i, header, field, "sure", Why("chosen"), values=words if field == "channel" else {}
        )
        for i, (header, field) in enumerate(zip(table.headers, FIELDS, strict=True))
    )
    mapping = Mapping("bench", "campaigns", columns)
    made = facts.build(table, mapping)
    assert made.failed == 0, made.recipes
    marks.append(time.perf_counter())
    from crm_metrics.metrics import compute
    from crm_metrics.store import Dataset, Engine

    with Engine([Dataset("bench", table, mapping, made, datetime.now(UTC))]) as engine:
        result = compute(engine, ["open_rate", "revenue"], by=("channel",))
    marks.append(time.perf_counter())
    steps = zip(("read", "facts", "metrics"), marks[1:], marks, strict=False)
    print({name: round(end - start, 2) for name, end, start in steps}, file=sys.stderr)
    found: dict[str, dict[str, float]] = {}
    for value in result.values:
        found.setdefault(str(value.group["channel"]), {})[value.metric] = value.value or 0.0
    return [(name, row["open_rate"], row["revenue"]) for name, row in found.items()]


def by_hand(path: Path, work: Path) -> list[tuple[str, float, float]]:  # noqa: ARG001 - as ours
    """One pass of DuckDB over the file, typed by hand: nothing is kept, nothing accounted for."""
    import duckdb

    number = "try_cast(replace(replace({0}, '" + NBSP + "', ''), ',', '.') AS {1})"
    counts = {
        name: number.format(f'"{header}"', "BIGINT")
        for header, name in zip(HEADERS.split(";"), FIELDS, strict=True)
        if name in {"sent", "delivered", "opens_unique", "clicks_unique", "unsubscribes"}
    }
    typed = ", ".join(f"{sql} AS {name}" for name, sql in counts.items())
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "256MB"})
    if sys.argv[-1] == "cp1251":
        connection.execute("LOAD encodings")
    rows = connection.execute(
        f"""
        SELECT channel, sum(opens_unique) / sum(delivered), sum(revenue) FROM (
          SELECT try_strptime("Дата", '%d.%m.%Y')::DATE AS day,
            CASE "Канал" WHEN 'E-mail' THEN 'email' WHEN 'СМС' THEN 'sms' WHEN 'Пуш' THEN 'push'
              WHEN 'Телеграм' THEN 'messenger' WHEN 'ВКонтакте' THEN 'social' END AS channel,
            "Кампания" AS campaign, "ID кампании" AS id, {typed},
            {number.format('replace("Доля открытий, %", ' + "'%', '')", "DOUBLE")} / 100 AS rate,
            {number.format('"Расход"', "DOUBLE")} AS cost,
            {number.format('"Выручка"', "DOUBLE")} AS revenue
          FROM read_csv(?, delim=';', header=true, all_varchar=true)
        ) WHERE day IS NOT NULL AND sent >= 0 AND clicks_unique >= 0 AND unsubscribes >= 0
            AND rate >= 0 AND cost >= 0 AND campaign <> '' AND id <> ''
        GROUP BY channel
        """,
        [str(path)],
    ).fetchall()
    connection.close()
    return rows


def with_pandas(path: Path, work: Path) -> list[tuple[str, float, float]]:  # noqa: ARG001 - as ours
    """The pandas way: read as text, replace, convert, group."""
    import pandas as pd

    encoding = sys.argv[-1]
    frame = pd.read_csv(path, sep=";", dtype=str, encoding=encoding, keep_default_na=False)
    frame.columns = pd.Index(FIELDS)
    for name in FIELDS[4:]:
        text = frame[name].str.replace(NBSP, "").str.replace("%", "").str.replace(",", ".")
        frame[name] = pd.to_numeric(text, errors="coerce")
    frame["open_rate"] /= 100
    frame["date"] = pd.to_datetime(frame["date"], format="%d.%m.%Y")
    frame["channel"] = frame["channel"].map(CHANNELS)
    sums = frame.groupby("channel")[["opens_unique", "delivered", "revenue"]].sum()
    rates = sums["opens_unique"] / sums["delivered"]
    return list(zip(sums.index, rates, sums["revenue"], strict=True))


WAYS: dict[str, Callable[[Path, Path], list[tuple[str, float, float]]]] = {
    "ours": ours,
    "duckdb": by_hand,
    "pandas": with_pandas,
}


MODULES = {
    "ours": ("pandas", "crm_metrics.intake", "crm_metrics.facts", "crm_metrics.metrics.compute"),
    "duckdb": ("duckdb",),
    "pandas": ("pandas",),
}


def main() -> None:
    """Generate once, run every way in turn, print times, memory and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--encoding", default="utf-8", choices=["utf-8", "cp1251"])
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messy.csv"
        generate(path, given.rows, given.encoding)
        print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, {given.encoding}")
        best: dict[str, Cost] = {}
        tables: dict[str, list[tuple[str, float, float]]] = {}
        # DuckDB reads cp1251 only with an extension that has to be downloaded.
        ways = [way for way in WAYS if way != "duckdb" or given.encoding == "utf-8"]
        for _ in range(given.runs):
            for way in ways:
                cost, tables[way] = _in_own_process(way, path, given.encoding)
                best[way] = cost.better_of(best.get(way))
    for table in tables.values():
        _assert_same(table, tables["ours"])
    own = best["ours"]
    for way in ways:
        print(f"{way:7} {best[way]}")
    if "duckdb" in best:
        hand = best["duckdb"]
        print(
            f"ours / duckdb: {own.wall / hand.wall:.2f} by the clock,"
            f" {own.cpu / hand.cpu:.2f} of processor (bar: <= 2)"
        )
    frame = best["pandas"]
    print(
        f"pandas / ours: {frame.wall / own.wall:.2f} by the clock,"
        f" {frame.cpu / own.cpu:.2f} of processor (bar: >= 2)"
    )
    print(f"peak of ours: {own.peak:.0f} MB (bar: <= 300)")


def _in_own_process(
    way: str, path: Path, encoding: str
) -> tuple[Cost, list[tuple[str, float, float]]]:
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            f"benchmarks.{Path(__file__).stem}",
            "--way",
            way,
            str(path),
            encoding,
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    print(f"  {way} {found.stderr.strip()}")
    wall, cpu, peak, rows = json.loads(found.stdout)
    return Cost(wall, cpu, peak), [tuple(row) for row in rows]


def _run_one(way: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        for module in MODULES[way]:
            import_module(module)
        start, before = time.perf_counter(), _processor()
        rows = WAYS[way](path, Path(work))
        wall, cpu = time.perf_counter() - start, _processor() - before
    # Kilobytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([wall, cpu, peak, sorted(rows)]))


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def _assert_same(
    one: list[tuple[str, float, float]], other: list[tuple[str, float, float]]
) -> None:
    for (name, rate, revenue), (other_name, other_rate, other_revenue) in zip(
        one, other, strict=True
    ):
        assert name == other_name
        assert abs(rate - other_rate) < 1e-9
        assert abs(revenue - other_revenue) < 1e-6 * revenue


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", NBSP)


def _money(amount: float) -> str:
    return f"{amount:,.2f}".replace(",", NBSP).replace(".", ",")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        _run_one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
