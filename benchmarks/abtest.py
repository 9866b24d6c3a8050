"""A test of 1,000,000 recipients, from its rows to the finding: ours and tea-tasting.

    python -m benchmarks.abtest [--rows 1000000] [--runs 3] [--folder F]

The rows are a table as the app keeps it (text as it was uploaded). Ours reads the cells and gives a
finding with gates, verdict and its sentence: `by_person` puts the rows of a person (by e-mail)
together first, `by_row` takes a row for a person. tea-tasting is given the numbers, by DuckDB from
the same file, a row for a person. Each compares clicks, revenue per recipient and clicks per open
of two versions; the p values have to be the same to six digits.

`answers` is a test of response times: when each message was sent and when it was answered, as
texts, with the share that has answered within a day, the exact log-rank test, the effect by day.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.measuring import compare, report
from crm_metrics.intake.table import Account, HowRead, Table

WAYS = {
    "finding": ("by_person", "by_row", "tea_tasting"),
    "answers": ("times_by_person", "times_by_row"),
}
HEADERS = ("Email", "Variant", "Opened", "Clicked", "Opens", "Clicks", "Revenue")
Answer = list[str]

# Every column is a hash of the row's number. Clicks come from opens, revenue from clicks.
_ROWS = """
  WITH made AS (
    SELECT i, hash(i, 1) % 2 AS v, hash(i, 2) % 1000 < 300 AS opened, hash(i, 3) % 1000 AS c,
      hash(i, 4) % 1000 AS b, 1 + hash(i, 5) % 3 AS opens, 5 + (hash(i, 6) % 20000) / 100.0 AS paid
    FROM range({rows}) r(i)
  ), known AS (SELECT *, opened AND c < 200 + 6 * v AS clicked FROM made)
  SELECT 'person' || i || '@example.com' AS c0, ['A', 'B'][(v + 1)::INT] AS c1,
    CASE WHEN opened THEN 'yes' ELSE 'no' END AS c2,
    CASE WHEN clicked THEN 'yes' ELSE 'no' END AS c3,
    CASE WHEN opened THEN opens ELSE 0 END::VARCHAR AS c4,
    CASE WHEN clicked THEN 1 + i % 2 ELSE 0 END::VARCHAR AS c5,
    CASE WHEN clicked AND b < 100 THEN round(paid, 2) ELSE 0 END::VARCHAR AS c6, i + 2 AS __line
  FROM known
"""
# Two in five answer, after 20,000 seconds on average.
_TIMES = """
  WITH made AS (
    SELECT i, hash(i, 1) % 2 AS v, hash(i, 2) % 1000 < 400 AS answered,
      TIMESTAMP '2026-09-01' + to_seconds((hash(i, 3) % 259200)::BIGINT) AS sent,
      to_seconds((-20000 * ln((1 + hash(i, 4) % 100000) / 100001.0))::BIGINT) AS later
    FROM range({rows}) r(i)
  )
  SELECT 'person' || i || '@example.com' AS c0, ['A', 'B'][(v + 1)::INT] AS c1,
    strftime(sent, '%Y-%m-%d %H:%M:%S') AS c2,
    CASE WHEN answered THEN strftime(sent + later, '%Y-%m-%d %H:%M:%S') ELSE '' END AS c3,
    i + 2 AS __line
  FROM made
"""
# What tea-tasting is given: the same columns as numbers.
_NUMBERS = (
    "SELECT CAST(c1 = 'B' AS INTEGER) AS variant, CAST(c3 = 'yes' AS INTEGER) AS clicked,"
    " CAST(c6 AS DOUBLE) AS revenue, CAST(c4 AS INTEGER) AS opens, CAST(c5 AS INTEGER) AS clicks"
)


def main() -> None:
    """Run both ways in turn, print the least times, the highest peaks and ratios."""
    compare("benchmarks.abtest", __doc__, WAYS, recipients, rows=1_000_000, runs=3)


def recipients(folder: Path, rows: int) -> Table:
    """The table of so many recipients in `folder`, made unless it is there."""
    return _table(folder / f"abtest_{rows}.parquet", _ROWS, HEADERS, rows)


def _table(path: Path, made: str, headers: tuple[str, ...], rows: int) -> Table:
    if not path.exists():
        duckdb.sql(made.format(rows=rows)).write_parquet(str(path))
    account = Account(rows + 1, rows, {"header": 1})
    return Table("t", path, headers, "table", HowRead("csv"), account, "t.csv", "0" * 64)


def _ours(folder: Path, rows: int, unit: str | None) -> Callable[[], Answer]:
    from crm_metrics.experiments import Other, Question, analyse, trial_from_table
    from crm_metrics.findings.verdicts import sentence

    table = recipients(folder, rows)
    others = [
        Other(Question(value="Revenue")),
        Other(Question(numerator="Clicks", denominator="Opens")),
    ]

    def work() -> Answer:
        question = Question(success="Clicked")
        trial = trial_from_table(table, question, variant="Variant", unit=unit, others=others)
        finding = analyse(*trial)
        assert sentence(finding, "en")
        found = [finding.comparisons[0], *(item.comparisons[0] for item in finding.others)]
        return [f"{item.pvalue:.6f}" for item in found]

    return work


def _answers(folder: Path, rows: int, unit: str | None) -> Callable[[], Answer]:
    from crm_metrics.experiments import Question, analyse, trial_from_table
    from crm_metrics.findings.verdicts import sentence

    headers = ("Email", "Variant", "Sent", "Answered")
    table = _table(folder / f"answers_{rows}.parquet", _TIMES, headers, rows)

    def work() -> Answer:
        question = Question(answered="Answered", sent="Sent", within=24)
        trial = trial_from_table(table, question, variant="Variant", unit=unit)
        finding = analyse(*trial)
        assert sentence(finding, "en")
        (exact,) = trial.beside.log_ranks
        return [f"{finding.comparisons[0].pvalue:.6f}", f"{exact.pvalue:.6f}"]

    return work


def _tea_tasting(folder: Path, rows: int) -> Callable[[], Answer]:
    import ibis
    import tea_tasting as tt

    path = recipients(folder, rows).path
    experiment = tt.Experiment(
        clicked=tt.Proportion("clicked", correction=False, method="norm"),
        revenue=tt.Mean("revenue"),
        ratio=tt.RatioOfMeans("clicks", "opens", use_t=False),
    )

    def work() -> Answer:
        data = ibis.duckdb.connect().sql(f"{_NUMBERS} FROM read_parquet('{path}')")
        result = experiment.analyze(data)
        return [f"{result[name].pvalue:.6f}" for name in ("clicked", "revenue", "ratio")]

    return work


def _work(argument: str, rows: int, folder: Path) -> None:
    way, _ = argument.split(":")
    if way == "tea_tasting":
        report(_tea_tasting(folder, rows), modules=("tea_tasting", "ibis"))
        return
    if way.startswith("times"):
        work = _answers(folder, rows, "Email" if way == "times_by_person" else None)
    else:
        work = _ours(folder, rows, "Email" if way == "by_person" else None)
    modules = ("crm_metrics.experiments.rows", "crm_metrics.findings.verdicts", "scipy.stats")
    report(work, modules=modules)


if __name__ == "__main__":
    if "--way" in sys.argv:
        _work(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
