"""One value a person and rule: made of the person's rows, and held against the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import eq, ge, gt, le, lt, ne, or_

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.orders import amount_paid, went_back
from crm_metrics.metrics.expressions import NO, first_known, folded, score
from crm_metrics.metrics.ground import Engine, days_of, grains_of, ground, mapped_of
from crm_metrics.metrics.segments.persons import name_of, names_people
from crm_metrics.metrics.segments.segment import ROWS, SCORES, YES, Rule
from crm_metrics.schema import grain_named, kind_of

_BETWEEN = "\x1f"
_FIFTHS = (0.2, 0.4, 0.6, 0.8)
_DECIMALS = 4
_AFTER_ALL = "~"  # sorts behind every digit


_COMPARES: dict[str, Callable[[ir.Value, ir.Value], ir.BooleanValue]] = {
    "more": gt,
    "at_least": ge,
    "less": lt,
    "at_most": le,
    "is": eq,
    "is_not": ne,
}


@dataclass(frozen=True, slots=True)
class Trait:
    """A rule's value of each person: `value`, and of "any" row whether one `met` or is `known`."""

    value: str
    met: str
    known: str


def rows_of_people(engine: Engine, grain: str) -> ir.Table:
    """The rows of a kind that a segment looks at; of orders those that stand, as buyers' do."""
    table, _ = ground(engine, grain)
    return table.filter(~went_back(table)) if grain == "orders" else table


def why_not(engine: Engine, rule: Rule) -> str | None:
    """Why a rule can be laid to nobody, as a code; None where it can.

    no_rows and no_people: no rows of the kind, or none that name people; no_field: nothing fills
    the field; no_dates: nothing tells when; mixed_currency: amounts of several currencies.
    """
    if rule.grain not in grains_of(engine):
        return "no_rows"
    if not names_people(engine, rule.grain):
        return "no_people"
    if not _is_filled(engine, rule):
        return "no_field"
    of_time = rule.measure in ("first", "last", "score") or rule.shape == "date"
    if of_time and last_day(engine, rule.grain) is None:
        return "no_dates"
    money = rule.field == "money" or (rule.field not in (ROWS, *SCORES) and _is_money(rule))
    if money and currencies(engine, rule.grain) > 1:
        return "mixed_currency"
    return None


def last_day(engine: Engine, grain: str) -> date | None:
    """The last day that rows of a kind are dated, from which a rule counts back."""
    found = days_of(engine, grain)
    return found and found[1]


def traits_of(
    engine: Engine, grain: str, rules: Mapping[int, Rule], names: ir.Table
) -> tuple[ir.Table, dict[int, Trait]]:
    """A row a person (`person`) with what the rules of this kind of rows, by their place, read.

    `names` are those of `Persons`. All rules of a kind are answered by one aggregate.
    """
    table = rows_of_people(engine, grain)
    columns: dict[str, ir.Value] = {"name": name_of(engine, grain, table)}
    columns["time"] = _time(table, grain)
    columns["day"] = table.date.cast("date")
    traits = {place: Trait(f"v{place}", f"m{place}", f"k{place}") for place in rules}
    for place, rule in rules.items():
        columns[f"c{place}"] = _column(table, rule)
    rows = table.select(**columns)
    rows = rows.inner_join(names, "name")
    sums: dict[str, ir.Value] = {}
    for place, rule in rules.items():
        sums |= _made(rows, rows[f"c{place}"], rule, traits[place])
    found = rows.group_by("person").aggregate(**sums)
    scored = {traits[at].value: rule.field for at, rule in rules.items() if rule.measure == "score"}
    if scored:
        found = engine.saved(f"traits_of_{grain}", found)
        found = found.mutate(**_scores(found, scored))
    return found, traits


def holds(people: ir.Table, rule: Rule, trait: Trait, end: date | None) -> ir.BooleanValue:
    """Whether each person meets the rule; one of whom nothing is known may only be "empty"."""
    if rule.measure == "any":
        met, known = (people[name].fill_null(NO) for name in (trait.met, trait.known))
        if rule.operator == "is_empty":
            return ~known
        negative = rule.operator == "is_not" or (rule.shape == "flag" and rule.values[0] != YES)
        return known & ~met if negative else met
    value = people[trait.value]
    if rule.measure in ("count", "sum"):
        value = value.fill_null(0.0)
    return _compared(value, rule, end).fill_null(NO)


def _made(rows: ir.Table, column: ir.Value, rule: Rule, trait: Trait) -> dict[str, ir.Value]:
    """The aggregates that make a rule's value of each person's rows."""
    if rule.measure == "any":
        met = column if rule.shape == "flag" else _compared(column, rule, None)
        return {trait.met: met.fill_null(NO).any(), trait.known: column.notnull().any()}
    match rule.measure:
        case "score":
            made = _score_base(rows, column, rule)
        case "sum":
            made = column.sum().cast("float64").round(_DECIMALS)
        case "count" if rule.field == ROWS and rule.grain == "orders":
            # An order of several lines is one order; a line without a number is one by itself.
            made = (column.nunique() + column.isnull().sum()).cast("float64")
        case "count":
            counted = column.notnull() if rule.field == ROWS else column.fill_null(NO)
            made = counted.sum().cast("float64")
        case _ if rule.shape == "date":
            made = column.max() if rule.measure == "last" else column.min()
        case _:
            made = _at_end(rows, column, rule)
    return {trait.value: made}


