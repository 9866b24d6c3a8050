"""Deals in sentences: what was won, how long it takes, what the open ones may bring."""

from __future__ import annotations

from collections.abc import Mapping

from crm_metrics.findings.wording import estimate, flag_text
from crm_metrics.metrics.deals import Selling
from crm_metrics.metrics.model import Value
from crm_metrics.texts import decimal_text, integer_text, percent_text, t, value_text

ASKED = (
    *("win_rate_closed", "win_rate_cohort", "cycle_median", "decision_median"),
    *("deal_median", "avg_deal", "new_leads", "closed_deals", "won_amount"),
)
"""The metrics of the catalogue that the sentences tell, over all channels of the period."""


def deal_sentences(found: Selling, values: Mapping[str, Value], lang: str) -> list[str]:
    """What deals say, from what was won to what may come; `values` are those of `ASKED`."""
    said = (
        _closed(values.get("win_rate_closed"), lang),
        _created(values.get("win_rate_cohort"), lang),
        _time(values.get("cycle_median"), values.get("decision_median"), lang),
        _size(values.get("deal_median"), values.get("avg_deal"), lang),
        _ahead(found, lang),
        _error(found, lang),
        _coverage(found, lang),
    )
    return [one for one in said if one]


def odd_sentences(found: Selling, lang: str) -> list[str]:
    """What of the deals is left out somewhere or looks wrong, with its count."""
    counts = {name: getattr(found.odd, name) for name in found.odd.__slots__}
    return [
        t(f"deals.odd.{name}", lang, n=integer_text(count, lang))
        for name, count in counts.items()
        if count
    ]


def funnel_note(found: Selling, lang: str) -> str:
    """How the order of stages is known, and whether anything tells of passing them."""
    parts = [t(f"deals.ordered.{found.funnel.ordered}", lang)]
    parts.append(t(f"deals.told.{found.funnel.told}", lang))
    parts += [t("deals.several_pipelines", lang)] if found.several_pipelines else []
    return " ".join(parts)


def _closed(value: Value | None, lang: str) -> str:
    if value is None or value.value is None:
        return t("deals.said_none_closed", lang) if value else ""
    n = integer_text(value.n, lang)
    won = integer_text(value.components["x"], lang)
    return t("deals.said_closed", lang, n=n, won=won, rate=estimate(value, "share", lang))


def _created(value: Value | None, lang: str) -> str:
    if value is None or value.value is None:
        return ""
    rate, n = percent_text(value.value, lang), integer_text(value.n, lang)
    still = value.young or 0.0
    if not still:
        return t("deals.said_created", lang, n=n, rate=rate)
    count, most = (
        integer_text(round(still * value.n), lang),
        percent_text(value.value + still, lang),
    )
    return t("deals.said_created_open", lang, n=n, rate=rate, open=count, most=most)


def _time(won: Value | None, every: Value | None, lang: str) -> str:
    said = []
    if won is not None and won.value is not None:
        said.append(t("deals.said_cycle", lang, days=value_text(won.value, "days", lang)))
    if every is not None and every.value is not None:
        said.append(t("deals.said_decision", lang, days=value_text(every.value, "days", lang)))
    return " ".join(said)


def _size(median: Value | None, mean: Value | None, lang: str) -> str:
    if median is None or mean is None or median.value is None or mean.value is None:
        return ""
    shown = (value_text(one.value, "money", lang, one.currency) for one in (median, mean))
    return t("deals.said_size", lang, **dict(zip(("median", "mean"), shown, strict=True)))


def _ahead(found: Selling, lang: str) -> str:
    told = found.forecast
    if told is None:
        return flag_text("no_forecast", lang)
    n = integer_text(told.deals.n, lang)
    won = estimate(told.deals, "count", lang)
    said = [t("deals.said_forecast_deals", lang, n=n, won=won)]
    if told.amount is not None and told.amount.value is not None:
        pipeline = value_text(
            told.amount.components["pipeline"], "money", lang, told.amount.currency
        )
        amount = estimate(told.amount, "money", lang)
        said.append(t("deals.said_forecast", lang, pipeline=pipeline, amount=amount))
    said.append(t(f"deals.rule.{told.rule}", lang))
    return " ".join(said)


def _error(found: Selling, lang: str) -> str:
    past = found.backtest
    if past.value.value is None:
        return flag_text(past.refused, lang) if past.refused not in (None, "no_forecast") else ""
    bias = past.bias or 0.0
    side = "over" if bias > 0 else "under"
    return t(
        f"deals.said_error_{side}",
        lang,
        n=integer_text(past.value.n, lang),
        error=percent_text(past.value.value, lang),
        bias=percent_text(abs(bias), lang),
    )


def _coverage(found: Selling, lang: str) -> str:
    value = found.coverage
    if value.value is None:
        return ""
    times = decimal_text(value.value, lang, 1)
    target = value_text(value.components["target"], "money", lang, value.currency)
    return t("deals.said_coverage", lang, times=times, target=target)
