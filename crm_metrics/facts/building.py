"""The raw text of a table becomes its typed facts, in one pass over Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from crm_metrics.facts import rejects
from crm_metrics.facts.columns import (
    Column,
    bind_constants,
    bind_words,
    checked_grain,
    columns_of,
    questions_of,
    second_sql,
    source_sql,
)
from crm_metrics.facts.connection import literal, locked
from crm_metrics.facts.deciding import (
    Cells,
    Habits,
    decide,
    decimal_of,
    filled,
    missing_marks,
    order_of,
)
from crm_metrics.facts.model import Facts, Recipe
from crm_metrics.facts.plan import Plan
from crm_metrics.facts.rates import COUNTS
from crm_metrics.facts.repeats import repeated, tell_apart
from crm_metrics.facts.sampling import sample, search
from crm_metrics.facts.selection import Selection, select_sql
from crm_metrics.facts.stated import stated_period
from crm_metrics.facts.stray import strays
from crm_metrics.facts.zones import Shift
from crm_metrics.intake.table import Issue, Table
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.model import PERIOD, Mapping
from crm_metrics.schema import fields_of

# A plan is made from a sample; cells that then fail are looked at, and it is made again.
_ROUNDS = 3
_RATE_ROWS = 50_000
# A sixth of the usual size: what is not yet written waits in memory.
ROW_GROUP = 20_480


@dataclass(frozen=True, slots=True)
class _Task:
    connection: duckdb.DuckDBPyConnection
    raw: Path
    columns: tuple[Column, ...]
    mapping: Mapping
    grain: str
    preamble: tuple[str, ...]
    shift: Shift | None


def build(
    table: Table,
    mapping: Mapping,
    *,
    out: Path | None = None,
    progress: Callable[[float], object] | None = None,
    shift: Shift | None = None,
) -> Facts:
    """The typed facts of a table under a mapping, written to `out` (beside the raw by default).

    `shift` moves times of day to another zone; None leaves them as they stand.
    `progress` is called between the steps with the share done; what it raises ends the building.
    Raises InputError("left_out") where the user wants it so, InputError("nothing_to_count") where
    its export is known for that, InputError("grain_missing"), or InputError("required_missing",
    needs=...) where the mapped columns do not make a row of the grain.
    """
    grain = checked_grain(table, mapping)
    columns = columns_of(table, mapping, grain)
    target = out or table.path.with_name(f"{table.path.stem}.facts.parquet")
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(table.path.parent, target.parent, columns=len(columns)) as connection:
        bind_words(connection, columns)
        bind_constants(connection, mapping.constants)
        task = _Task(connection, table.path, columns, mapping, grain, table.preamble, shift)
        return _build(task, target, progress or (lambda _part: None))


def _build(task: _Task, target: Path, progress: Callable[[float], object]) -> Facts:
    # What reading left in Arrow's pool would stand beside DuckDB's own memory.
    pa.default_memory_pool().release_unused()
    seen = sample(task.raw, [column.raw for column in task.columns])
    plans = _plan(task, seen)
    progress(0.2)
    for last in (*[False] * (_ROUNDS - 1), True):
        selection = _write(task, plans, seen, target)
        progress(0.7)
        failed = rejects.failures(task.connection, task.raw, target, _by_raw(task, plans))
        texts = {
            raw: rejects.failed_texts(task.connection, task.raw, raw, plans[raw]) for raw in failed
        }
        if last or not failed:
            break
        for raw, cells in texts.items():
            seen[raw] = list(dict.fromkeys([*seen[raw], *(text for text, _ in cells)]))
        again = _plan(task, seen)
        if all(again[raw].expression == plan.expression for raw, plan in plans.items()):
            break
        plans = again
    progress(0.9)
    kept = target.with_name(f"{target.stem}.rejects.parquet") if failed else None
    if kept:
        headers = {column.raw: column.mapping.name for column in task.columns}
        wrong = {raw: plans[raw] for raw in failed}
        rejects.write_rejects(task.connection, task.raw, wrong, headers, kept)
    row = task.connection.execute(
        f"SELECT count(*) FROM read_parquet({literal(str(target))})"
    ).fetchone()
    assert row is not None
    rows = row[0]
    dated, stray = strays(task.connection, target)
    recipes = tuple(
        _recipe(
            column, plans[column.raw], texts.get(column.raw, []), failed.get(column.raw, (0, 0))
        )
        for column in task.columns
    )
    issues = (*_issues(task, plans, recipes, selection), *_repeats(task, target, rows))
    issues = (*issues, stray) if stray else issues
    return Facts(
        path=target,
        grain=task.grain,
        rows=rows,
        recipes=recipes,
        dimensions={column.raw: column.mapping.name for column in task.columns if not column.field},
        period=_period(task, dated),
        rejects=kept,
        issues=issues,
        derived=selection.derived,
        zone=task.shift.target if task.shift and _moves(task.shift, recipes) else None,
        questions=questions_of(task.mapping, task.columns),
    )


def _repeats(task: _Task, target: Path, rows: int) -> tuple[Issue, ...]:
    if not tell_apart([one.field for one in task.columns if one.field], task.grain):
        return ()
    hashes = target.with_name(f"{target.stem}.hashes.parquet")
    found = repeated(task.connection, task.raw, len(task.columns), rows, hashes)
    return (found,) if found else ()


def _period(task: _Task, dated: tuple[date, date] | None) -> tuple[date, date] | None:
    """The period of the rows' dates, to the end that the user stated; else what the file says."""
    if dated is None:
        return stated_period(task.preamble)
    end = task.mapping.constants.get(PERIOD[1])
    return (dated[0], max(dated[1], date.fromisoformat(end))) if end else dated


