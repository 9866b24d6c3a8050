"""The finding of a test as one page of HTML that needs nothing else: sentence, charts, table.

The JSON document stands in it, so that the page is also what `recheck` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from crm_metrics.experiments.model import Finding
from crm_metrics.findings.verdict_file import finding_json
from crm_metrics.findings.verdicts import (
    arm_texts,
    difference_texts,
    lift_texts,
    line_text,
    segment_text,
    standing_text,
)
from crm_metrics.findings.wording import metric_name
from crm_metrics.texts import integer_text, t

_WIDTH, _LEFT, _ROW, _TOP = 640, 150, 34, 8
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1c1c;background:#fff}h1{font-size:1.35rem;line-height:1.35}h2{font-size:1.05rem;"
    "margin-top:2rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "td,th{padding:.35rem .5rem;text-align:right;border-bottom:1px solid #8884;font-size:.9rem}"
    "td:first-child,th:first-child{text-align:left}ul{padding-left:1.1rem}small{color:#595959}"
    ".wide{overflow-x:auto}svg{max-width:100%;height:auto;color:#0072b2}text{fill:#1c1c1c;"
    "font-size:13px}@media(prefers-color-scheme:dark){body{background:#14171a;color:#eee}"
    "text{fill:#eee}small{color:#bbb}svg{color:#56b4e9}}"
)
Row = tuple[str, float, float, float, str]
"""Label, value, its bounds, and the three in words."""


def finding_page(finding: Finding, document: dict[str, Any], lang: str) -> str:
    """The page; `document` is `finding_document` of the same finding."""
    title = metric_name(finding.setup.metric, lang)
    when = document["date"] or ""
    head = " · ".join(part for part in (str(document["source"]), when) if part)
    arms = _svg(_arm_rows(finding, lang), zero=False)
    gaps = _svg(_gap_rows(finding, lang), zero=True)
    compared = t("experiments.difference_title", lang, control=finding.setup.control)
    parts = [
        f"<p><small>{escape(head)}</small></p>" if head else "",
        f"<h1>{escape(document['sentence'])}</h1>",
        f"<p><b>{escape(t('experiments.next', lang))}</b> {escape(document['next_step'])}</p>",
        f"<h2>{escape(t('experiments.arms_title', lang))}</h2>{arms}" if arms else "",
        f"<h2>{escape(compared)}</h2>{gaps}" if gaps else "",
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


def _around(finding: Finding, lang: str) -> str:
    """Other metrics, second looks and segments, a line each; "" without any."""
    place = [item.arm for item in finding.comparisons].index(str(finding.params["arm"]))
    lines = [
        *(standing_text(item, lang, place) for item in finding.others),
        *(line_text(line, finding, lang) for line in finding.lines),
        *(segment_text(segment, lang) for segment in finding.segments),
    ]
    title = escape(t("experiments.around_title", lang))
    return f"<h2>{title}</h2>{_list(lines)}" if lines else ""


def _gate(gate: dict[str, Any], lang: str) -> str:
    name = t(f"gate.name.{gate['gate']}", lang)
    return f"{name}: {gate['text']}"


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _table(finding: Finding, lang: str) -> str:
    names = ("arm", "n", "value", "interval", "difference", "between", "lift")
    head = "".join(f"<th>{escape(t(f'experiments.column.{name}', lang))}</th>" for name in names)
    compared = {item.arm: item for item in finding.comparisons}
    lines = []
    for arm in finding.arms:
        value, *ends = arm_texts(finding, arm, lang)
        item = compared.get(arm.name)
        gap = difference_texts(finding, item, lang) if item else None
        lift = lift_texts(item, lang) if item else None
        cells = [
            *(arm.name, integer_text(arm.n, lang), value, _between(ends, lang)),
            gap[0] if gap else ("—" if item else t("experiments.control_row", lang)),
            _between(gap[1:], lang) if gap else "",
            lift[0] if lift else "",
        ]
        lines.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def _between(ends: Sequence[str], lang: str) -> str:
    low, high = ends
    return low if low == "—" else t("experiments.between", lang, low=low, high=high)


def _arm_rows(finding: Finding, lang: str) -> list[Row]:
    rows = []
    for arm in finding.arms:
        if arm.value is not None and arm.low is not None and arm.high is not None:
            value, *ends = arm_texts(finding, arm, lang)
            said = f"{value} ({_between(ends, lang)})"
            rows.append((arm.name, arm.value, arm.low, arm.high, said))
    return rows


def _gap_rows(finding: Finding, lang: str) -> list[Row]:
    rows = []
    for item in finding.comparisons:
        texts = difference_texts(finding, item, lang)
        ends = (item.difference, item.difference_low, item.difference_high)
        known = [end for end in ends if end is not None]
        if texts is not None and len(known) == len(ends):
            said = f"{texts[0]} ({_between(texts[1:], lang)})"
            rows.append((item.arm, known[0], known[1], known[2], said))
    return rows


def _svg(rows: Sequence[Row], *, zero: bool) -> str:
    """Dots with whiskers on one axis, each said in words beside its name; "" without rows."""
    if not rows:
        return ""
    low = min([row[2] for row in rows] + ([0.0] if zero else []))
    high = max([row[3] for row in rows] + ([0.0] if zero else []))
    scale = (_WIDTH - _LEFT - 20) / ((high - low) or 1.0)
    height = _TOP + _ROW * len(rows) + 8

    def at(value: float) -> str:
        return f"{_LEFT + 10 + (value - low) * scale:.2f}"

    lines = []
    if zero:
        lines.append(
            f'<line x1="{at(0)}" x2="{at(0)}" y1="0" y2="{height}" stroke="#888"'
            ' stroke-dasharray="4 3"/>'
        )
    for place, (label, value, least, most, said) in enumerate(rows):
        y = _TOP + _ROW * place + _ROW / 2
        shown = label if len(label) <= 20 else label[:19] + "…"
        lines.append(
            f'<g stroke="currentColor" fill="currentColor"><title>{escape(f"{label}: {said}")}'
            f'</title><line x1="{at(least)}" x2="{at(most)}" y1="{y}" y2="{y}" stroke-width="2"/>'
            f'<circle cx="{at(value)}" cy="{y}" r="5"/></g>'
            f'<text x="0" y="{y + 4}">{escape(shown)}</text>'
        )
    spoken = "; ".join(f"{row[0]}: {row[4]}" for row in rows)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(spoken)}">'
        + "".join(lines)
        + f"</svg><p><small>{escape(spoken)}</small></p>"
    )
