"""The words of an A/B finding: one sentence, one next step, the gates, and the note on method."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from crm_metrics import __version__
from crm_metrics.experiments.model import ArmResult, Comparison, Finding, Gate
from crm_metrics.findings.wording import metric_name
from crm_metrics.texts import (
    date_text,
    decimal_text,
    integer_text,
    money_text,
    percent_text,
    t,
)
from crm_metrics.texts.formats import MINUS

LEAST_PVALUE = 0.0001
_MOST_DIGITS = 6


def sentence(finding: Finding, lang: str, *, name: str | None = None) -> str:
    """The verdict in one sentence (two or three where a reason or a reservation follows).

    `name` is the metric as the reader knows it; by default the catalogue's name of the setup's
    metric, or the column's. Plain text: a page escapes it.
    """
    metric = metric_name(finding.setup.metric, lang) if name is None else name
    params = finding.params
    match finding.code:
        case "DO_NOT_USE":
            gate = next(gate for gate in finding.gates if gate.gate == params["gate"])
            return t("verdict.do_not_use", lang, reason=gate_text(gate, lang))
        case "TOO_SMALL":
            return _too_small(finding, lang, metric)
        case "CANNOT_SAY":
            reason = t(f"verdict.reason.{params['reason']}", lang)
            return t("verdict.cannot_say", lang, metric=metric, reason=reason)
    shown = _compared(finding, lang, metric)
    key = finding.code.lower()
    if finding.code == "WINNER_BUT":
        kind = "worse" if params["worse"] else "open"
        key += f"_{kind}"
        shown["names"] = ", ".join(metric_name(str(name), lang) for name in params[kind])  # type: ignore[attr-defined]
    if finding.code in ("SAME_ENOUGH", "REAL_BUT_SMALL"):
        shown["smallest"] = amount_text(finding, finding.setup.smallest, lang)
    said = t(f"verdict.{key}", lang, **shown)
    if len(finding.comparisons) > 1:
        said += " " + t("verdict.others", lang, count=len(finding.comparisons))
    return said


def next_step(finding: Finding, lang: str, *, name: str | None = None) -> str:
    """What to do now, in a sentence; `name` as in `sentence`."""
    params, setup = finding.params, finding.setup
    smallest = (
        percent_text(setup.smallest_lift, lang, 0)
        if setup.smallest is None
        else amount_text(finding, setup.smallest, lang)
    )
    shown = {
        "arm": params["arm"],
        "control": params["control"],
        "lift": smallest,
        "metric": metric_name(setup.metric, lang) if name is None else name,
    }
    if finding.next_step == "roll_out_rest":
        shown |= _for_the_rest(finding, lang)
    if finding.next_step == "collect":
        shown |= {
            "more": _about(params["more_per_arm"], lang),
            "needed": _about(params["needed_per_arm"], lang),
        }
    said = t(f"verdict.step.{finding.next_step}", lang, **shown)
    return (
        f"{said} {_money(finding, lang)}".rstrip() if finding.next_step == "roll_out_rest" else said
    )


def amount_text(finding: Finding, amount: float | None, lang: str) -> str:
    """An amount of the metric without its sign: points for a share, else in the metric's unit."""
    if amount is None:
        return "—"
    share = finding.setup.shape == "proportion"
    number = abs(amount) * (100 if share else 1)
    text = decimal_text(number, lang, _digits_of(number))
    return t("unit.points", lang, value=text) if share else text


def gate_text(gate: Gate, lang: str) -> str:
    """What a gate saw, in a sentence."""
    shown = dict(gate.params)
    if "sizes" in shown:
        sizes = str(shown["sizes"])
        shown["sizes"] = re.sub(r"\d+", lambda found: integer_text(int(found[0]), lang), sizes)
    if shown.get("made"):
        shown["made"] = date_text(date.fromisoformat(str(shown["made"])), lang)
    if "share" in shown:
        shown["share"] = percent_text(float(str(shown["share"])), lang, 0)
    if "metric" in shown:
        shown["metric"] = metric_name(str(shown["metric"]), lang)
    return t(f"gate.{gate.detail}", lang, **shown)


