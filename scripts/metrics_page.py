"""The page of docs/ about metrics, made from the declarations and the texts."""

from __future__ import annotations

from itertools import groupby

from crm_metrics.metrics import CATALOGUE, Metric
from crm_metrics.metrics.values import FEW_UNITS
from crm_metrics.texts import has, keys, t

KINDS = ("proportion", "ratio", "mean", "quantile", "nps")


def page(lang: str) -> str:
    """The whole page in Markdown."""

    def word(key: str) -> str:
        return t(f"metric_page.{key}", lang)

    blocks = [f"# {word('title')}", word("intro"), f"{word('field')} {word('made')}"]
    for grain, metrics in groupby(CATALOGUE, key=lambda metric: metric.grain):
        blocks.append(f"## {t(f'grain.{grain}.name', lang)}")
        blocks += [section(metric, lang) for metric in metrics]
    methods = "\n".join(f"- {word(f'method.{kind}')}" for kind in KINDS)
    blocks += [f"## {word('intervals')}", methods]
    flags = sorted(key for key in keys(lang) if key.startswith("flag."))
    lines = [f"| {word('flag')} | {word('meaning')} |", "|---|---|"]
    lines += [f"| `{key.removeprefix('flag.')}` | {t(key, lang)} |" for key in flags]
    return "\n\n".join([*blocks, f"## {word('flags')}", "\n".join(lines)]) + "\n"


def section(metric: Metric, lang: str) -> str:
    """One metric: what it says, its formula and base, what it needs, what to mind."""

    def item(key: str, text: str) -> str:
        return f"- {t(f'metric_page.{key}', lang)}: {text}"

    kind = metric.kind if metric.interval else "none"
    lines = [
        f"### {t(f'metric.{metric.key}.name', lang)} (`{metric.key}`)",
        "",
        t(f"metric.{metric.key}.help", lang),
        "",
        item("formula", f"`{metric.formula}`"),
        item("base", t(f"variant.{metric.variant}", lang)),
        item("needs", needs(metric, lang)),
        item("unit", t(f"metric_page.unit_name.{metric.unit}", lang)),
        item("good", t(f"metric_page.direction.{metric.direction}", lang)),
        item("interval", t(f"metric_page.kind.{kind}", lang)),
    ]
    if metric.kind == "ratio":
        lines.append(item("minimum", t("metric_page.minimum_units", lang, n=FEW_UNITS)))
    elif metric.kind != "total":
        lines.append(item("minimum", t("metric_page.minimum_n", lang, n=metric.minimum_n)))
    if has(f"metric.{metric.key}.trap", lang):
        lines.append(item("trap", t(f"metric.{metric.key}.trap", lang)))
    return "\n".join(lines)


def needs(metric: Metric, lang: str) -> str:
    """The needed fields, alternatives joined by "or"."""
    joint = f" {t('metric_page.either', lang)} "
    groups = (joint.join(f"`{key}`" for key in need.split("|")) for need in metric.needs)
    return "; ".join(groups) or t("metric_page.needs_none", lang)
