"""A million rows with 200 damaged lines become Parquet: ours, DuckDB, pandas, polars.

    python -m benchmarks.csv_to_parquet [--rows 1000000] [--runs 3] [--encoding utf-8]

Ours reads the damaged file. DuckDB writes the text of the undamaged one to Parquet, its dialect
given: the time to beat. Then DuckDB (by itself, and told to ignore errors), pandas and polars (by
themselves, and told to skip) read the damaged file: how many of its rows arrive whole.
Each way runs in a process of its own, several times in turn. Polars is needed: pip install polars.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.csv_to_channel_table import HEADERS, SEED, generate
from benchmarks.measuring import Cost, in_own_process, report

DAMAGED = 200
_NAMES = HEADERS.split(";")


def damage(source: Path, target: Path, encoding: str, rows: int) -> list[int]:
    """Copy the file with 200 lines spoilt in six ways, in turn; returns their numbers."""
    chance = random.Random(SEED)
    places = sorted(chance.sample(range(2, rows + 2), DAMAGED))
    ways = dict(zip(places, [_WAYS[i % len(_WAYS)] for i in range(DAMAGED)], strict=True))
    with (
        source.open(encoding=encoding, newline="\n") as clean,
        target.open("w", encoding=encoding, newline="") as out,
    ):
        for number, line in enumerate(clean, start=1):
            way = ways.get(number)
            out.write(way(line, chance) if way else line)
    return places


def _stray_quote(line: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(line) - 2)
    return line[:at] + '"' + line[at:]


def _unclosed_quote(line: str, _: random.Random) -> str:
    return line.replace(";Рассылка", ';"Рассылка')


def _delimiter_inside(line: str, _: random.Random) -> str:
    return line.replace(";Рассылка ", ";Рассылка; ")


def _field_lost(line: str, chance: random.Random) -> str:
    cells = line.split(";")
    del cells[chance.randrange(len(cells) - 1)]
    return ";".join(cells)


def _field_added(line: str, chance: random.Random) -> str:
    cells = line.split(";")
    cells.insert(chance.randrange(len(cells)), "17")
    return ";".join(cells)


def _other_delimiter(line: str, _: random.Random) -> str:
    return line.replace(";", "\t")


_WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    _stray_quote,
    _unclosed_quote,
    _delimiter_inside,
    _field_lost,
    _field_added,
    _other_delimiter,
)


def ours(path: Path, out: Path) -> dict[str, int]:
    """Read with every line accounted for."""
    from crm_metrics import intake

    (table,) = intake.read(path, workdir=out.parent)
    table.path.replace(out)
    told = {issue.code: issue.count for issue in table.issues}
    account = table.account
    assert account.lines == account.records + sum(account.set_aside.values())
    return {
        "records": account.records,
        "set_aside": sum(account.set_aside.values()),
        "repaired": told.get("lines_repaired", 0),
        "unsplit": told.get("lines_unsplit", 0),
    }


def duckdb_given(path: Path, out: Path) -> dict[str, int]:
    """Text to Parquet in one statement, nothing to find out."""
    columns = "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(_NAMES))) + "}"
    return _with_duckdb(
        f"read_csv('{path}', delim=';', quote='\"', header=true, auto_detect=false,"
        f" columns={columns})",
        out,
    )


def duckdb_auto(path: Path, out: Path) -> dict[str, int]:
    """What `read_csv` makes of it without options."""
    return _with_duckdb(f"read_csv('{path}', all_varchar=true)", out)


def duckdb_ignoring(path: Path, out: Path) -> dict[str, int]:
    """The same, told to go on at errors."""
    return _with_duckdb(f"read_csv('{path}', all_varchar=true, ignore_errors=true)", out)


def pandas_auto(path: Path, out: Path) -> dict[str, int]:
    """With the delimiter given."""
    return _with_pandas(path, out, "error")


def pandas_skipping(path: Path, out: Path) -> dict[str, int]:
    """The same, told to skip bad lines."""
    return _with_pandas(path, out, "skip")


def polars_auto(path: Path, out: Path) -> dict[str, int]:
    """With the delimiter given."""
    return _with_polars(path, out, truncate=False, ignoring=False)


def polars_ignoring(path: Path, out: Path) -> dict[str, int]:
    """The same, told to cut long lines and to ignore errors."""
    return _with_polars(path, out, truncate=True, ignoring=True)


def _with_duckdb(source: str, out: Path) -> dict[str, int]:
    import duckdb

    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"COPY (FROM {source}) TO '{out}' (FORMAT parquet)")
    return {}


def _with_pandas(path: Path, out: Path, bad: str) -> dict[str, int]:
    import pandas as pd

    pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, on_bad_lines=bad).to_parquet(out)
    return {}


def _with_polars(path: Path, out: Path, *, truncate: bool, ignoring: bool) -> dict[str, int]:
    import polars as pl

    frame = pl.read_csv(
        path,
        separator=";",
        infer_schema=False,
        truncate_ragged_lines=truncate,
        ignore_errors=ignoring,
    )
    frame.write_parquet(out)
    return {}


WAYS: dict[str, Callable[[Path, Path], dict[str, int]]] = {
    "ours": ours,
    "DuckDB, clean file": duckdb_given,
    "DuckDB": duckdb_auto,
    "DuckDB, ignore_errors": duckdb_ignoring,
    "pandas": pandas_auto,
    "pandas, skip": pandas_skipping,
    "polars": polars_auto,
    "polars, lenient": polars_ignoring,
}
_TIMED = ("ours", "DuckDB, clean file")


def main() -> None:
    """Make the files, time ours and DuckDB in turn, show what the others lose."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--encoding", default="utf-8", choices=["utf-8", "cp1251"])
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, spoilt = folder / "clean.csv", folder / "damaged.csv"
        generate(clean, given.rows, given.encoding)
        places = damage(clean, spoilt, given.encoding, given.rows)
        size = spoilt.stat().st_size / 1e6
        print(f"{given.rows:,} rows, {size:.0f} MB, {given.encoding}, {DAMAGED} lines damaged")
        reference = clean
        if given.encoding != "utf-8":
            # DuckDB reads cp1251 only with an extension that has to be downloaded.
            reference = folder / "reference.csv"
            generate(reference, given.rows, "utf-8")
        best = _timed(folder, spoilt, reference, given.runs)
        truth = folder / "DuckDB, clean file.parquet"
        told = _told(folder, best, truth, places, given.rows)
        print(f"ours: {told}")
        if given.encoding == "utf-8":
            for way in WAYS:
                if way not in _TIMED:
                    print(f"{way:22} {_outcome(folder, way, spoilt, truth)}")