def method_note(finding: Finding, lang: str) -> list[str]:
    """How the verdict was reached: tests, level, correction, looks, versions; a line each."""
    setup, comparisons = finding.setup, finding.comparisons
    lines = [t(f"method.{method}", lang) for method in dict.fromkeys(c.method for c in comparisons)]
    level = percent_text(1 - setup.alpha, lang, _digits_of(100 * (1 - setup.alpha)))
    alpha = decimal_text(setup.alpha, lang, max(2, _digits_of(setup.alpha)))
    lines.append(t("method.level", lang, alpha=alpha, level=level))
    lines += [_pvalue_line(item, lang) for item in comparisons]
    if len(comparisons) > 1:
        lines.append(t("method.holm", lang, count=len(comparisons)))
        lines.append(_overall_line(finding, lang))
    lines.append(_looks_line(setup.looks, lang))
    if any(item.lift is None and item.difference is not None for item in comparisons):
        lines.append(t("method.no_lift", lang))
    shown = {"product": __version__, "scipy": version_of("scipy")}
    lines.append(t("method.versions", lang, **shown, inputs=inputs_hash(finding)))
    return lines


def inputs_hash(finding: Finding) -> str:
    """Twelve hexadecimal digits that stand for the setup and the arms' numbers."""
    text = repr((finding.setup, finding.arms))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def difference_texts(
    finding: Finding, comparison: Comparison, lang: str
) -> tuple[str, str, str] | None:
    """The difference and its bounds, signed, with as many digits as tell the bounds from zero.

    Points for a proportion, the metric's own unit for amounts; None where it is undefined.
    """
    bounds = (comparison.difference, comparison.difference_low, comparison.difference_high)
    if None in bounds:
        return None
    scale = 100 if finding.setup.shape == "proportion" else 1
    digits = _digits(finding, comparison)
    numbers = [_signed(scale * value, lang, digits) for value in bounds if value is not None]
    if finding.setup.shape == "proportion":
        numbers = [t("unit.points", lang, value=number) for number in numbers]
    return numbers[0], numbers[1], numbers[2]


def arm_texts(finding: Finding, arm: ArmResult, lang: str) -> tuple[str, str, str]:
    """An arm's value and the ends of its interval, with the digits of the sentence."""
    digits = _digits(finding, _leading(finding))
    share = finding.setup.shape == "proportion"
    value, low, high = (
        percent_text(number, lang, digits) if share else decimal_text(number, lang, digits)
        for number in (arm.value, arm.low, arm.high)
    )
    return value, low, high


def lift_texts(comparison: Comparison, lang: str) -> tuple[str, str, str] | None:
    """The lift and its bounds as signed percentages; None where it can't be bounded."""
    bounds = (comparison.lift, comparison.lift_low, comparison.lift_high)
    known = [value for value in bounds if value is not None]
    if len(known) < len(bounds):
        return None
    near = min(abs(known[1]), abs(known[2]))
    digits = 0 if round(100 * near) >= 1 or near == 0 else 1 if round(100 * near, 1) > 0 else 2
    first, low, high = (
        ("" if round(100 * abs(value), digits) == 0 else "+" if value > 0 else MINUS)
        + percent_text(abs(value), lang, digits)
        for value in known
    )
    return first, low, high


def _compared(finding: Finding, lang: str, metric: str) -> dict[str, str]:
    comparison = _leading(finding)
    arms = {arm.name: arm for arm in finding.arms}
    texts = difference_texts(finding, comparison, lang) or ("", "", "")
    digits = _digits(finding, comparison)
    return {
        "arm": comparison.arm,
        "control": comparison.control,
        "metric": metric,
        "own": _value(finding, arms[comparison.arm], lang, digits),
        "base": _value(finding, arms[comparison.control], lang, digits),
        "difference": texts[0],
        "low": texts[1],
        "high": texts[2],
    }


def _for_the_rest(finding: Finding, lang: str) -> dict[str, str]:
    """What the change means for the rest of the list, in events and in money."""
    params, setup = finding.params, finding.setup
    rest = {name: float(str(params[f"rest_{name}"])) for name in ("gain", "low", "high")}
    kind = "verdict.step.rest_more" if setup.direction == "up" else "verdict.step.rest_fewer"
    shown = {
        name: money_text(value, lang, setup.currency)
        if setup.shape == "mean"
        else integer_text(round(value), lang)
        for name, value in rest.items()
    }
    shown["gain"] = t(kind, lang, count=shown["gain"])
    return {"rest": integer_text(setup.rest, lang), **shown}


