"""How a verdict was reached, for who asks: tests, level, correction, looks, versions."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version

from crm_metrics import __version__
from crm_metrics.experiments.looks import looks_named
from crm_metrics.experiments.model import Comparison, Finding
from crm_metrics.experiments.planner import Plan
from crm_metrics.findings.trial_numbers import exact_digits
from crm_metrics.texts import decimal_text, percent_text, t

LEAST_PVALUE = 0.0001


def method_note(finding: Finding, lang: str) -> list[str]:
    """How the verdict was reached: tests, level, correction, looks, versions; a line each."""
    setup, comparisons = finding.setup, finding.comparisons
    methods = dict.fromkeys(item.method for item in comparisons)
    scale = any(line.kind == "ranks" for line in finding.lines)
    lines = [
        t(f"method.why.{'scale' if scale else way}", lang) + " " + t(f"method.{way}", lang)
        for way in methods
    ]
    level = percent_text(1 - setup.alpha, lang, exact_digits(100 * (1 - setup.alpha)))
    alpha = decimal_text(setup.alpha, lang, max(2, exact_digits(setup.alpha)))
    lines.append(t("method.level", lang, alpha=alpha, level=level))
    lines += [_pvalue_line(item, lang) for item in comparisons]
    if len(comparisons) > 1:
        lines.append(t("method.holm", lang, count=len(comparisons)))
        lines.append(_overall_line(finding, lang))
    lines.append(_looks_line(setup.looks, lang))
    bounded = [item for item in comparisons if item.difference_low is not None]
    reasons = dict.fromkeys(item.lift_reason for item in bounded if item.lift_reason)
    lines += [t(f"method.lift_{reason}", lang) for reason in reasons]
    shown = {"product": __version__, "scipy": version_of("scipy")}
    lines.append(t("method.versions", lang, **shown, inputs=inputs_hash(finding)))
    return lines


def inputs_hash(finding: Finding) -> str:
    """Twelve hexadecimal digits that stand for the setup and the arms' numbers."""
    around = tuple((item.metric, item.arms) for item in finding.others)
    text = repr((finding.setup, finding.arms, *around))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


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


def looks_text(planned: Plan, lang: str) -> str:
    """What looking more than once costs a planned test, in a sentence."""
    longer = percent_text(planned.longer - 1, lang, 1 if planned.longer < 1.1 else 0)
    count = looks_named(planned.looks).planned
    if count is None:
        return t("experiments.plan_longer_any", lang, longer=longer)
    return t("experiments.plan_longer", lang, count=count, longer=longer)


def version_of(package: str) -> str:
    """The version of an installed package, "?" where it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
