"""Fields that nobody fills or chooses, and categories that are written in several ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.conditions import blank, vague
from crm_metrics.audit.ground import FILE, LINE, Ground, places, table_of
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.schema import fields_of, kind_of

UNUSED_SHARE = Threshold("unused_share", 0.1, 0.01, 0.9, "share")
DEFAULT_SHARE = Threshold("default_share", 0.8, 0.3, 1, "share")
_GRAINS = ("contacts", "deals", "activities", "orders")
_LEAST_ROWS = 30
_CHOSEN = ("category", "flag")
# These are one for most rows by their nature: they say where a row comes from, or its state.
_ONE_BY_NATURE = frozenset(
    (
        *("channel", "platform", "account", "currency", "language", "country", "status", "stage"),
        *("is_closed", "is_return", "unsubscribed", "consent", "converted", "is_control"),
        *("pipeline", "is_paid", "origin", "utm_source", "utm_medium"),
    )
)
# Blank in most rows where all is well: they happen, or are of deals in one state alone, of which
# other checks ask.
_RARE_BY_NATURE = frozenset(
    (
        *("unsubscribed_at", "done_at", "due_at", "converted_at"),
        *("next_task_at", "expected_close_at", "closed_at", "lost_reason"),
    )
)
# What a person writes differently; names of people and codes are others' checks.
_WRITTEN = (
    *("city", "region", "country", "source", "type", "product", "category", "deal_type", "stage"),
    *("pipeline", "lifecycle_stage", "utm_source", "utm_medium", "owner", "activity_type"),
)
_PREFIXES = r"^(г\.|гор\.|город |city of )\s*"
_BETWEEN = r"[\s\-_.,;:/\\\"'«»()]+"


@dataclass(frozen=True, slots=True)
class _Filling:
    """A field: the rows that could have it, those that do, and the value that most have."""

    field: str
    rows: int
    filled: int
    most: str | None


def _filled(ground: Ground, grain: str) -> list[_Filling]:
    """How the fields of a grain are filled, in one pass over its rows."""
    table = ground.table(grain)
    known = ground.known(grain)
    names = [name for name in fields_of(grain) if name in known]
    sums: dict[str, ir.Value] = {}
    for name in names:
        inside = ground.inside(grain, (name,), table)
        own = ~blank(table[name])
        sums[f"{name}|rows"] = table.count() if inside is None else inside.sum()
        sums[f"{name}|filled"] = own.sum()
        if kind_of(name, grain) in _CHOSEN:
            sums[f"{name}|most"] = table[name].cast("string").mode(where=own)
    (line,) = table.aggregate(**sums).to_pyarrow().to_pylist()
    found = [
        _Filling(
            name, line[f"{name}|rows"] or 0, line[f"{name}|filled"] or 0, line.get(f"{name}|most")
        )
        for name in names
    ]
    return [one for one in found if one.rows >= _LEAST_ROWS]


def _fillings(ground: Ground, grain: str) -> list[_Filling]:
    return ground.engine.once(f"audit_filled_{grain}", lambda: _filled(ground, grain))


def _unused(ground: Ground, grain: str) -> Violations:
    fields = _fillings(ground, grain)
    least = ground.settings.of(UNUSED_SHARE)
    found = [
        {
            "field": one.field,
            "filled": one.filled,
            "rows": one.rows,
            "filled_share": round(one.filled / one.rows, 4),
        }
        for one in fields
        if one.filled < least * one.rows and one.field not in _RARE_BY_NATURE
    ]
    number = pa.int64()
    rows = table_of(found, field=pa.string(), filled=number, rows=number, filled_share=pa.float64())
    return Violations(rows=rows, base=len(fields))


def _defaults(ground: Ground, grain: str) -> Violations:
    fields = [
        one
        for one in _fillings(ground, grain)
        if one.most is not None and one.field not in _ONE_BY_NATURE and one.filled >= _LEAST_ROWS
    ]
    table = ground.table(grain)
    counts = {
        one.field: (table[one.field].cast("string") == ibis.literal(one.most)).sum()
        for one in fields
    }
    line = table.aggregate(**counts).to_pyarrow().to_pylist()[0] if counts else {}
    most = ground.settings.of(DEFAULT_SHARE)
    found = [
        {
            "field": one.field,
            "value": one.most,
            "rows": one.filled,
            "value_share": round(line[one.field] / one.filled, 4),
        }
        for one in fields
        if line[one.field] > most * one.filled
    ]
    rows = table_of(
        found, field=pa.string(), value=pa.string(), rows=pa.int64(), value_share=pa.float64()
    )
    return Violations(rows=rows, base=len(fields))


def _spellings(ground: Ground, grain: str) -> Iterator[Violations]:
    """Rows of a value that is written in another way by more rows."""
    known = ground.known(grain)
    names = [name for name in _WRITTEN if name in known and kind_of(name, grain) == "category"]
    if not names:
        return
    values = ground.engine.saved(f"audit_written_{grain}", _values(ground.table(grain), names))
    told = values.group_by("field").aggregate(
        base=values.n.sum(), odd=values.suggestion.notnull().sum()
    )
    found = {line["field"]: line for line in told.to_pyarrow().to_pylist()}
    nothing = ground.engine.saved(
        f"audit_well_written_{grain}", table_of([], **{FILE: pa.string(), LINE: pa.int64()})
    )
    for name in names:
        line = found.get(name, {"base": 0, "odd": 0})
        rows = _written(ground.table(grain), name)
        yield Violations(
            rows=_odd(rows, values, name) if line["odd"] else nothing,
            base=rows.select("date") if ground.settings.since else line["base"],
            scope=name,
        )


def _values(table: ir.Table, names: Sequence[str]) -> ir.Table:
    """The values of these fields: field, written, n (rows), and `suggestion` where most differ."""
    each = []
    for name in names:
        rows = table.select(written=table[name].cast("string"))
        counted = rows.group_by("written").aggregate(n=rows.count())
        each.append(counted.mutate(field=ibis.literal(name)))
    values = ibis.union(*each) if each[1:] else each[0]
    values = values.filter(~vague(values.written))
    values = values.mutate(same=_folded(values.written))
    window = ibis.window(group_by=["field", "same"], order_by=[ibis.desc("n"), "written"])
    values = values.mutate(most=values.written.first().over(window))
    odd = (values.written != values.most) & (values.same != "")
    return values.select(
        "field", "written", "n", suggestion=ibis.ifelse(odd, values.most, ibis.null("string"))
    )


def _written(table: ir.Table, name: str) -> ir.Table:
    rows = table.select(**places(table), date=table.date, written=table[name].cast("string"))
    return rows.filter(~vague(rows.written))


def _odd(rows: ir.Table, values: ir.Table, name: str) -> ir.Table:
    odd = values.filter((values.field == name) & values.suggestion.notnull())
    found = rows.inner_join(odd.select("written", "suggestion"), "written")
    return found.select(FILE, LINE, "date", "suggestion")


def _folded(text: ir.StringValue) -> ir.StringValue:
    plain = text.strip().lower().replace("ё", "е").re_replace(_PREFIXES, "")
    return plain.re_replace(_BETWEEN, "")


CHECKS = (
    *(
        Check(
            key="near_duplicate_category",
            grain=grain,
            needs=("|".join(name for name in _WRITTEN if name in fields_of(grain)),),
            severity=3,
            effort="M",
            rule=partial(_spellings, grain=grain),
        )
        for grain in _GRAINS
    ),
    *(
        Check(
            key=key,
            grain=grain,
            needs=(),
            severity=3,
            effort="S",
            rule=partial(rule, grain=grain),
            counted="fields",
            thresholds=(threshold,),
        )
        for key, rule, threshold in (
            ("field_unused", _unused, UNUSED_SHARE),
            ("field_default", _defaults, DEFAULT_SHARE),
        )
        for grain in _GRAINS
    ),
)
