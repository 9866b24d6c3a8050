"""The one SELECT that makes facts: parsed columns, constants, derived fields, the cohort date."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crm_metrics.facts.columns import field_of
from crm_metrics.facts.connection import literal
from crm_metrics.facts.derive import date_sql, derivations, time_sql
from crm_metrics.facts.plan import Plan
from crm_metrics.facts.zones import Shift, moved_sql, shifted
from crm_metrics.intake.table import LINE
from crm_metrics.schema import Kind, grain_named, kind_of

SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "id": "VARCHAR",
    "category": "VARCHAR",
    "count": "BIGINT",
    "money": "DOUBLE",
    "rate": "DOUBLE",
    "duration": "DOUBLE",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """SQL of the facts; `computed` fields follow from others, `derived` are these and constants."""

    sql: str
    computed: tuple[str, ...]
    derived: tuple[str, ...]


def select_sql(
    raw: Path,
    plans: dict[str, Plan],
    *,
    grain: str,
    constants: tuple[str, ...],
    given: dict[str, str],
    shift: Shift | None = None,
) -> Selection:
    """The SELECT over the raw Parquet.

    `plans` are by target name; `given` is SQL of fields that another column's words give. Times of
    day are moved as `shift` says.
    """
    plans = {name: shifted(plan, shift) for name, plan in plans.items()}
    parsed = {name: _typed(name, plan, grain) for name, plan in plans.items()}
    parsed |= given
    computed = list(given)
    fixed = [key for key in constants if key not in parsed and key != "channel"]
    for key in fixed:
        parsed[key] = f"try_cast(getvariable('constant_{key}') AS {SQL_TYPES[kind_of(key, grain)]})"
    if "currency" not in plans and (currency := _currency(plans)):
        # The sign in a row's own cell says more than one constant for all rows.
        parsed["currency"] = f"coalesce({currency}, {parsed.get('currency', 'NULL')})"
        if "currency" not in fixed:
            computed.append("currency")
    parsed["channel"] = _channel(parsed.get("channel"), grain, given="channel" in constants)
    for key in ("platform", "currency"):
        parsed.setdefault(key, "CAST(NULL AS VARCHAR)")
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in parsed.items())
    sql = f"SELECT {LINE}, {listed} FROM read_parquet({literal(str(raw))})"
    fields = set(parsed)
    dated = date_sql(grain, fields)
    sql = f"SELECT * {_replace('date', dated, fields)} FROM ({sql})"
    fields.add("date")
    if "time" in plans and plans["time"].parser == "time":
        sql = f"SELECT * {_replace('time', time_sql(), fields)} FROM ({sql})"
        if shift and shift.source and "date" in plans and plans["date"].stamp is None:
            moved = moved_sql("time", shift.source, shift.target)
            day = f"coalesce(CAST({moved} AS DATE), date)"
            sql = f"SELECT * REPLACE ({moved} AS time, {day} AS date) FROM ({sql})"
    for name, derived in derivations(grain, fields).items():
        typed = f"CAST({derived} AS {SQL_TYPES[kind_of(name, grain)]})"
        sql = f"SELECT * {_replace(name, typed, fields)} FROM ({sql})"
        if name not in fields:
            computed.append(name)
        fields.add(name)
    stated = fixed + (["channel"] if "channel" in constants and "channel" not in plans else [])
    return Selection(sql, tuple(computed), (*computed, *stated))


def _typed(name: str, plan: Plan, grain: str) -> str:
    """The plan's expression; only a count that vendors write with fractions has another type."""
    kind: Kind = (
        "category" if name[0] == "c" and name[1:].isdigit() else kind_of(field_of(name), grain)
    )
    wanted = "DOUBLE" if kind == "count" and plan.parser == "number" else SQL_TYPES[kind]
    return f"CAST({plan.expression} AS {wanted})"


def _replace(name: str, sql: str, fields: set[str]) -> str:
    return f'REPLACE ({sql} AS "{name}")' if name in fields else f', {sql} AS "{name}"'


def _channel(column: str | None, grain: str, *, given: bool) -> str:
    default = grain_named(grain).channel
    options = [column] if column else []
    options += ["getvariable('constant_channel')"] if given else []
    options += [literal(default)] if default else []
    return (
        f"CAST(coalesce({', '.join(options)}) AS VARCHAR)" if options else "CAST(NULL AS VARCHAR)"
    )


def _currency(plans: dict[str, Plan]) -> str | None:
    """SQL for the currency written in the first money column that shows one."""
    for plan in plans.values():
        if plan.currencies:
            whens = " ".join(f"WHEN {test} THEN '{code}'" for test, code in plan.currencies)
            return f"CASE {whens} END"
    return None
