"""The audit: all checks asked of the files at once, and what they found in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.audit.as_of import as_of, ends
from crm_metrics.audit.catalogue import catalogue, thresholds
from crm_metrics.audit.examples import examples_of
from crm_metrics.audit.ground import FILE, LINE, Ground
from crm_metrics.audit.listing import (
    AT_STAKE,
    CURRENCY,
    condition_of,
    found_by,
    one_a_line,
)
from crm_metrics.audit.model import (
    DAYS,
    OFF,
    Audit,
    Check,
    Example,
    Finding,
    Inflow,
    Money,
    NotRun,
    Passed,
    Settings,
    finding_id,
)
from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.metrics import intervals
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.ground import Engine, grains_of
from crm_metrics.metrics.segments.persons import local_part
from crm_metrics.schema import fields_of
from crm_metrics.store.saving import is_kept, rows_in

Told = Callable[[Check, int, int], None]
"""Hears which rule is asked next, how many were before it, and of how many."""

# Where nothing is dated no check asks how long ago anything was.
_NO_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a check found in a scope, counted."""

    check: Check
    scope: str
    count: int
    base: int
    inflow: Inflow | None = None
    money: Money = ()
    numbers: Mapping[str, float | str] = field(default_factory=dict)

    def is_bad(self, settings: Settings) -> bool:
        """Whether it is a finding: there are violations, and more than the check lets pass."""
        above = self.check.above
        least = settings.of(above) if above else 0.0
        return self.count > least * self.base


def audit(
    engine: Engine,
    settings: Settings | None = None,
    *,
    checks: Sequence[Check] | None = None,
    told: Told | None = None,
) -> Audit:
    """All checks over the files of an engine (tables that stay in a data base are not read).

    Today is the day of the settings, else the last day that the data tell of; `told` hears of each
    rule before it is asked. Raises NotFoundError("no_such_threshold", "no_such_check") and
    InputError("threshold_range", "audit_day") for settings that no check has.
    """
    chosen = catalogue() if checks is None else tuple(checks)
    settings = settings or Settings()
    refuse_unknown(settings)
    part = local_part(engine)
    if part is None:
        lacking = tuple(NotRun(one.key, one.grain, "lacks", (one.grain,)) for one in chosen)
        return Audit(settings.today or _NO_DAY, (), (), lacking, {}, settings)
    ground = ground_of(part, settings)
    asked, not_run = _can_run(ground, chosen)
    outcomes = [*_of_conditions(ground, asked), *_of_rules(ground, asked, told)]
    place = {(one.grain, one.key): number for number, one in enumerate(chosen)}
    outcomes.sort(key=lambda one: place[one.check.grain, one.check.key])
    bad = [one for one in outcomes if one.is_bad(ground.settings)]
    bad.sort(key=lambda one: _rank(ground, one))
    examples = examples_of(ground, [(one.check, one.scope) for one in bad])
    empty = (one for one in outcomes if not one.base)
    return Audit(
        today=ground.settings.day,
        findings=tuple(
            _finding(ground, one, shown) for one, shown in zip(bad, examples, strict=True)
        ),
        passed=tuple(
            Passed(one.check.key, one.scope, one.base, one.inflow, one.numbers)
            for one in outcomes
            if one.base and not one.is_bad(ground.settings)
        ),
        not_run=(
            *not_run,
            *(NotRun(one.check.key, one.check.grain, "nothing") for one in empty),
        ),
        rows=_rows(ground),
        settings=ground.settings,
        ends=ends(part),
    )


def _rows(ground: Ground) -> dict[str, int]:
    """How many rows of each grain count: what files share counts as the user says."""
    tables = [(grain, ground.table(grain)) for grain in sorted(grains_of(ground.engine))]
    told = _at_once({at: table.aggregate(n=table.count()) for at, (_, table) in enumerate(tables)})
    return {grain: int(told[at][0]["n"]) for at, (grain, _) in enumerate(tables)}


def ground_of(engine: Engine, settings: Settings) -> Ground:
    """What rules ask of the files of an engine, with today's day settled."""
    part = local_part(engine) or engine
    today = settings.today or as_of(part) or _NO_DAY
    return Ground(part, replace(settings, today=today))


def check_of(key: str, grain: str) -> Check:
    """The check of a grain with this key; raises NotFoundError("no_such_check")."""
    for check in catalogue():
        if (check.key, check.grain) == (key, grain):
            return check
    raise NotFoundError("no_such_check", check=key)


