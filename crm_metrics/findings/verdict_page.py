"""The finding of a test as one page of HTML that needs nothing else: sentence, charts, table.

The JSON document stands in it, so that the page is also what `recheck` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from crm_metrics.experiments.by_day import by_day
from crm_metrics.experiments.model import Comparison, Finding
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.findings.rising_curves import rising_curves
from crm_metrics.findings.ticks import percent_ticks, plain_ticks, point_ticks
from crm_metrics.findings.trial_numbers import ends_text, trial_metric
from crm_metrics.findings.verdict_file import finding_json
from crm_metrics.findings.verdicts import (
    arm_texts,
    beside_texts,
    difference_texts,
    lift_texts,
)
from crm_metrics.findings.whiskers import Row, whiskers
from crm_metrics.texts import date_text, integer_text, t

_MOST_DAYS = 31
"""A page of more days is a roll; the document has all of them."""

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1c1c;background:#fff}h1{font-size:1.35rem;line-height:1.35}h2{font-size:1.05rem;"
    "margin-top:2rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "td,th{padding:.35rem .5rem;text-align:right;border-bottom:1px solid #8884;font-size:.9rem}"
    "td:first-child,th:first-child{text-align:left}ul{padding-left:1.1rem}small{color:#595959}"
    ".wide{overflow-x:auto}svg{display:block;width:100%;max-width:38rem;height:auto;color:#0072b2}"
    "text{fill:#1c1c1c;font-size:11.5px}@media(max-width:30rem){text{font-size:15px}}@media(prefers-color-scheme:dark){body{background:#14171a;color:#eee}"
    "text{fill:#eee}small{color:#bbb}svg{color:#56b4e9}}"
)


def finding_page(inputs: Inputs, finding: Finding, document: dict[str, Any], lang: str) -> str:
    """The page; `document` is `finding_document` of the same finding, `inputs` give its days."""
    title = trial_metric(finding.setup.metric, lang)
    when = document["date"] or ""
    head = " · ".join(part for part in (str(document["source"]), when) if part)
    share = finding.setup.shape == "proportion"
    arms = whiskers(_arm_rows(finding, lang), percent_ticks(lang) if share else plain_ticks(lang))
    points = point_ticks(lang) if share else plain_ticks(lang)
    gaps = whiskers(_gap_rows(finding, lang), points, zero=True)
    days, said = _day_rows(finding, inputs, lang)
    course = whiskers(days, points, zero=True, spoken=False)
    compared = t("experiments.difference_title", lang, control=finding.setup.control)
    parts = [
        f"<p><small>{escape(head)}</small></p>" if head else "",
        f"<h1>{escape(document['sentence'])}</h1>",
        f"<p><b>{escape(t('experiments.next', lang))}</b> {escape(document['next_step'])}</p>",
        f"<h2>{escape(t('experiments.arms_title', lang))}</h2>{arms}" if arms else "",
        f"<h2>{escape(compared)}</h2>{gaps}" if gaps else "",
        _speed(finding, inputs, lang),
        f"<h2>{escape(said)}</h2>{course}{_note('days_note', lang)}" if course else "",
        f"<h2>{escape(t('experiments.table_title', lang))}</h2>{_table(finding, lang)}",
        _around(finding, lang),
        f"<h2>{escape(t('experiments.gates_title', lang))}</h2>",
        _list([_gate(gate, lang) for gate in document["gates"]]),
        f"<h2>{escape(t('experiments.method', lang))}</h2>{_list(document['method'])}",
    ]
    # "<" inside a script would end it: JSON knows the letter by its number as well.
    inside = finding_json(document).replace("<", "\\u003c")
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(part for part in parts if part)
        + f'\n<script type="application/json" id="finding">{inside}</script>\n</body></html>\n'
    )


def _day_rows(finding: Finding, inputs: Inputs, lang: str) -> tuple[list[Row], str]:
    """The difference of all days so far, a row a day, and the title; the last days of many."""
    setup, arm = finding.setup, str(finding.params["arm"])
    days = inputs.beside.days
    found = by_day(setup.shape, days, arm, direction=setup.direction, alpha=setup.alpha)
    if found is None:
        return [], ""
    rows = []
    for day in found.days[-_MOST_DAYS:]:
        row = _gap_row(finding, day.so_far, date_text(day.day, lang), lang)
        rows += [row] if row else []
    title = t("experiments.days_so_far", lang, arm=found.arm, control=setup.control)
    return rows, title


def _speed(finding: Finding, inputs: Inputs, lang: str) -> str:
    """The curves of those who have answered; "" where no time of an answer is known."""
    waits = inputs.beside.waits
    drawn = rising_curves(waits, alpha=finding.setup.alpha, lang=lang) if waits else ""
    title = escape(t("experiments.speed_title", lang))
    return f"<h2>{title}</h2>{drawn}{_note('speed_note', lang)}" if drawn else ""


def _note(key: str, lang: str) -> str:
    return f"<p><small>{escape(t(f'experiments.{key}', lang))}</small></p>"


def _around(finding: Finding, lang: str) -> str:
    """Other metrics, second looks and segments, a line each; "" without any."""
    lines = beside_texts(finding, lang)
    title = escape(t("experiments.around_title", lang))
    return f"<h2>{title}</h2>{_list(lines)}" if lines else ""


def _gate(gate: dict[str, Any], lang: str) -> str:
    name = t(f"gate.name.{gate['gate']}", lang)
    return f"{name}: {gate['text']}"


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _table(finding: Finding, lang: str) -> str:
    counts = finding.setup.shape == "proportion"
    names = ["arm", "n", "successes", "value", "interval", "difference", "between", "lift"]
    if not counts:
        names.remove("successes")
    head = "".join(f"<th>{escape(t(f'experiments.column.{name}', lang))}</th>" for name in names)
    compared = {item.arm: item for item in finding.comparisons}
    lines = []
    for arm in finding.arms:
        value, *ends = arm_texts(finding, arm, lang)
        item = compared.get(arm.name)
        gap = difference_texts(finding, item, lang) if item else None
        lift = lift_texts(item, lang) if item else None
        cells = [
            *(arm.name, integer_text(arm.n, lang)),
            *([integer_text(arm.successes, lang)] if counts else []),
            *(value, ends_text(ends, lang)),
            gap[0] if gap else ("—" if item else t("experiments.control_row", lang)),
            ends_text(gap[1:], lang) if gap else "",
            f"{lift[0]} ({ends_text(lift[1:], lang)})" if lift else ("—" if item else ""),
        ]
        lines.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def _arm_rows(finding: Finding, lang: str) -> list[Row]:
    rows = []
    for arm in finding.arms:
        if arm.value is not None and arm.low is not None and arm.high is not None:
            value, *ends = arm_texts(finding, arm, lang)
            said = f"{value} ({ends_text(ends, lang)})"
            rows.append((arm.name, arm.value, arm.low, arm.high, said))
    return rows


def _gap_rows(finding: Finding, lang: str) -> list[Row]:
    rows = (_gap_row(finding, item, item.arm, lang) for item in finding.comparisons)
    return [row for row in rows if row]


def _gap_row(finding: Finding, item: Comparison, label: str, lang: str) -> Row | None:
    texts = difference_texts(finding, item, lang)
    value, low, high = item.difference, item.difference_low, item.difference_high
    if texts is None or value is None or low is None or high is None:
        return None
    return label, value, low, high, f"{texts[0]} ({ends_text(texts[1:], lang)})"