def _money(finding: Finding, lang: str) -> str:
    """The same in money, where a success has a value."""
    params = finding.params
    if finding.setup.shape == "mean" or "money_gain" not in params:
        return ""
    sums = {
        name: money_text(float(str(params[f"money_{name}"])), lang, finding.setup.currency)
        for name in ("gain", "low", "high")
    }
    return t("verdict.step.rest_money", lang, **sums)


def _leading(finding: Finding) -> Comparison:
    return next(item for item in finding.comparisons if item.arm == finding.params["arm"])


def _value(finding: Finding, arm: ArmResult, lang: str, digits: int) -> str:
    if finding.setup.shape == "proportion":
        return t(
            "verdict.counted",
            lang,
            successes=arm.successes or 0,
            n=arm.n,
            value=percent_text(arm.value, lang, digits),
        )
    value = decimal_text(arm.value, lang, digits)
    return t("verdict.per_recipient", lang, value=value) if finding.setup.shape == "mean" else value


def _digits(finding: Finding, comparison: Comparison) -> int:
    """Digits after the mark: two leading ones of the interval's half, and no bound rounded to 0."""
    low, high = comparison.difference_low, comparison.difference_high
    if low is None or high is None:
        return 2
    scale = 100 if finding.setup.shape == "proportion" else 1
    half = scale * (high - low) / 2
    least = 1 if finding.setup.shape == "proportion" else 0
    digits = least if half <= 0 else min(max(1 - math.floor(math.log10(half)), least), _MOST_DIGITS)
    near = scale * min(abs(low), abs(high))
    while near > 0 and round(near, digits) == 0 and digits < _MOST_DIGITS:
        digits += 1
    return digits


def _signed(value: float, lang: str, digits: int) -> str:
    rounded = round(abs(value), digits)
    sign = "" if rounded == 0 else "+" if value > 0 else MINUS
    return sign + decimal_text(abs(value), lang, digits)


def _too_small(finding: Finding, lang: str, metric: str) -> str:
    gate = next(gate for gate in finding.gates if gate.gate == "size")
    kind = "events" if gate.detail == "few_events" else "recipients"
    shown = {key: value for key, value in gate.params.items() if key in ("events", "n")}
    return t(f"verdict.too_small_{kind}", lang, metric=metric, **shown)


def _about(size: object, lang: str) -> str:
    """A size to two leading digits, upwards: a plan is no more exact than that."""
    number = float(str(size))
    step = 10 ** max(math.floor(math.log10(max(number, 1))) - 1, 0)
    return integer_text(math.ceil(number / step) * step, lang)


def _pvalue_line(item: Comparison, lang: str) -> str:
    names = {"arm": item.arm, "control": item.control}
    if item.pvalue is None:
        return t("method.no_pvalue", lang, **names)
    shown = _pvalue(item.pvalue, lang)
    if item.pvalue_adjusted == item.pvalue:
        return t("method.pvalue", lang, **names, pvalue=shown)
    adjusted = _pvalue(item.pvalue_adjusted, lang)
    return t("method.pvalue_adjusted", lang, **names, pvalue=shown, adjusted=adjusted)


def _pvalue(value: object, lang: str) -> str:
    """A p value with its sign: "= 0.0123" or "< 0.0001"."""
    number = float(str(value))
    sign = "=" if number >= LEAST_PVALUE else "<"
    return f"{sign}\u00a0{decimal_text(max(number, LEAST_PVALUE), lang, 4)}"


def _overall_line(finding: Finding, lang: str) -> str:
    overall = finding.overall
    if overall.get("pvalue") is None:
        return t("method.overall_undefined", lang)
    statistic = decimal_text(float(str(overall["statistic"])), lang, 2)
    pvalue = _pvalue(overall["pvalue"], lang)
    return t(f"method.{overall['test']}", lang, statistic=statistic, pvalue=pvalue)


def _looks_line(looks: str, lang: str) -> str:
    if looks in ("once", "any"):
        return t(f"method.{looks}", lang)
    look, sign, count = looks.rpartition("/")
    if sign:
        return t("method.planned_look", lang, look=int(look), count=int(count))
    return t("method.planned", lang, count=int(looks))


def _digits_of(value: float) -> int:
    """How many digits a round number such as a level needs."""
    exact = (digits for digits in range(6) if math.isclose(round(value, digits), value))
    return next(exact, 6)


def version_of(package: str) -> str:
    """The version of an installed package, "?" where it is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
