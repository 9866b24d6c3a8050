"""The rows that a check found, in order, with the fields by which a person knows them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Violations
from crm_metrics.metrics.expressions import NO
from crm_metrics.schema import fields_of

WHY, SUGGESTION, AT_STAKE, CURRENCY = "why", "suggestion", "at_stake", "currency"
_BATCH = 50_000
_CONTACT = "contact_id customer_id full_name first_name last_name company phone email city source"
_SHOWN = {
    "contacts": f"{_CONTACT} owner created_at last_activity_at",
    "deals": "deal_id title contact_name pipeline stage status amount currency owner created_at"
    " expected_close_at closed_at last_activity_at",
    "activities": "activity_type ts due_at done_at owner object_id result status",
    "orders": "order_id customer_id amount currency created_at status product channel",
    "recipients": "customer_id email phone campaign_name sent_at channel",
    "campaigns": "campaign_id campaign_name sent_at channel",
    "calls": "call_id started_at direction caller callee agent owner",
    "conversations": "conversation_id customer_id created_at agent team channel",
    "surveys": "response_id customer_id responded_at score channel",
}


@dataclass(frozen=True, slots=True)
class Records:
    """The list of a finding: `columns` in order, and its rows in batches of text.

    The first two columns are `__dataset` and `__line` where the rows are of files. `fields` says
    for each column whose values name a person which field it is to be masked as.
    """

    columns: tuple[str, ...]
    fields: Mapping[str, str]
    batches: Iterator[pa.RecordBatch]


def found_by(ground: Ground, check: Check) -> dict[str, Violations]:
    """What the rule of a check finds, by scope, worked out once for the same settings."""
    assert check.rule, "a condition needs no rule"
    rule = check.rule
    settings = ground.settings
    own = (settings.today, settings.since, settings.limits)
    told = repr((sorted(settings.thresholds.items()), sorted(settings.lists.items()), own))
    name = f"audit_{check.grain}_{check.key}_{sha256(told.encode()).hexdigest()[:8]}"

    def found() -> dict[str, Violations]:
        given = rule(ground)
        each = (given,) if isinstance(given, Violations) else tuple(given)
        return {
            check.scope(one.scope): Violations(
                rows=_kept(ground, f"{name}_{place}", one.rows),
                base=one.base,
                scope=one.scope,
                numbers=one.numbers,
            )
            for place, one in enumerate(each)
        }

    return ground.engine.once(name, found)


def _kept(ground: Ground, name: str, rows: ir.Table) -> ir.Table:
    """The rows worked out; what a rule took from the engine's own tables already is."""
    if isinstance(rows.op(), ops.DatabaseTable):
        return rows
    return ground.engine.saved(name, rows)


def condition_of(ground: Ground, check: Check, table: ir.Table) -> ir.BooleanValue:
    """Whether a row violates a check with a condition; null outside of its base."""
    assert check.broken, "a rule has no condition"
    broken = check.broken(table, ground.settings)
    inside = ground.inside(check.grain, check.needs, table)
    return broken if inside is None else ibis.ifelse(inside, broken, ibis.null("boolean"))


def listed(ground: Ground, check: Check, scope: str) -> ir.Table:
    """All violations in a scope as a table, those with most at stake first."""
    rows = _of_condition(ground, check) if check.broken else _of_rule(ground, check, scope)
    return rows.order_by(order_of(rows))


def order_of(rows: ir.Table) -> list[ir.Value]:
    """How a list is ordered: those with most at stake first, then by their place."""
    order = [ibis.desc(rows[AT_STAKE])] if AT_STAKE in rows.columns else []
    own = (FILE, LINE) if FILE in rows.columns else tuple(rows.columns)
    # Records of one person stand together, the one that stays first.
    order += [rows.group] if "group" in rows.columns else []
    order += [ibis.desc(rows.survivor)] if "survivor" in rows.columns else []
    return [*order, *(rows[name] for name in own)]