def refuse_unknown(settings: Settings) -> None:
    """Raise what `audit` raises for settings that no check has, and a day that no data have."""
    if settings.today is not None and not DAYS[0] <= settings.today <= DAYS[1]:
        raise InputError("audit_day", day=settings.today, low=DAYS[0], high=DAYS[1])
    known = thresholds()
    for key, value in settings.thresholds.items():
        if key not in known:
            raise NotFoundError("no_such_threshold", threshold=key, known=", ".join(sorted(known)))
        one = known[key]
        if not one.low <= value <= one.high:
            raise InputError(
                "threshold_range", threshold=key, value=value, low=one.low, high=one.high
            )
    keys = {check.key for check in catalogue()}
    for key in settings.severities:
        if key not in keys:
            raise NotFoundError("no_such_check", check=key)


def _can_run(ground: Ground, checks: Iterable[Check]) -> tuple[list[Check], list[NotRun]]:
    asked, not_run = [], []
    for check in checks:
        if ground.settings.severity(check) == OFF:
            not_run.append(NotRun(check.key, check.grain, "off"))
        elif lacking := ground.lacking(check):
            not_run.append(NotRun(check.key, check.grain, "lacks", lacking))
        elif check.of_list and ground.settings.lists.keys().isdisjoint(fields_of(check.grain)):
            not_run.append(NotRun(check.key, check.grain, "no_list"))
        else:
            asked.append(check)
    return asked, not_run


def _of_conditions(ground: Ground, checks: Iterable[Check]) -> Iterable[_Outcome]:
    """The checks of one row at a time: all those of a grain in one pass over its rows."""
    own = [check for check in checks if check.broken]
    for grain in dict.fromkeys(check.grain for check in own):
        each = [check for check in own if check.grain == grain]
        table = ground.table(grain)
        columns: dict[str, ir.Value] = {"currency": table.currency, "new": _is_new(ground, table)}
        for place, check in enumerate(each):
            columns[f"b{place}"] = condition_of(ground, check, table)
            if check.money:
                columns[f"m{place}"] = table[check.money].cast("float64")
        rows = table.select(**columns)
        sums: dict[str, ir.Value] = {}
        for place, check in enumerate(each):
            broken = rows[f"b{place}"]
            sums[f"n{place}"] = broken.sum()
            sums[f"base{place}"] = broken.count()
            if ground.settings.since:
                sums[f"new{place}"] = broken.sum(where=rows.new)
                sums[f"newbase{place}"] = broken.count(where=rows.new)
            if check.money:
                sums[f"money{place}"] = rows[f"m{place}"].sum(where=broken.fill_null(NO))
        lines = rows.group_by("currency").aggregate(**sums).to_pyarrow().to_pylist()
        for place, check in enumerate(each):
            yield _Outcome(
                check,
                check.scope(),
                count=_total(lines, f"n{place}"),
                base=_total(lines, f"base{place}"),
                inflow=_inflow(
                    ground, _total(lines, f"new{place}"), _total(lines, f"newbase{place}")
                ),
                money=_money((line["currency"], line.get(f"money{place}")) for line in lines),
            )


def _of_rules(ground: Ground, checks: Iterable[Check], told: Told | None) -> Iterable[_Outcome]:
    rules = [check for check in checks if check.rule]
    each = []
    for number, check in enumerate(rules):
        if told:
            told(check, number, len(rules))
        each += [(check, scope, found) for scope, found in found_by(ground, check).items()]
    bases = _at_once(
        {
            place: _base_of(ground, found.base)
            for place, (_, _, found) in enumerate(each)
            if isinstance(found.base, ir.Table) and not _is_counted(ground, found.base)
        }
    )
    counts = _at_once(
        {
            place: _sums_of(ground, check, found.rows)
            for place, (check, _, found) in enumerate(each)
            if _is_asked_more(ground, check, found.rows)
        }
    )
    for place, (check, scope, found) in enumerate(each):
        lines = counts.get(place) or [{"n": rows_in(found.rows)}]
        base, inflow = found.base, None
        if isinstance(base, ir.Table):
            (line,) = bases.get(place) or [{"n": rows_in(base)}]
            base = int(line["n"])
            inflow = _inflow(ground, _total(lines, "new"), int(line.get("new") or 0))
        yield _Outcome(
            check,
            scope,
            count=_total(lines, "n"),
            base=base,
            inflow=inflow,
            money=_money((line.get(CURRENCY), line.get("money")) for line in lines),
            numbers=found.numbers,
        )


