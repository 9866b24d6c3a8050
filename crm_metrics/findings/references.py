"""References in words: the own typical campaign, and published numbers with where they are from."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.findings.wording import bound_text
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.metrics.references import Benchmark, History, differences
from crm_metrics.texts import date_text, has, t, value_text

_FIRST_KIND = "campaign"
_UNSTATED = ("formula_unstated", "aggregator_unstated")


def main_history(histories: Sequence[History], value: Value) -> History | None:
    """The history that a channel's value is held against: that of its campaigns, else the longest.

    Only of the same metric, formula and rows; kinds of mailing are never put together.
    """
    fitting = [
        one
        for one in histories
        if (one.metric, one.variant) == (value.metric, value.variant)
        and comparable(one.grain, value.grain)
        and one.channel == value.group.get("channel")
        and one.currency == value.currency
    ]
    return max(
        fitting,
        key=lambda one: (one.lacking == 0, one.message_type == _FIRST_KIND, one.campaigns),
        default=None,
    )


def history_text(history: History, unit: Unit, lang: str) -> str:
    """The typical campaign with its quartiles, or how many campaigns it lacks."""
    kind = kind_text(history, lang)
    if history.median is None or history.low is None or history.high is None:
        words = {"count": history.campaigns, "lacking": history.lacking}
        return t("references.lacking", lang, kind=kind, **words)
    ends = (history.low, history.high)
    low, high = (bound_text(end, history.median, unit, lang, history.currency) for end in ends)
    return t(
        "references.typical",
        lang,
        median=value_text(history.median, unit, lang, history.currency),
        low=low,
        high=high,
        count=history.campaigns,
        kind=kind,
        since=date_text(history.since, lang),
        until=date_text(history.until, lang),
    )


def kind_text(history: History, lang: str) -> str:
    """The kind of mailing as people call it; that it is not known where the data do not say."""
    if history.message_type is None:
        return t("references.kind_unknown", lang)
    key = f"references.kind.{history.message_type}"
    return t(key, lang) if has(key, lang) else " ".join(history.message_type.split())


def number_text(benchmark: Benchmark, unit: Unit, lang: str) -> str:
    """The published number or range."""
    if benchmark.value_to is None:
        return value_text(benchmark.value, unit, lang)
    low, high = (
        bound_text(end, benchmark.value, unit, lang)
        for end in (benchmark.value, benchmark.value_to)
    )
    return t("references.range", lang, low=low, high=high)


def published_by(benchmark: Benchmark, lang: str) -> str:
    """Who published the number, and where we read it if not there."""
    if not benchmark.quoted_by:
        return benchmark.source
    words = {"source": benchmark.source, "quoted_by": benchmark.quoted_by}
    return t("references.quoted", lang, **words)


def base_text(benchmark: Benchmark, value: Value, lang: str) -> str:
    """Whether the number is made as ours, in what it is not, or what its source leaves out."""
    codes = differences(benchmark, value)
    if not codes:
        return t("references.same_base", lang)
    known = [code for code in codes if code not in _UNSTATED]
    why = "; ".join(t(f"references.differs.{code}", lang) for code in codes)
    return t("references.other_base" if known else "references.unknown_base", lang, why=why)


def segment_text(benchmark: Benchmark, lang: str) -> str:
    """Whose number it is, and of which kind of mailing where it is of one."""
    whose = coded("segment", benchmark.segment, lang)
    if not benchmark.message_type:
        return whose
    return f"{whose}, {coded('kind', benchmark.message_type, lang)}"


def coded(kind: str, code: str, lang: str) -> str:
    """A code of the file of benchmarks in words."""
    return t(f"references.{kind}.{code}", lang)
