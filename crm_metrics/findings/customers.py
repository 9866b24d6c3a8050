"""Customers in sentences: who stays, what one is worth and costs, and what does not count."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.findings.wording import channel_name, estimate, flag_text
from crm_metrics.metrics.derived import derived_named
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.overview import Customers, Winning
from crm_metrics.metrics.value.returns import Returns
from crm_metrics.texts import integer_text, money_text, percent_text, period_text, t, value_text

_LATER = 6
_CHANNELS = 3


def customer_sentences(found: Customers, won: Winning | None, lang: str) -> list[str]:
    """What orders and spend say of customers: a loss first, then who stays, worth and cost."""
    said = (
        _loss(won, lang),
        _returning(found, lang),
        _churn(found, lang),
        _worth(found, lang),
        _cost(won, lang),
        best_sentence(found, lang),
    )
    return [one for one in said if one]


def left_out_sentences(found: Customers, lang: str) -> list[str]:
    """What of the orders does not count and why, and what counts though it is odd."""
    out = found.out
    currency = found.retention.currency if found.retention else None
    lines = []
    for name in ("returned", "nameless", "undated", "zero", "no_currency"):
        count = getattr(out, name)
        if count:
            n = integer_text(count, lang)
            if name == "returned" and out.returned_amount is None:
                lines.append(t("customers.out.returned_rows", lang, n=n))
                continue
            amount = money_text(out.returned_amount, lang, currency)
            lines.append(t(f"customers.out.{name}", lang, n=n, amount=amount))
    if out.several_places:
        lines.append(t("customers.out.several_places", lang))
    return [*lines, t("customers.out.early", lang)]


def derived_text(value: Value, lang: str) -> str:
    """A derived metric's value as a card shows it; payback with the first order in words."""
    if value.metric == "payback_months" and value.value == 0:
        return t("customers.payback_at_once", lang)
    return value_text(value.value, derived_named(value.metric).unit, lang, value.currency)


def derived_estimate(value: Value, lang: str) -> str:
    """A derived metric's value with its interval and n; payback as a sentence of its own."""
    if value.metric == "payback_months" and value.value is not None:
        return payback_text(value, lang)
    return estimate(value, derived_named(value.metric).unit, lang)


def payback_text(payback: Value, lang: str) -> str:
    """After which month the cost of a customer is paid back, and between which it may be."""
    if payback.value is None:
        if "not_paid_back" not in payback.flags:
            return ""
        months = integer_text(payback.components["seen"], lang)
        return t("customers.payback_not_yet", lang, months=months)
    if not payback.value:
        said = t("customers.payback_first", lang)
        if payback.high is None:
            return said
        late = integer_text(payback.high, lang)
        return f"{said} " + (
            t("customers.payback_first_late", lang, months=late)
            if payback.high
            else t("customers.payback_first_sure", lang)
        )
    months = integer_text(payback.value, lang)
    if payback.low is None or payback.high is None:
        return t("customers.payback_alone", lang, months=months)
    low, high = integer_text(payback.low, lang), integer_text(payback.high, lang)
    return t("customers.payback", lang, months=months, low=low, high=high)


def sales_sentence(shares: Sequence[Value], lang: str) -> str:
    """Which channels sell most, by revenue where amounts are known, else by orders."""
    known = [one for one in shares if one.value is not None]
    first = [one for one in known if one.variant == known[0].variant][:_CHANNELS]
    named = (
        f"{channel_name(one.group['channel'], lang)} — {estimate(one, 'share', lang)}"
        for one in first
    )
    key = "sales_said" if first and first[0].variant == "of_revenue" else "sales_said_orders"
    return t(f"customers.{key}", lang, channels="; ".join(named)) if first else ""


def returns_sentence(found: Returns | None, lang: str) -> str:
    """What all orders bring for all spend."""
    if found is None or found.roas.value is None:
        return ""
    roas, drr = estimate(found.roas, "times", lang), estimate(found.drr, "share", lang)
    return t("customers.returns_said", lang, roas=roas, drr=drr)


def best_sentence(found: Customers, lang: str) -> str:
    """How much of the revenue the best fifth gives; "" of too few customers to say it."""
    best = found.pareto
    if best is None or best.value is None or "small_n" in best.flags:
        return ""
    n = integer_text(best.components["top"], lang)
    return t("customers.best_said", lang, share=percent_text(best.value, lang), n=n)


def _loss(won: Winning | None, lang: str) -> str:
    """CAC above LTV for sure: the signal that the guide on CRM strategy names."""
    if won is None or won.over_cac.high is None or won.over_cac.high >= 1:
        return ""
    return t("customers.loss_said", lang, ratio=estimate(won.over_cac, "times", lang))


def _returning(found: Customers, lang: str) -> str:
    curve = found.retention.curve if found.retention else ()
    if not curve:
        return ""
    said = t("customers.retention_said", lang, first=estimate(curve[0], "share", lang))
    later = curve[min(_LATER, len(curve)) - 1]
    if later is curve[0]:
        return said
    shown = value_text(later.value, "share", lang)
    months = integer_text(float(later.group["age"] or 0), lang)
    return f"{said} {t('customers.retention_later', lang, later=shown, months=months)}"


def _churn(found: Customers, lang: str) -> str:
    back = found.returning
    if back is None or back.churn.value is None or back.limit is None:
        return ""
    days = integer_text(back.limit, lang)
    return t("customers.churn_said", lang, value=estimate(back.churn, "share", lang), days=days)


def _worth(found: Customers, lang: str) -> str:
    model = found.model
    if model is None:
        return ""
    if model.value.value is not None:
        key = "worth_said" if model.plan.margin == 1 else "worth_margin_said"
        value = estimate(model.value, "money", lang)
        months = integer_text(model.plan.months, lang)
        return t(f"customers.{key}", lang, value=value, months=months)
    reasons = " ".join(flag_text(code, lang) for code in model.refused)
    said = t("customers.model_refused", lang, reasons=reasons)
    if found.simple is None or found.simple.value is None:
        return said
    simple = t("customers.simple_said", lang, value=estimate(found.simple, "money", lang))
    return f"{simple} {said}"


def _cost(won: Winning | None, lang: str) -> str:
    if won is None or won.acquisition.cac.value is None:
        return ""
    days = period_text((won.acquisition.start, won.acquisition.end), lang)
    value = estimate(won.acquisition.cac, "money", lang)
    said = [t("customers.cac_said", lang, value=value, days=days)]
    if won.over_cac.value is not None:
        ratio = estimate(won.over_cac, "times", lang)
        said.append(t("customers.ratio_said", lang, ratio=ratio))
    return " ".join(filter(None, (*said, payback_text(won.payback, lang))))