def placed(ground: Ground, check: Check, scope: str) -> ir.Table | None:
    """The rows of a list without the fields that are looked up by their place.

    None where they are of no file.
    """
    if check.broken:
        return _of_condition(ground, check, with_fields=False)
    rows = found_by(ground, check)[scope].rows
    if FILE not in rows.columns:
        return None
    own = [name for name in rows.columns if name not in (FILE, LINE, "date")]
    if not check.money or AT_STAKE in own:
        return rows.select(FILE, LINE, *own)
    table = ground.table(check.grain)
    stake = {AT_STAKE: table[check.money].cast("float64")}
    joined = rows.select(FILE, LINE, *own).inner_join(one_a_line(table, rows, stake), [FILE, LINE])
    return joined.select(FILE, LINE, AT_STAKE, *own)


def records_of(ground: Ground, check: Check, scope: str, *, first: int | None = None) -> Records:
    """The list of what a check found in a scope: the whole, or so many of its first rows."""
    table = listed(ground, check, scope)
    table = table if first is None else table.limit(first)
    columns = tuple(table.columns)
    texts = table.select(**{name: table[name].cast("string") for name in columns})
    return Records(columns, masked_as(check, columns), _batches(texts))


def _batches(rows: ir.Table) -> Iterator[pa.RecordBatch]:
    """The rows batch after batch, never all in memory.

    By a cursor of their own: a list is made by another thread than the one that draws the page.
    """
    with rows.get_backend().con.cursor() as cursor:
        yield from cursor.execute(ibis.to_sql(rows)).to_arrow_reader(_BATCH)


def masked_as(check: Check, columns: Iterable[str]) -> dict[str, str]:
    """The field as which each column is masked, of those that may name a person."""
    known = {name: name for name in columns if name not in (FILE, LINE, WHY, SUGGESTION, AT_STAKE)}
    return known | ({SUGGESTION: check.suggests} if check.suggests else {})


def _of_condition(ground: Ground, check: Check, *, with_fields: bool = True) -> ir.Table:
    table = ground.table(check.grain)
    rows = table.filter(condition_of(ground, check, table).fill_null(NO))
    extra = {}
    if check.why:
        extra[WHY] = check.why(rows, ground.settings)
    if check.suggestion:
        extra[SUGGESTION] = check.suggestion(rows, ground.settings)
    if check.money:
        extra[AT_STAKE] = rows[check.money].cast("float64")
    fields = shown(ground, check, rows) if with_fields else {}
    return rows.select(**places(rows), **fields, **extra)


def _of_rule(ground: Ground, check: Check, scope: str) -> ir.Table:
    rows = found_by(ground, check)[scope].rows
    if FILE not in rows.columns:
        return rows
    table = ground.table(check.grain)
    fields = shown(ground, check, table)
    if check.money and AT_STAKE not in rows.columns:
        fields[AT_STAKE] = table[check.money].cast("float64")
    own = [name for name in rows.columns if name not in fields and name != "date"]
    joined = rows.select(*own).inner_join(one_a_line(table, rows, fields), [FILE, LINE])
    extra = [name for name in own if name not in (FILE, LINE)]
    return joined.select(FILE, LINE, *fields, *extra)


def one_a_line(table: ir.Table, rows: ir.Table, own: Mapping[str, ir.Value]) -> ir.Table:
    """These columns of the table by the places of rows, once each.

    A line of a wide survey has several answers: joined by its place each row would meet them all.
    """
    known = table.select(**places(table), **own).semi_join(rows, [FILE, LINE])
    return known.distinct(on=[FILE, LINE], keep="first")


def shown(ground: Ground, check: Check, table: ir.Table) -> dict[str, ir.Value]:
    """The fields of the list: those that some file has, the usual ones of the grain first."""
    needed = [name for need in check.needs for name in need.split("|")]
    usual = _SHOWN.get(check.grain, "").split()
    known = ground.known(check.grain).intersection(fields_of(check.grain))
    names = dict.fromkeys(name for name in (*usual, *needed, *check.shows) if name in known)
    return {name: table[name] for name in names}