def _plan(task: _Task, seen: dict[str, list[str]]) -> dict[str, Plan]:
    """A plan for each raw column; columns that show no habit of their own follow the others."""
    cells = {column.raw: _cells(task, column, seen) for column in task.columns}
    numeric = [c for c in cells.values() if c.kind in {"money", "rate", "number", "duration"}]
    dated = [c for c in cells.values() if c.kind in {"date", "timestamp"}]
    habits = Habits(
        decimal=_commonest(decimal_of(item) for item in numeric),
        order=_commonest(order_of(item) for item in dated),
    )
    plans = {raw: decide(item, habits) for raw, item in cells.items()}
    by_field = {column.field: column.raw for column in task.columns if column.field}
    for field, counts in COUNTS.items():
        if field in by_field and (quotient := _quotient(task, plans, by_field, field, counts)):
            plans[by_field[field]] = decide(cells[by_field[field]], habits, quotient)
    return plans


def _cells(task: _Task, column: Column, seen: dict[str, list[str]]) -> Cells:
    return Cells(
        mapping=column.mapping,
        field=column.field,
        kind=column.kind,
        source=source_sql(column, seen),
        values=filled(column.words, seen[column.raw], missing_marks(column.kind, column.field)),
        search=partial(search, task.connection, task.raw, column.raw),
    )


def _quotient(
    task: _Task,
    plans: dict[str, Plan],
    by_field: dict[str, str],
    field: str,
    counts: tuple[tuple[str, ...], tuple[str, ...]],
) -> float | None:
    """The median of a rate as written over the rate that the counts of its row give."""
    above = next((by_field[key] for key in counts[0] if key in by_field), None)
    below = next((by_field[key] for key in counts[1] if key in by_field), None)
    if above is None or below is None:
        return None
    plan = plans[by_field[field]]
    written = f"({plan.expression})" + (" * 100" if plan.parser == "percent" else "")
    counted = f"(({plans[above].expression}) / nullif({plans[below].expression}, 0))"
    row = task.connection.execute(
        f"SELECT median({written} / nullif({counted}, 0))"
        f" FROM (FROM read_parquet({literal(str(task.raw))}) LIMIT {_RATE_ROWS})"
    ).fetchone()
    return row[0] if row else None


