"""What an audit found, in words: names, counts with their base, money at stake, what lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crm_metrics.audit import (
    Audit,
    Check,
    Finding,
    NotRun,
    Passed,
    Settings,
    catalogue,
    check_of,
    thresholds,
)
from crm_metrics.audit.ageing import aged
from crm_metrics.audit.model import Example
from crm_metrics.findings.audit_list import value_in_words
from crm_metrics.findings.wording import bound_text, field_name, inside
from crm_metrics.schema import fields_of
from crm_metrics.texts import (
    date_text,
    decimal_text,
    duration_text,
    has,
    integer_text,
    money_text,
    percent_text,
    t,
)

WEIGHTS = {1: 3.0, 2: 2.0, 3: 1.0}
"""How much a check of each severity weighs in the score."""
_NAMED = 8


def check_name(check: str, scope: str, lang: str) -> str:
    """The check's name; where it is of a part of the rows, with that: "Unused field: City".

    A check of several kinds of rows is told with its own: "Unused fields (contacts)". One that
    there is no more, as an old plan may have it, goes by its key.
    """
    grain, _, part = scope.partition(":")
    key = f"audit.check.{check}.name"
    name = t(key, lang) if has(key, lang) else check
    if grain and sum(one.key == check for one in catalogue()) > 1:
        name = f"{name} ({inside(t(f'grain.{grain}.name', lang))})"
    if part and part in fields_of(grain):
        part = inside(field_name(part, lang))
    return f"{name}: {part}" if part else name


def meaning_text(check: Check, settings: Settings, lang: str) -> str:
    """What a violation is, with the thresholds and the limits of metrics as they are set."""
    numbers = {one.key: settings.of(one) for one in check.thresholds}
    limits = {one: duration_text(getattr(settings.limits, one), lang) for one in check.limits}
    return t(f"audit.check.{check.key}.meaning", lang, **in_words(numbers, lang), **limits)


def count_text(finding: Finding, lang: str) -> str:
    """How many of how many, with the share and its interval, or the things by name; the money.

    Fields, users, days and channels are all that there are, so that no interval is told of them.
    """
    things = () if _of_rows(finding) else things_named(finding, lang)
    key = "audit.found_named" if things else "audit.found"
    return t(
        f"{key}_money" if finding.money else key,
        lang,
        count=integer_text(finding.count, lang),
        of=t(f"audit.unit.{finding.counted}", lang, count=finding.base),
        **share_texts(finding.share, finding.low, finding.high, lang),
        names="; ".join(things),
        money=money_at_stake(finding, lang),
    )


def money_at_stake(finding: Finding, lang: str) -> str:
    """The sums at stake, by currency, which is said to be unknown too; "" where there are none."""
    return ", ".join(_money(amount, currency, lang) for currency, amount in finding.money)


def _money(amount: float, currency: str | None, lang: str) -> str:
    shown = money_text(amount, lang, currency)
    return shown if currency else t("audit.no_currency", lang, amount=shown)


def share_texts(share: float, low: float, high: float, lang: str) -> dict[str, str]:
    """A share and the ends of its interval, as `share`, `low` and `high`."""
    return {
        "share": percent_text(share, lang),
        "low": bound_text(low, share, "share", lang),
        "high": bound_text(high, share, "share", lang),
    }


def incomplete_text(found: Audit, lang: str) -> str:
    """What keeps the audit from being complete, in a sentence; "" where nothing does."""
    if not found.gates:
        return ""
    gates = "; ".join(t(f"audit.gate_short.{gate}", lang) for gate in found.gates)
    return t("audit.incomplete_for", lang, gates=gates)


def aged_texts(found: Audit, lang: str) -> tuple[str, ...]:
    """Which kinds of rows end before today, so that their findings of time may be due to that."""
    day = date_text(found.today, lang)
    return tuple(
        t(
            "audit.ends_early",
            lang,
            grain=t(f"grain.{one.grain}.name", lang),
            ends=date_text(one.ends, lang),
            day=day,
            count=one.findings,
        )
        for one in aged(found)
    )


def things_named(finding: Finding, lang: str) -> tuple[str, ...]:
    """The first things of a finding that is of no rows: fields, users, days, channels."""
    told = [_thing(row, lang) for row in finding.examples[:_NAMED]]
    more = finding.count - len(told)
    return (*told, *([t("audit.and_more", lang, count=more)] if more > 0 else []))


def _thing(row: Example, lang: str) -> str:
    """What a row is of, and the day where it is one of several of the same: "Ann, May 29"."""
    name, value = next(iter(row.items()))
    if name == "field":
        told = field_name(value, lang)
    else:
        told = _day(value, lang) if name == "day" else value_in_words(name, value, lang)
    return told if name == "day" or "day" not in row else f"{told}, {_day(row['day'], lang)}"


def _day(value: str, lang: str) -> str:
    return date_text(date.fromisoformat(value[:10]), lang)


def _of_rows(finding: Finding) -> bool:
    return not finding.examples or "line" in finding.examples[0]


def more_text(finding: Finding, lang: str) -> str:
    """What is to be told of this finding alone; empty where there is nothing."""
    key = f"audit.check.{finding.check}.more"
    told = t(key, lang, **in_words(finding.numbers, lang)) if has(key, lang) else ""
    return " ".join(filter(None, (told, left_out_text(finding, lang))))


def left_out_text(one: Finding | Passed, lang: str) -> str:
    """What a check could not compare, found it something or not; empty where it compared all."""
    count = one.numbers.get("skipped")
    if not isinstance(count, float) or not count:
        return ""
    return t("audit.left_out", lang, count=int(count))


def passed_texts(found: Audit, lang: str) -> dict[tuple[str, str], str]:
    """What clean checks could not compare, by check and grain; those that compared all are none."""
    told = {(one.check, one.grain): left_out_text(one, lang) for one in found.passed}
    return {kind: said for kind, said in told.items() if said and kind in found.clean}


def inflow_text(finding: Finding, lang: str) -> str:
    """How many violations are among what was created since a day; empty where none was asked."""
    new = finding.inflow
    if new is None:
        return ""
    return t(
        "audit.inflow" if new.base else "audit.inflow_none",
        lang,
        since=date_text(new.since, lang),
        count=integer_text(new.count, lang),
        of=integer_text(new.base, lang),
    )


def advice_text(check: str, lang: str) -> str:
    """What to do about it."""
    return t(f"audit.check.{check}.advice", lang)


def not_run_text(one: NotRun, lang: str) -> str:
    """Why a check says nothing, and what it needs."""
    grain = t(f"grain.{one.grain}.name", lang)
    needs = ", ".join(_need(need, lang) for need in one.needs)
    name = t(f"audit.check.{one.check}.name", lang)
    return t(f"audit.not_run.{one.reason}", lang, check=name, grain=grain, needs=needs)


def in_words(numbers: Mapping[str, float | str], lang: str) -> dict[str, str]:
    """Numbers of a sentence by their key: shares as per cent, days and times with their word."""
    return {
        key: value if isinstance(value, str) else _with_word(key, value, lang)
        for key, value in numbers.items()
    }


def number_in_words(key: str, value: float, lang: str) -> str:
    """A threshold or another number of a check: a share as per cent, else to two places at most."""
    if key.endswith("share"):
        # What a person set is told as it was set: 80%, not 80.0%.
        whole = key in thresholds() and round(100 * value, 6).is_integer()
        return percent_text(value, lang, 0 if whole else None)
    decimals = f"{value:.2f}".rstrip("0").partition(".")[2]
    return decimal_text(value, lang, len(decimals))


def _with_word(key: str, value: float, lang: str) -> str:
    number = number_in_words(key, value, lang)
    word = f"audit.span.{key.rpartition('_')[2]}"
    if not has(word, lang):
        return number
    count = int(value) if float(value).is_integer() else value
    return t(word, lang, count=count, number=number)


def score_of(found: Audit) -> float | None:
    """From 0 to 100: the share that is in order, checks weighted by WEIGHTS; None without checks.

    A number to watch from audit to audit of the same files; never a verdict by itself.
    """
    parts = [(WEIGHTS[one.severity], 1 - one.share) for one in found.findings]
    parts += [(WEIGHTS[_severity(one, found)], 1.0) for one in found.passed]
    whole = sum(weight for weight, _ in parts)
    return 100 * sum(weight * share for weight, share in parts) / whole if whole else None


def _severity(one: Passed, found: Audit) -> int:
    return found.settings.severity(check_of(one.check, one.grain))


def _need(need: str, lang: str) -> str:
    grain, _, field = need.partition(".")
    if field:
        return f"{field_name(field, lang)} ({t(f'grain.{grain}.name', lang)})"
    if has(f"grain.{need}.name", lang):
        return t(f"grain.{need}.name", lang)
    return field_name(need, lang)
