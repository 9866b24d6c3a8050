"""How a number follows from its components and its lines, in words and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_metrics.findings.customers import derived_text
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.wording import flag_text, sum_text
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.lineage import Component, Lineage, SourceLine, in_files
from crm_metrics.metrics.model import Value
from crm_metrics.store import Dataset
from crm_metrics.texts import integer_text, t, value_text

_DIVIDED = {"proportion": ("x", "n"), "ratio": ("y", "x"), "mean": ("sum", "n")}

_QUOTIENTS = {
    "cac": ("spend", "n"),
    "ltv_cac": ("ltv", "cac"),
    "roas_blended": ("revenue", "spend"),
    "drr_blended": ("spend", "revenue"),
    "pareto_share": ("amount", "total"),
}


def follows_text(value: Value, lang: str) -> str:
    """The value from its components: "423 / 11,100 = 3.81%"; "" where nothing is counted."""
    if value.value is None or value.is_stated:
        return ""
    metric, parts = metric_named(value.metric, value.grain), value.components
    shown = value_text(value.value, metric.unit, lang, value.currency)
    if metric.kind in _DIVIDED:
        above, below = (sum_text(parts[name], lang) for name in _DIVIDED[metric.kind])
        return t("lineage.divided", lang, numerator=above, denominator=below, value=shown)
    words = {name: sum_text(number, lang) for name, number in parts.items()}
    share = integer_text(100 * (metric.quantile or 0.5), lang)
    return t(f"lineage.{metric.kind}", lang, **words, value=shown, share=share)


def derived_follows(value: Value, lang: str) -> str:
    """The same of a number made of others; "" where it is no quotient of two components."""
    names = _QUOTIENTS.get(value.metric, ("x", "n"))
    if value.metric == "sales_share" and value.variant == "of_revenue":
        names = ("amount", "total")
    parts = value.components
    if value.value is None or not set(names) <= set(parts) or not parts[names[1]]:
        return ""
    above, below = (sum_text(parts[name], lang) for name in names)
    shown = derived_text(value, lang)
    return t("lineage.divided", lang, numerator=above, denominator=below, value=shown)


def sums_text(found: Lineage, value: Value, lang: str) -> str:
    """Whether the lines add up to the components, or why not; "" where none are sums at all."""
    kind = metric_named(value.metric, value.grain).kind
    parts = _DIVIDED.get(kind, ("sum",) if kind == "total" else ())
    if not parts:
        return ""
    return t("lineage.adds_up" if set(parts) <= set(found.sums) else "lineage.repeats", lang)


def component_text(found: Lineage, lang: str) -> str:
    """What all lines of a component add up to; "" where their sum means nothing."""
    if "y" not in found.sums and "sum" not in found.sums:
        return ""
    added = sum_text(found.sums.get("y", found.sums.get("sum", 0.0)), lang)
    if "x" not in found.sums:
        return t("lineage.in_all", lang, added=added)
    return t("lineage.in_all_of", lang, added=added, of=sum_text(found.sums["x"], lang))


def left_out_texts(found: Lineage, lang: str) -> list[str]:
    """Why rows do not count, each reason with their number."""
    return [
        t("lineage.left_out", lang, count=count, why=flag_text(flag, lang))
        for flag, count in found.left_out.items()
    ]


def line_text(one: SourceLine, lang: str) -> str:
    """Where a line stands and what it adds: "june.csv, line 12: 365 / 17,815"."""
    added = sum_text(one.numerator, lang)
    if one.denominator is not None:
        added = f"{added} / {sum_text(one.denominator, lang)}"
    return t("lineage.line_of", lang, file=place_text(one), line=one.line, added=added)


def place_text(one: SourceLine) -> str:
    """The file, with its sheet or member where it names another thing."""
    return f"{one.file}, {one.table}" if _has_parts(one) else one.file


def lines_table(lines: Sequence[SourceLine], lang: str) -> tuple[list[str], list[list[Cell]]]:
    """Titles and rows: file, sheet, line, what each adds, and its cells by the files' headers.

    Where lines of several files have headers of their own, cells without one are blank. A column
    that would say nothing, of sheets or of denominators, is not there.
    """
    own: dict[str, list[Cell]] = {"file": [one.file for one in lines]}
    if any(map(_has_parts, lines)):
        own["table"] = [one.table for one in lines]
    own["line"] = [one.line for one in lines]
    if any(one.denominator is not None for one in lines):
        own["numerator"] = [one.numerator for one in lines]
        own["denominator"] = [one.denominator for one in lines]
    else:
        own["value"] = [one.numerator for one in lines]
    headers = list(dict.fromkeys(name for one in lines for name in one.cells))
    cells = [[one.cells.get(name, "") for one in lines] for name in headers]
    titles = [t(f"lineage.column.{name}", lang) for name in own]
    return [*titles, *headers], [list(row) for row in zip(*own.values(), *cells, strict=True)]


def component_lines(
    components: Sequence[Component], datasets: Sequence[Dataset], lang: str
) -> list[str]:
    """Each component of a number made of others: what it is of, its heaviest lines, what is out."""
    said = []
    for one in components:
        found = one.lineage
        title = t(f"lineage.component.{one.name}", lang)
        said.append(f"{title}. {component_text(found, lang)}".strip())
        said += [f"  {line_text(line, lang)}" for line in in_files(found.lines, datasets)]
        if found.lines:
            shown = t("lineage.shown", lang, shown=len(found.lines), count=found.total)
            said.append(f"  {shown}")
        said += [f"  {text}" for text in left_out_texts(found, lang)]
    return said


def components_document(
    components: Sequence[Component], datasets: Sequence[Dataset]
) -> list[dict[str, Any]]:
    """The same for JSON."""
    return [
        {
            "component": one.name,
            "sum": one.lineage.sums.get("y", one.lineage.sums.get("sum")),
            **lineage_document(one.lineage, in_files(one.lineage.lines, datasets)),
        }
        for one in components
    ]


def lineage_document(found: Lineage, lines: Sequence[SourceLine]) -> dict[str, Any]:
    """The lines of a value for JSON, how many there are, and how many rows are left out and why."""
    return {
        "lines": [
            {
                "file": one.file,
                "table": one.table,
                "line": one.line,
                "numerator": one.numerator,
                "denominator": one.denominator,
            }
            for one in lines
        ],
        "lines_total": found.total,
        "left_out": dict(found.left_out),
    }


def _has_parts(one: SourceLine) -> bool:
    return one.table not in ("", one.file, one.file.rpartition(".")[0])