def _write(
    task: _Task, plans: dict[str, Plan], seen: dict[str, list[str]], target: Path
) -> Selection:
    given = {
        column.second: second_sql(column, tuple(seen[column.raw]))
        for column in task.columns
        if column.second
    }
    selection = select_sql(
        task.raw,
        {column.target: plans[column.raw] for column in task.columns},
        grain=task.grain,
        constants=tuple(key for key in task.mapping.constants if key in fields_of(task.grain)),
        given=given,
        shift=task.shift,
    )
    part = target.with_name(f"{target.name}.part")
    task.connection.execute(
        f"COPY ({selection.sql}) TO {literal(str(part))}"
        " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd,"
        f" ROW_GROUP_SIZE {ROW_GROUP})"
    )
    part.replace(target)
    return selection


def _by_raw(task: _Task, plans: dict[str, Plan]) -> dict[str, tuple[str, Plan]]:
    return {column.raw: (column.target, plans[column.raw]) for column in task.columns}


def _moves(shift: Shift, recipes: Sequence[Recipe]) -> bool:
    return any(item.timed and (item.zoned or shift.source) for item in recipes if item.field)


def _recipe(
    column: Column, plan: Plan, texts: list[tuple[str, int]], failed: tuple[int, int]
) -> Recipe:
    return Recipe(
        column=column.mapping.column,
        name=column.mapping.name,
        field=column.field,
        parser=plan.parser,
        date_order=plan.date_order,
        decimal=plan.decimal,
        unit=plan.unit,
        failed=failed[0],
        filled=failed[1],
        failed_forms=rejects.shown_forms(texts, column.field),
        timed=plan.stamp is not None or plan.parser == "time",
        zoned=plan.zoned,
    )


def _issues(
    task: _Task, plans: dict[str, Plan], recipes: Sequence[Recipe], selection: Selection
) -> tuple[Issue, ...]:
    names = {column.raw: column.mapping.name for column in task.columns}
    by_code: dict[str, list[str]] = {}
    for raw, plan in plans.items():
        for code in plan.doubts:
            by_code.setdefault(code, []).append(names[raw])
    # All of them: each is asked about on its own.
    issues = [Issue(code, len(found), tuple(found)) for code, found in by_code.items()]
    if differing := _differing_currencies(task, plans):
        issues.append(Issue("currencies_differ", len(differing), differing[:3]))
    worst = sorted((item for item in recipes if item.failed), key=lambda item: -item.failed)
    if worst:
        count = sum(item.failed for item in worst)
        issues.append(Issue("cells_failed", count, tuple(item.name for item in worst[:3])))
    if unread := [f"{item.name}: {item.failed}/{item.filled}" for item in worst if item.unread]:
        issues.insert(0, Issue("columns_unread", len(unread), tuple(unread[:3])))
    if selection.computed:
        issues.append(Issue("derived", len(selection.computed), selection.computed[:3]))
    return tuple(issues)


def _differing_currencies(task: _Task, plans: dict[str, Plan]) -> tuple[str, ...]:
    """The money columns with their currencies, where these are not the same for all of them.

    A row of facts has one currency, so that its cost and its revenue would else pass for the same.
    """
    by_column: dict[str, set[str]] = {}
    for column in task.columns:
        if column.kind == "money":
            header = read_name(column.mapping.name).currency
            cells = {code for _, code in plans[column.raw].currencies}
            by_column[column.mapping.name] = cells or ({header} if header else set())
    known = [codes for codes in by_column.values() if codes]
    if all(codes == known[0] for codes in known):
        return ()
    return tuple(
        f"{name}: {', '.join(sorted(codes))}" for name, codes in by_column.items() if codes
    )


def _commonest(found: object) -> str | None:
    counts = Counter(item for item in found if item)  # type: ignore[attr-defined]
    return counts.most_common(1)[0][0] if counts else None