def _column(table: ir.Table, rule: Rule) -> ir.Value:
    """What a rule reads of each row."""
    if rule.measure == "score" or (rule.grain, rule.field) == ("orders", "amount"):
        return amount_paid(table)
    if rule.field == ROWS:
        return _row_itself(table, rule)
    column, kind = table[rule.field], kind_of(rule.field, rule.grain)
    if kind == "flag":
        return column if rule.measure in ("any", "count") else _day_of_flag(table, rule.field)
    if kind in ("date", "timestamp"):
        return column.cast("date")
    return column.cast("float64" if rule.shape == "number" else "string")


def _row_itself(table: ir.Table, rule: Rule) -> ir.Value:
    """What tells rows apart where they are counted, else their day."""
    if rule.measure != "count":
        return table.date.cast("date")
    return table.order_id.cast("string") if rule.grain == "orders" else ibis.literal(1)


def _day_of_flag(table: ir.Table, flag: str) -> ir.Value:
    """The day on which what a flag says was so: its own, else the row's."""
    at = f"{flag}_at"
    own = [table[at].cast("date")] if at in table.columns else []
    return ibis.ifelse(table[flag], first_known(*own, table.date.cast("date")), ibis.null("date"))


def _at_end(rows: ir.Table, column: ir.Value, rule: Rule) -> ir.Value:
    """The value of the last (or first) row that has one; of several at once the greatest text."""
    last = rule.measure == "last"
    when = rows.time.cast("string").fill_null("" if last else _AFTER_ALL)
    dated = when + _BETWEEN + column.cast("string")
    end = dated.max() if last else dated.min()
    value = end.substr(end.find(_BETWEEN) + 1)
    return value.cast("float64") if rule.shape == "number" else value


def _score_base(rows: ir.Table, amount: ir.Value, rule: Rule) -> ir.Value:
    """What customers are scored by: the day of the last order, days with one, what was paid."""
    match rule.field:
        case "recency":
            return rows.day.max().cast("timestamp").epoch_seconds().cast("float64") / 86400.0
        case "frequency":
            days = rows.day.nunique().cast("float64")
            return days.nullif(0.0)
        case _:
            paid = amount.sum(where=rows.day.notnull()).fill_null(0.0).round(_DECIMALS)
            return ibis.ifelse(rows.day.notnull().any(), paid, ibis.null("float64"))


def _scores(people: ir.Table, scored: Mapping[str, str]) -> dict[str, ir.Value]:
    """Scores from 1 to 5 by the fifths of all customers."""
    fifths = {name: people[name].quantile(list(_FIFTHS)) for name in scored}
    (line,) = people.aggregate(**fifths).to_pyarrow().to_pylist()
    return {
        name: score(people[name], tuple(line[name])).cast("float64")
        for name in scored
        if line[name] is not None
    }


def _compared(value: ir.Value, rule: Rule, end: date | None) -> ir.BooleanValue:
    """A value held against the rule's own; null where it is not known, but to "empty"."""
    match rule.shape:
        case "text":
            return _text(value, rule)
        case "date":
            return _day(value, rule, end)
        case _:
            return _number(value, rule)


def _text(value: ir.Value, rule: Rule) -> ir.BooleanValue:
    text = folded(value).nullif("")
    wanted = [one.strip().lower() for one in rule.values]
    match rule.operator:
        case "is":
            return text.isin(wanted)
        case "is_not":
            # Of any row: which people have such a row; `holds` turns it round.
            return text.isin(wanted) if rule.measure == "any" else ~text.isin(wanted)
        case "contains":
            return reduce(or_, (text.contains(one) for one in wanted))
        case _:
            return text.isnull()


def _number(value: ir.Value, rule: Rule) -> ir.BooleanValue:
    if rule.operator == "is_empty":
        return value.isnull()
    return _COMPARES[rule.operator](value, ibis.literal(float(rule.values[0]), "float64"))


def _day(value: ir.Value, rule: Rule, end: date | None) -> ir.BooleanValue:
    if rule.operator == "is_empty":
        return value.isnull()
    if rule.operator in ("before", "after"):
        wanted = ibis.literal(date.fromisoformat(rule.values[0]))
        return value < wanted if rule.operator == "before" else value > wanted
    assert end is not None
    first = end - timedelta(days=int(rule.values[0]) - 1)
    within = (value >= ibis.literal(first)) & (value <= ibis.literal(end))
    # Whoever never did it has not done it lately either.
    return within if rule.operator == "in_last" else ~within.fill_null(NO)


def _time(table: ir.Table, grain: str) -> ir.Value:
    """When a row was, as exactly as it says."""
    names = [name for name in grain_named(grain).dated_by if name != "date"]
    times = [table[name].cast("timestamp") for name in names if name in table.columns]
    return first_known(*times, table.date.cast("timestamp"))


def currencies(engine: Engine, grain: str) -> int:
    """How many currencies rows name, at most two."""

    def found() -> int:
        currency = ground(engine, grain)[0].currency
        ends = ground(engine, grain)[0].aggregate(low=currency.min(), high=currency.max())
        (line,) = ends.to_pyarrow().to_pylist()
        return len({line["low"], line["high"]} - {None})

    return engine.once(f"currencies_of_{grain}", found)


def _is_money(rule: Rule) -> bool:
    return kind_of(rule.field, rule.grain) == "money"


def _is_filled(engine: Engine, rule: Rule) -> bool:
    """Whether any row holds what the rule reads."""
    mapped = mapped_of(engine, rule.grain)
    if rule.field == ROWS or rule.field in ("recency", "frequency"):
        return True
    if rule.grain == "orders" and rule.field in ("amount", "money"):
        return not mapped.isdisjoint({"amount", "revenue"})
    return not mapped.isdisjoint({rule.field, f"{rule.field}_at"})