def _at_once(tables: Mapping[int, ir.Table]) -> dict[int, list[dict[str, Any]]]:
    """The rows of small tables with the same columns by their place, by one query.

    To make a query takes longer than its answer does.
    """
    placed = [table.mutate(place=ibis.literal(place, "int64")) for place, table in tables.items()]
    if not placed:
        return {}
    found: dict[int, list[dict[str, Any]]] = {}
    for line in (ibis.union(*placed) if placed[1:] else placed[0]).to_pyarrow().to_pylist():
        found.setdefault(line["place"], []).append(line)
    return found


def _is_counted(ground: Ground, base: ir.Table) -> bool:
    """Whether nothing but the number of rows that are kept is asked of a base."""
    return ground.settings.since is None and is_kept(base)


def _base_of(ground: Ground, base: ir.Table) -> ir.Table:
    """What is counted (n), and how much of it is new where that is asked."""
    if ground.settings.since is None:
        return base.aggregate(n=base.count())
    dated = base.mutate(new=_is_new(ground, base))
    return dated.aggregate(n=dated.count(), new=dated.new.sum())


def _is_asked_more(ground: Ground, check: Check, rows: ir.Table) -> bool:
    """Whether more than their number is asked of violations; most checks find none."""
    valued = bool(check.money) or AT_STAKE in rows.columns
    return (valued or ground.settings.since is not None) and rows_in(rows) > 0


def _sums_of(ground: Ground, check: Check, rows: ir.Table) -> ir.Table:
    """Violations (n), new ones (new) and the money at stake by currency."""
    rows = _with_details(ground, check, rows)
    money = rows[AT_STAKE].sum() if AT_STAKE in rows.columns else ibis.null("float64")
    sums = {"n": rows.count(), "new": rows.new.sum(), "money": money.cast("float64")}
    return rows.group_by(CURRENCY).aggregate(**sums)


def _with_details(ground: Ground, check: Check, rows: ir.Table) -> ir.Table:
    """The violations with their currency, whether they are new, and what is at stake."""
    wanted = {"date", CURRENCY, *([AT_STAKE] if check.money else [])} - set(rows.columns)
    if FILE in rows.columns and wanted:
        table = ground.table(check.grain)
        known = {"date": table.date, CURRENCY: table.currency}
        if check.money:
            known[AT_STAKE] = table[check.money].cast("float64")
        own = {name: known[name] for name in sorted(wanted)}
        rows = rows.inner_join(one_a_line(table, rows, own), [FILE, LINE])
    if CURRENCY not in rows.columns:
        rows = rows.mutate(**{CURRENCY: ibis.null("string")})
    return rows.mutate(new=_is_new(ground, rows))


def _is_new(ground: Ground, table: ir.Table) -> ir.BooleanValue:
    since = ground.settings.since
    if since is None or "date" not in table.columns:
        return NO
    return (table.date.cast("date") >= ibis.literal(since)).fill_null(NO)


def _inflow(ground: Ground, count: int, base: int) -> Inflow | None:
    since = ground.settings.since
    return None if since is None else Inflow(since, count, base)


def _total(lines: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(int(line.get(name) or 0) for line in lines)


def _money(parts: Iterable[tuple[str | None, float | None]]) -> Money:
    """Amounts by currency, the largest first; those of nothing are left out."""
    known = [(currency, float(amount)) for currency, amount in parts if amount]
    return tuple(sorted(known, key=lambda one: (-one[1], one[0] or "")))


def _rank(ground: Ground, one: _Outcome) -> tuple[float, float, float]:
    money = max((amount for _, amount in one.money), default=0.0)
    return (ground.settings.severity(one.check), -money, -one.count)


def _finding(ground: Ground, one: _Outcome, examples: tuple[Example, ...]) -> Finding:
    check, settings = one.check, ground.settings
    low, high = intervals.wilson(np.array(float(one.count)), np.array(float(one.base)))
    asked = {threshold.key: settings.of(threshold) for threshold in check.thresholds}
    return Finding(
        id=finding_id(check.key, one.scope),
        check=check.key,
        scope=one.scope,
        grain=check.grain,
        counted=check.counted,
        severity=settings.severity(check),
        effort=check.effort,
        count=one.count,
        base=one.base,
        share=one.count / one.base,
        low=float(low),
        high=float(high),
        money=one.money,
        numbers=asked | dict(one.numbers),
        examples=examples,
        inflow=one.inflow,
    )