def _timed(folder: Path, spoilt: Path, reference: Path, runs: int) -> dict[str, Cost]:
    best: dict[str, Cost] = {}
    for _ in range(runs):
        for way, source in zip(_TIMED, (spoilt, reference), strict=True):
            cost, _answer = _run(folder, way, source)
            print(f"  {way:22} {cost}")
            best[way] = cost.better_of(best.get(way))
    for way, cost in best.items():
        print(f"{way:22} {cost}")
    mine, hand = (best[way] for way in _TIMED)
    print(
        f"ours / DuckDB on the clean file: {mine.wall / hand.wall:.2f} by the clock,"
        f" {mine.cpu / hand.cpu:.2f} of processor (bar: <= 1.5); peak {mine.peak:.0f} MB"
        " (bar: <= 300)"
    )
    return best


def _run(folder: Path, way: str, source: Path) -> tuple[Cost, dict[str, int]]:
    out = folder / f"{way}.parquet"
    return in_own_process("benchmarks.csv_to_parquet", [way, str(source), str(out)])


def _told(
    folder: Path, best: dict[str, Cost], truth: Path, places: list[int], rows: int
) -> dict[str, int]:
    """What ours says of the damaged file, held against the clean one row by row."""
    import duckdb

    del best
    _, told = _run(folder, "ours", folder / "damaged.csv")
    assert told["records"] == rows, told
    assert told["repaired"] + told["unsplit"] == DAMAGED, told
    cells = " AND ".join(f"mine.c{i} = truth.c{i}" for i in range(len(_NAMES)))
    ((same, damaged_same),) = duckdb.execute(
        f"""
        WITH truth AS (SELECT *, row_number() OVER () + 1 AS line FROM '{truth}'),
          pairs AS (SELECT line, {cells} AS same FROM '{folder / "ours.parquet"}' mine
                    JOIN truth ON mine.__line = truth.line)
        SELECT count(*) FILTER (same AND line NOT IN {tuple(places)}),
          count(*) FILTER (same AND line IN {tuple(places)}) FROM pairs
        """
    ).fetchall()
    assert same == rows - DAMAGED, same
    return told | {"damaged_rows_exactly_restored": damaged_same, "other_rows_exact": same}


def _outcome(folder: Path, way: str, spoilt: Path, truth: Path) -> str:
    """How many rows of the clean file arrive whole by another way."""
    import subprocess

    import duckdb

    try:
        cost, _ = _run(folder, way, spoilt)
    except subprocess.CalledProcessError:
        return "an error, no rows"
    out = folder / f"{way}.parquet"
    columns = [row[0] for row in duckdb.execute(f"DESCRIBE FROM '{out}'").fetchall()]
    (count,) = duckdb.execute(f"SELECT count(*) FROM '{out}'").fetchone()
    if len(columns) != len(_NAMES):
        return f"{count:,} rows of {len(columns)} columns instead of {len(_NAMES)}"
    true = ", ".join(f"c{i}" for i in range(len(_NAMES)))
    mine = ", ".join(f'"{column}"::VARCHAR' for column in columns)
    (lost,) = duckdb.execute(
        f"SELECT count(*) FROM (SELECT {true} FROM '{truth}' EXCEPT ALL SELECT {mine} FROM '{out}')"
    ).fetchone()
    return f"{count:,} rows; {lost:,} rows of the clean file not among them ({cost.wall:.1f} s)"


if __name__ == "__main__":
    import sys

    if sys.argv[1:2] == ["--way"]:
        way, source, out = sys.argv[2:5]
        modules = {"ours": ("pandas", "crm_metrics.intake.reading")}.get(way, ("pyarrow",))
        report(lambda: WAYS[way](Path(source), Path(out)), modules=modules)
    else:
        main()
