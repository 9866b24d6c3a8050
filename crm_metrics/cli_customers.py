"""`customers`: who stays and what one is worth, from orders (and spend, for what one costs)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_deals import (
    DealOptions,
    deal_document,
    deal_lines,
    deal_options,
    told_of_deals,
)
from crm_metrics.cli_derived import LINES, Traced, derived_line, plain_value, traced
from crm_metrics.cli_files import loaded
from crm_metrics.cli_options import FILES, FROM, JSON, LANG, TO, language, period, print_json
from crm_metrics.cli_reading import Reading, reading_options
from crm_metrics.cli_segments import SEGMENT, say_segment, segment_asked
from crm_metrics.findings.customers import (
    customer_sentences,
    left_out_sentences,
    returns_sentence,
    sales_sentence,
)
from crm_metrics.findings.wording import field_name, inside
from crm_metrics.metrics import Filters, Value, periods
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.value.lifetime import Plan
from crm_metrics.metrics.value.overview import Customers, acquired, earned, winning
from crm_metrics.metrics.value.overview import customers as of_history
from crm_metrics.metrics.value.sales import sales_shares
from crm_metrics.texts import integer_text, percent_text, period_text, t

_MARGIN = click.FloatRange(0, 100, min_open=True)


@click.command()
@FILES
@reading_options
@FROM
@TO
@click.option("--limit", type=click.IntRange(1), help="Days of silence after which one is gone.")
@click.option("--margin", type=_MARGIN, default=100.0, help="Per cent of revenue that is kept.")
@click.option("--months", type=click.IntRange(1, 60), default=12, help="Horizon of the forecast.")
@SEGMENT
@deal_options
@LINES
@LANG
@JSON
def customers(
    files: tuple[Path, ...],
    reading: Reading,
    start: datetime | None,
    end: datetime | None,
    limit: int | None,
    margin: float,
    months: int,
    segment_from: str | None,
    selling: DealOptions,
    first: int | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Retention, churn, lifetime value and the cost of a customer."""
    lang = language(lang)
    filters = Filters(*period(start, end), segment=segment_asked(segment_from))
    plan = Plan(months=months, margin=margin / 100)
    with loaded(files, reading) as workspace, workspace.engine() as engine:
        say_segment(engine, filters.segment, lang)
        found = of_history(engine, filters, limit=limit, plan=plan)
        now, before = periods(engine, filters)
        costs, back = acquired(engine, now), earned(engine, now, plan.margin)
        costs_before = acquired(engine, before) if before else ()
        shares = sales_shares(engine, now)
        told = told_of_deals(engine, filters, selling)
        earlier = costs_before[0] if costs_before else None
        won = winning(found, costs[0], plan.margin, earlier) if costs else None
        brought = back[0] if back else None
        values = (
            *found.values,
            *(won.values if won else ()),
            *(brought.values if brought else ()),
            *shares,
        )
        of_orders = Behind(now, limit)
        asked = [(one, of_orders) for one in values]
        asked += [(one, Behind(filters, stages=selling.stages)) for one in told.derived]
        behind = traced(engine, workspace.datasets(), asked, first)
    if as_json:
        print_json(_document(found, values, behind) | deal_document(told, behind))
        return
    if found.needs and not told.deals:
        names = ", ".join(inside(field_name(name, lang)) for name in found.needs)
        click.echo(t("customers.needs", lang, names=names))
    if found.start and found.end:
        days = period_text((found.start, found.end), lang)
        click.echo(t("customers.history", lang, people=integer_text(found.people, lang), days=days))
    for sentence in customer_sentences(found, won, lang):
        click.echo(sentence)
    of_period = (returns_sentence(brought, lang), sales_sentence(shares, lang))
    if any(of_period) and now.start and now.end:
        click.echo(t("customers.of_period", lang, days=period_text((now.start, now.end), lang)))
    for sentence in filter(None, of_period):
        click.echo(sentence)
    for cohort in found.retention.cohorts if found.retention else ():
        cells = (percent_text(one.value, lang) for one in cohort.cells if one.value is not None)
        size = integer_text(cohort.size, lang)
        click.echo(f"{cohort.month:%Y-%m} (n = {size}): {' '.join(cells)}")
    for value in values:
        click.echo(derived_line(value, lang))
        for line in behind.lines(value, lang):
            click.echo(line)
    for sentence in left_out_sentences(found, lang) if found.retention else ():
        click.echo(sentence)
    for line in deal_lines(told, behind, lang):
        click.echo(line)


def _document(found: Customers, values: tuple[Value, ...], behind: Traced) -> dict[str, Any]:
    model = found.model
    return {
        "customers": found.people,
        "start": found.start.isoformat() if found.start else None,
        "end": found.end.isoformat() if found.end else None,
        "needs": found.needs,
        "left_out": asdict(found.out),
        "cohorts": [
            {
                "month": one.month.isoformat(),
                "size": one.size,
                "retention": [cell.value for cell in one.cells],
                "revenue": one.revenue,
            }
            for one in (found.retention.cohorts if found.retention else ())
        ],
        "values": [plain_value(one, behind) for one in values],
        "rfm": asdict(found.rfm) if found.rfm else None,
        "model": {
            "refused": model.refused,
            "parameters": {name: list(pair) for name, pair in model.parameters.items()},
            "holdout": asdict(model.holdout) if model.holdout else None,
            "correlation": model.correlation,
            "fitted": model.customers,
        }
        if model
        else None,
    }
