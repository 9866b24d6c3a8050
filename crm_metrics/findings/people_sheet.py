"""What the Customers and Voice pages count beside sums by channel: values, and their table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crm_metrics.findings.number_sheets import shown
from crm_metrics.findings.report import Report
from crm_metrics.findings.sheet import Cell, Sheet, headings_of, sheet_of, text_or
from crm_metrics.findings.wording import channel_name, flags_text, metric_name
from crm_metrics.metrics.crm_use import crm_use
from crm_metrics.metrics.deals import selling
from crm_metrics.metrics.declared import declaration
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Unit, Value
from crm_metrics.metrics.value.lifetime import Plan
from crm_metrics.metrics.value.overview import acquired, customers, earned, winning
from crm_metrics.metrics.value.sales import sales_shares
from crm_metrics.metrics.voice.questions import questions
from crm_metrics.texts import t

PeopleValues = Callable[[Filters, Filters], tuple[Value, ...]]


def people_values(engine: Engine, asked: Filters, now: Filters) -> tuple[Value, ...]:
    """Retention, churn, lifetime value and costs, deals, the CRM's use, and each question's score.

    As the pages show them untouched: a margin of 100 %, twelve months ahead. Histories follow
    `asked`, answers too; what orders cost and bring is of the period `now`.
    """
    return (*_of_customers(engine, asked, now), *_of_sales(engine, asked), *_asked(engine, asked))


def people_sheet(report: Report) -> Sheet:
    """A value a row, with its interval, n and what to keep in mind."""
    lang = report.lang
    headings = headings_of(
        lang,
        "metric part unit value low high n flags variant",
        value="value low high",
        number="n",
        long="part flags variant",
    )
    rows = tuple(_cells(one, lang) for one in report.people)
    return sheet_of(report, "people", headings, rows, units=tuple(map(_unit, report.people)))


def _of_customers(engine: Engine, asked: Filters, now: Filters) -> tuple[Value, ...]:
    if "orders" not in engine.grains:
        return ()
    plan = Plan()
    found, costs = customers(engine, asked, plan=plan), acquired(engine, now)
    won = winning(found, costs[0], plan.margin, None) if costs else None
    back = earned(engine, now, plan.margin)
    return (
        *found.values,
        *(won.values if won else ()),
        *(back[0].values if back else ()),
        *sales_shares(engine, now),
    )


def _of_sales(engine: Engine, asked: Filters) -> tuple[Value, ...]:
    deals, use = selling(engine, asked), crm_use(engine, asked)
    return (*(deals.values if deals else ()), *(use.values if use else ()))


def _asked(engine: Engine, asked: Filters) -> tuple[Value, ...]:
    """The metric of each question, where there are several."""
    return tuple(
        replace(one.headline, group={"question": one.text})
        for one in questions(engine, asked)
        if one.headline is not None and one.text is not None
    )


def _cells(value: Value, lang: str) -> tuple[Cell, ...]:
    unit = _unit(value)
    parts = [
        channel_name(part, lang) if name == "channel" else part
        for name, part in value.group.items()
        if part or name == "channel"
    ]
    return (
        metric_name(value.metric, lang),
        ", ".join(str(part) for part in parts),
        (unit == "money" and value.currency) or t(f"report.unit.{unit}", lang),
        *(shown(number, unit) for number in (value.value, value.low, value.high)),
        value.n,
        "; ".join(flags_text(value, lang)),
        text_or(f"variant.{value.variant}", value.variant, lang),
    )


def _unit(value: Value) -> Unit:
    return declaration(value.metric, value.grain).unit
