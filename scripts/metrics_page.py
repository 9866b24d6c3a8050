"""The page of docs/ about metrics, made from the declarations, the names and the texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crm_metrics.metrics import CATALOGUE, Metric
from crm_metrics.metrics.derived import DERIVED, Derived
from crm_metrics.metrics.names import Name, guides, names
from crm_metrics.metrics.values import FEW_UNITS, LEAST_UNITS
from crm_metrics.texts import has, keys, t
from scripts.page_parts import fields, table

KINDS = ("proportion", "ratio", "mean", "quantile", "nps")
RULES = (
    *("sums", "base", "absent", "above", "rates", "people"),
    *("direction", "typical", "mix", "cohort"),
)
# A family is what a marketer looks for; a grain without one is a family of its own.
FAMILIES = {
    "messages": ("campaigns", "recipients", "events"),
    "social": ("posts", "page_days"),
    "web": ("traffic",),
    "ads": ("spend",),
    "support": ("conversations", "support_stats", "calls"),
    "voice": ("surveys",),
    "gatherings": ("attendance",),
    "sales": ("orders", "deals"),
}
OF_THEMES = (
    *("theme_share", "no_theme_share", "phrase_share"),
    *("neg_share", "complaint_theme_share"),
)
_CALLED = 6


def page(lang: str) -> str:
    """The whole page in Markdown."""

    def word(key: str) -> str:
        return t(f"metric_page.{key}", lang)

    blocks = [f"# {word('title')}", word("intro"), word("made")]
    blocks += [f"## {word('rules')}", _numbered(t(f"metric_page.rule.{r}", lang) for r in RULES)]
    blocks += [f"## {word('names')}", word("names_note"), _names_table(lang)]
    blocks += [f"## {word('guides')}", word("guides_note"), _guides_table(lang)]
    told: set[str] = set()
    for family, metrics in _families().items():
        blocks += [f"## {_family_name(family, lang)}", _contents(metrics, lang)]
        for key in dict.fromkeys(metric.key for metric in metrics):
            if key not in told:
                blocks.append(section([one for one in CATALOGUE if one.key == key], lang))
            told.add(key)
    blocks += [f"## {word('family.customers')}", word("derived_note")]
    blocks += [_derived(one, lang) for one in DERIVED if one.key not in OF_THEMES]
    blocks += [f"## {word('family.themes')}", word("themes_note")]
    blocks += [_derived(one, lang) for one in DERIVED if one.key in OF_THEMES]
    methods = "\n".join(f"- {word(f'method.{kind}')}" for kind in KINDS)
    blocks += [f"## {word('intervals')}", methods, f"## {word('flags')}", _flags_table(lang)]
    return "\n\n".join(blocks) + "\n"


def section(metrics: Sequence[Metric], lang: str) -> str:
    """One metric on all its grains: what it says, what to mind, its formulas and what they need."""
    first = metrics[0]

    def item(key: str, text: str) -> str:
        return f"- {t(f'metric_page.{key}', lang)}: {text}"

    blocks = [f"### {_heading(first.key, lang)}", t(f"metric.{first.key}.help", lang)]
    if has(f"metric.{first.key}.trap", lang):
        trap = t(f"metric.{first.key}.trap", lang)
        blocks.append(f"> **{t('metric_page.trap', lang)}.** {trap}")
    lines = [
        item("unit", t(f"metric_page.unit_name.{first.unit}", lang)),
        item("good", t(f"metric_page.direction.{first.direction}", lang)),
        item("interval", " / ".join(dict.fromkeys(_interval(one, lang) for one in metrics))),
    ]
    least = dict.fromkeys(text for one in metrics if (text := _minimum(one, lang)))
    lines += [item("minimum", " / ".join(least))] if least else []
    called, among = _called(first.key, lang)
    lines += [item("called", called)] if called else []
    lines += [item("among", among)] if among else []
    return "\n\n".join([*blocks, "\n".join(lines), _formulas(metrics, lang)])


def _derived(metric: Derived, lang: str) -> str:
    """A metric of whole histories: what it says, what to mind, its formula and what it needs."""
    key = metric.key
    blocks = [f"### {_heading(key, lang)}", t(f"metric.{key}.help", lang)]
    if has(f"metric.{key}.trap", lang):
        blocks.append(f"> **{t('metric_page.trap', lang)}.** {t(f'metric.{key}.trap', lang)}")
    told = {
        "unit": t(f"metric_page.unit_name.{metric.unit}", lang),
        "good": t(f"metric_page.direction.{metric.direction}", lang),
        "interval": t(f"derived.interval.{metric.interval}", lang),
        "formula": f"`{metric.formula}`",
        "base": t(f"variant.{metric.variant}", lang),
        "needs": "; ".join(fields(need, lang) for need in metric.needs),
    }
    lines = (f"- {t(f'metric_page.{name}', lang)}: {text}" for name, text in told.items())
    return "\n\n".join([*blocks, "\n".join(lines)])


def needs(metric: Metric, lang: str) -> str:
    """The needed fields by name and key, alternatives joined by "or"."""
    groups = (fields(need, lang) for need in metric.needs)
    return "; ".join(groups) or t("metric_page.needs_none", lang)


def _families() -> dict[str, list[Metric]]:
    """Metrics by family, in the order of families and of the catalogue."""
    of_grain = {grain: family for family, grains in FAMILIES.items() for grain in grains}
    found: dict[str, list[Metric]] = {family: [] for family in FAMILIES}
    for metric in CATALOGUE:
        found.setdefault(of_grain.get(metric.grain, metric.grain), []).append(metric)
    return {family: metrics for family, metrics in found.items() if metrics}


def _family_name(family: str, lang: str) -> str:
    key = f"metric_page.family.{family}"
    return t(key, lang) if has(key, lang) else t(f"grain.{family}.name", lang)


def _contents(metrics: Iterable[Metric], lang: str) -> str:
    """A family's metrics on one screen, each a link to its section."""
    rows: dict[str, Metric] = {}
    for metric in metrics:
        rows.setdefault(metric.key, metric)
    return table(
        (t("metric_page.metric", lang), t("metric_page.what", lang), t("metric_page.good", lang)),
        (
            (
                _link(key, lang),
                t(f"metric.{key}.help", lang),
                t(f"metric_page.direction.{rows[key].direction}", lang),
            )
            for key in rows
        ),
    )


