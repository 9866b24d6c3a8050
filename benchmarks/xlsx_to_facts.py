"""A workbook of 300,000 rows becomes raw Parquet and facts, beside fastexcel reading it to Arrow.

    python -m benchmarks.xlsx_to_facts [--rows 300000] [--runs 3]

Each way runs in a process of its own, several times in turn; the best wall and processor times (of
the process and its children) and the highest resident memory of any one process are shown.
Imports are not timed: an app has them behind it.
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
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

SEED = 20260101
_BOTH = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
FIELDS = {
    "Date": "date",
    "Channel": "channel",
    "Campaign": "campaign_name",
    "Campaign id": "campaign_id",
    "Sent": "sent",
    "Delivered": "delivered",
    "Unique opens": "opens_unique",
    "Unique clicks": "clicks_unique",
    "Unsubscribes": "unsubscribes",
    "Open rate": "open_rate",
    "Cost": "cost",
    "Revenue": "revenue",
}


def generate(path: Path, rows: int) -> None:
    """Write a workbook of numbers, dates and texts (these stand in the cells, not shared)."""
    import numpy as np
    from openpyxl import Workbook

    random = np.random.default_rng(SEED)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(list(FIELDS))
    days = [date(2025, 1, 1) + timedelta(day) for day in range(180)]
    for i in range(rows):
        sent = int(random.integers(100, 60_000))
        delivered = int(sent * 0.97)
        opened = int(delivered * random.uniform(0.05, 0.4))
        sheet.append(
            [
                days[i % 180],
                ("email", "sms", "push")[i % 3],
                f"Campaign {i % 5_000}",
                f"c{i}",
                sent,
                delivered,
                opened,
                opened // 10,
                i % 7,
                opened / delivered,
                round(float(random.uniform(0, 20_000)), 2),
                round(float(random.uniform(0, 300_000)), 2),
            ]
        )
    book.save(path)


def raw(path: Path, work: Path) -> float:
    """Read to the raw Parquet of text, every row accounted for."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from crm_metrics import intake

    (table,) = intake.read(path, workdir=work)
    place = table.headers.index("Revenue")
    texts = pq.read_table(table.path, columns=[f"c{place}"]).column(0)
    return float(pc.sum(texts.cast("float64")).as_py())


def ours(path: Path, work: Path) -> float:
    """Read, give the mapping, build facts; returns the sum of revenue."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from crm_metrics import facts, intake
    from crm_metrics.mapping.model import ColumnMapping, Mapping, Why

    start = time.perf_counter()
    (table,) = intake.read(path, workdir=work)
    read = time.perf_counter()
    columns = tuple(
        ColumnMapping(i, header, FIELDS[header], "sure", Why("chosen"))
        for i, header in enumerate(table.headers)
    )
    made = facts.build(table, Mapping("bench", "campaigns", columns))
    built = time.perf_counter()
    print({"read": round(read - start, 2), "facts": round(built - read, 2)}, file=sys.stderr)
    assert made.failed == 0, made.recipes
    return float(pc.sum(pq.read_table(made.path, columns=["revenue"])["revenue"]).as_py())


def bare(path: Path, work: Path) -> float:  # noqa: ARG001 - as ours
    """Fastexcel to Arrow: what it takes to read the sheet at all."""
    import fastexcel
    import pyarrow as pa
    import pyarrow.compute as pc

    sheet = pa.record_batch(fastexcel.read_excel(path).load_sheet(0).to_arrow())
    return float(pc.sum(sheet.column("Revenue")).as_py())


WAYS: dict[str, Callable[[Path, Path], float]] = {"raw": raw, "ours": ours, "fastexcel": bare}


MODULES = {
    "raw": ("pandas", "pyarrow.compute", "crm_metrics.intake.reading"),
    "ours": ("pandas", "crm_metrics.intake", "crm_metrics.facts"),
    "fastexcel": ("fastexcel", "pyarrow.compute"),
}


def main() -> None:
    """Generate once, run the ways in turn, print times, memory and the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=300_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    best: dict[str, tuple[float, float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        generate(path, given.rows)
        print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        sums = {}
        for _ in range(given.runs):
            for way in WAYS:
                wall, cpu, peak, sums[way] = _in_own_process(way, path)
                known = best.get(way, (wall, cpu, peak))
                best[way] = (min(known[0], wall), min(known[1], cpu), max(known[2], peak))
    assert all(abs(found - sums["fastexcel"]) < 1e-6 * found for found in sums.values())
    for way, (wall, cpu, peak) in best.items():
        print(f"{way:9} {wall:6.2f} s  {cpu:6.2f} s of processor  {peak:5.0f} MB")
    for way, bar in (("raw", " (bar: <= 2)"), ("ours", "")):
        wall, cpu = (best[way][i] / best["fastexcel"][i] for i in (0, 1))
        print(f"{way} / fastexcel: {wall:.2f} by the clock, {cpu:.2f} of processor{bar}")


def _in_own_process(way: str, path: Path) -> tuple[float, float, float, float]:
    found = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{Path(__file__).stem}", "--way", way, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    print(f"  {way} {found.stderr.strip()}")
    wall, cpu, peak, total = json.loads(found.stdout)
    return wall, cpu, peak, total


def _run_one(way: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        for module in MODULES[way]:
            import_module(module)
        start, before = time.perf_counter(), _processor()
        total = WAYS[way](path, Path(work))
        wall, cpu = time.perf_counter() - start, _processor() - before
    # Kilobytes on Linux.
    peak = max(resource.getrusage(who).ru_maxrss for who in _BOTH) / 1024
    print(json.dumps([wall, cpu, peak, total]))


def _processor() -> float:
    spent = [resource.getrusage(who) for who in _BOTH]
    return sum(item.ru_utime + item.ru_stime for item in spent)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        _run_one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
