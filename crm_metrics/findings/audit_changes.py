"""What became of findings and of channels' metrics since an earlier audit, a sentence each."""

from __future__ import annotations

from crm_metrics.audit import check_of
from crm_metrics.audit.channel_change import ChannelChange
from crm_metrics.audit.model import Audit
from crm_metrics.audit.remeasure import Moved, Share
from crm_metrics.audit.snapshot import Measured
from crm_metrics.findings.audit_words import check_name, number_in_words, share_texts
from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import field_name, metric_name, shift_texts
from crm_metrics.metrics.comparing import Part
from crm_metrics.metrics.declared import declaration
from crm_metrics.metrics.model import Unit
from crm_metrics.texts import has, integer_text, percent_text, t, value_text


def moved_line(one: Moved, found: Audit, lang: str) -> str:
    """A finding then and now, and which thresholds and lists changed in between."""
    words = {"name": _name(one, found, lang)}
    if one.before and one.now:
        both = {"before": _of(one.before, lang), "now": _of(one.now, lang)}
        line = t("audit.moved.both", lang, **words, **both)
    elif one.now:
        line = t("audit.moved.now", lang, **words, now=_of(one.now, lang))
    elif one.before:
        line = t("audit.moved.before", lang, **words, before=_of(one.before, lang))
    else:
        line = words["name"]
    rules = [_rule(key, then, now, lang) for key, then, now in one.rules]
    lists = [
        t(
            "audit.list_changed",
            lang,
            name=field_name(now.field, lang),
            then=integer_text(then.count, lang),
            now=integer_text(now.count, lang),
        )
        for then, now in one.lists
    ]
    return " ".join((line, *rules, *lists))


def inflow_line(one: Moved, found: Audit, lang: str) -> str:
    """The share among records since the last audit, against that of all then; "" without any.

    Of a check that asks how long ago something was there is no verdict: old and new records had
    unlike time for it.
    """
    if one.inflow is None or one.inflow.share is None or one.backlog is None:
        return ""
    words = {
        "name": _name(one, found, lang),
        "inflow": _share(one.inflow, lang),
        "backlog": _of(one.backlog, lang),
    }
    if one.difference is None:
        return t("audit.inflow_alone", lang, **words)
    if _ages(one, found):
        return t("audit.inflow_of_time", lang, **words)
    change = shift_texts(Shift(one.difference, one.low, one.high), "share", lang)
    way = "unclear" if not one.clear else "more" if one.difference > 0 else "less"
    return t(f"audit.inflow_{way}", lang, **words, **change)


def _ages(one: Moved, found: Audit) -> bool:
    grain = next((known.grain for known in found.findings if known.id == one.id), None)
    return grain is not None and bool(check_of(one.check, grain).ages)


def channel_line(change: ChannelChange, lang: str) -> str:
    """A metric of all channels then and now: what rates did, and what their mix did."""
    unit = declaration(change.metric, change.grain).unit
    found = change.split
    name = metric_name(change.metric, lang)
    if found.total.difference is None or not found.groups:
        return ""
    words = {
        "name": name,
        "before": value_text(
            sum(g.weight_before * (g.before or 0) for g in found.groups), unit, lang
        ),
        "now": value_text(sum(g.weight_now * (g.now or 0) for g in found.groups), unit, lang),
        "total": _part(
            Part(found.total.difference, found.total.low, found.total.high, clear=False), unit, lang
        ),
        "within": _part(found.within, unit, lang),
        "mix": _part(found.mix, unit, lang),
    }
    key = "clear" if found.total.clear else "unclear"
    line = t(f"audit.channel_{key}", lang, **words)
    if change.simpson is None:
        return line
    return f"{line} {t('audit.channel_simpson', lang)}"


def _name(one: Moved, found: Audit, lang: str) -> str:
    """The finding's name; one that is gone has kept its field alone of what it was about."""
    known = next((finding for finding in found.findings if finding.id == one.id), None)
    if known is not None:
        return check_name(known.check, known.scope, lang)
    then = one.before
    if then is None:
        return check_name(one.check, "", lang)
    return check_name(one.check, f"{then.grain}:{then.field}".rstrip(":"), lang)


def _of(one: Measured | Share, lang: str) -> str:
    count, base = integer_text(one.count, lang), integer_text(one.base, lang)
    return t("audit.of", lang, count=count, base=base, share=percent_text(one.share, lang))


def _share(one: Share, lang: str) -> str:
    assert one.share is not None
    assert one.low is not None
    assert one.high is not None
    count, base = integer_text(one.count, lang), integer_text(one.base, lang)
    shares = share_texts(one.share, one.low, one.high, lang)
    return t("audit.of_between", lang, count=count, base=base, **shares)


def _rule(key: str, then: float | None, now: float | None, lang: str) -> str:
    name = t(f"audit.threshold.{key}", lang) if has(f"audit.threshold.{key}", lang) else key
    return t(
        "audit.rule", lang, name=name, then=_number(key, then, lang), now=_number(key, now, lang)
    )


def _number(key: str, value: float | None, lang: str) -> str:
    if value is None:
        return t("audit.rule_none", lang)
    return number_in_words(key, value, lang)


def _part(part: Part, unit: Unit, lang: str) -> str:
    said = shift_texts(Shift(part.value, part.low, part.high), unit, lang)
    if part.low is None:
        return said["change"]
    return t(
        "audit.between",
        lang,
        value=said["change"],
        low=said["change_low"],
        high=said["change_high"],
    )