def _formulas(metrics: Sequence[Metric], lang: str) -> str:
    """A line for each grain: what one row is, the formula, its base, the fields it needs."""
    heads = ("rows", "formula", "base", "needs")
    return table(
        [t(f"metric_page.{head}", lang) for head in heads],
        (
            (
                t(f"grain.{metric.grain}.name", lang),
                f"`{metric.formula}`",
                t(f"variant.{metric.variant}", lang),
                needs(metric, lang),
            )
            for metric in metrics
        ),
    )


def _names_table(lang: str) -> str:
    heads = ("name", "metrics", "mind")
    return table(
        [t(f"metric_page.{head}", lang) for head in heads],
        (
            (
                ", ".join(name.spellings[lang][:_CALLED]),
                _meanings(name, lang),
                name.said.get(lang, ""),
            )
            for name in sorted(names(), key=lambda one: one.spellings[lang][0].casefold())
        ),
    )


def _guides_table(lang: str) -> str:
    heads = ("guide", "name", "metrics")
    return table(
        [t(f"metric_page.{head}", lang) for head in heads],
        (
            (title, name.spellings[lang][0], _meanings(name, lang))
            for key, title in guides(lang).items()
            for name in names()
            if key in name.guides
        ),
    )


def _flags_table(lang: str) -> str:
    flags = sorted(key for key in keys(lang) if key.startswith("flag."))
    return table(
        (t("metric_page.flag", lang), t("metric_page.meaning", lang)),
        ((f"`{key.removeprefix('flag.')}`", t(key, lang)) for key in flags),
    )


def _meanings(name: Name, lang: str) -> str:
    """A name's metrics as links; those that are not declared are said to be not computed yet."""
    declared = {metric.key for metric in (*CATALOGUE, *DERIVED)}
    later = t("metric_page.later", lang)
    return ", ".join(
        _link(key, lang) if key in declared else f"`{key}` ({later})" for key in name.metrics
    )


def _called(key: str, lang: str) -> tuple[str, str]:
    """The names that mean this metric alone, and those that may mean it among others."""
    alone = [name for name in names() if name.metrics == (key,)]
    among = [name for name in names() if key in name.metrics and len(name.metrics) > 1]
    return (
        ", ".join(spelling for name in alone for spelling in name.spellings[lang][:_CALLED]),
        ", ".join(name.spellings[lang][0] for name in among),
    )


def _interval(metric: Metric, lang: str) -> str:
    return t(f"metric_page.kind.{metric.kind if metric.interval else 'none'}", lang)


def _minimum(metric: Metric, lang: str) -> str:
    """Under how many units a value is marked as standing on few data."""
    if metric.kind == "total" or not metric.interval:
        return ""
    if metric.kind == "ratio":
        return t("metric_page.minimum_units", lang, n=FEW_UNITS, least=LEAST_UNITS)
    if metric.kind == "quantile":
        return t("metric_page.minimum_ranks", lang, n=metric.minimum_n)
    return t("metric_page.minimum_n", lang, n=metric.minimum_n)


def _heading(key: str, lang: str) -> str:
    return f"{t(f'metric.{key}.name', lang)} (`{key}`)"


def _link(key: str, lang: str) -> str:
    """A link to the metric's section, by the anchor that GitHub gives the heading."""
    bare = re.sub(r"[^\w\- ]", "", _heading(key, lang).lower()).replace(" ", "-")
    return f"[{t(f'metric.{key}.name', lang)}](#{bare})"


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))
