"""The checks that stand before a verdict; one that blocks replaces it."""

from __future__ import annotations

from crm_metrics.experiments.beside import NOTHING, Beside
from crm_metrics.experiments.by_day import fading
from crm_metrics.experiments.distributions import binomial_two_sided, chi_square_above
from crm_metrics.experiments.model import Arm, Gate, GateStatus, Setup
from crm_metrics.experiments.segments import MIX_DIFFERS, SegmentFinding
from crm_metrics.experiments.timing import sent_apart, timing

SILENT_ARM_EVENTS = 100
"""An arm without a single event beside one with so many was not measured, it did not lose."""
SHARED_BLOCK = 0.01
"""Share of people in several arms above which the arms are no longer two groups."""
MISMATCH_BLOCK = 0.001
MISMATCH_WARN = 0.01
ONE_AMOUNT = 0.2
"""Share of an arm's whole amount in one recipient above which the verdict may hang on that one."""

FUNNEL_OPENS = 100
QUICK_SHARE = 0.1
"""Share of clicks within seconds of the delivery above which machines are likely among them."""
TOTALS = frozenset(("opens_total", "clicks_total", "replies_total", "views_total"))
_Seen = tuple[str, dict[str, object]]
_OPENS = ("open_rate", "open rate", "opened", "opens", "открыт", "открыл", "открываем")


def gates(
    setup: Setup,
    arms: tuple[Arm, ...],
    beside: Beside = NOTHING,
    segments: tuple[SegmentFinding, ...] = (),
    *,
    leading: str = "",
) -> tuple[Gate, ...]:
    """Every gate in the order of the checks: the first that blocks decides.

    A gate that saw several things stands once for each, the weightiest first. `arms` stand in the
    order of `setup.split`, the control first. `Gate.detail` is a code, `gate.<detail>` in texts,
    filled with `params`.
    """
    return (
        *_with_counts(setup, plausibility(setup, arms, beside), beside),
        *_unread(setup),
        *_with_counts(setup, assignment(setup, arms), beside),
        *sent_apart(beside),
        sample_ratio(setup, arms),
        size(setup, arms),
        timing(setup, arms, beside),
        *caveats(setup, beside, segments, leading),
    )


def plausibility(setup: Setup, arms: tuple[Arm, ...], beside: Beside = NOTHING) -> Gate:
    """Numbers that can't be: more successes than people, a silent arm, amounts below zero.

    Also totals of a thing that one person can do often, and clicks that do not fit the opens.
    """
    name = "plausibility"
    found = _impossible(setup, arms) or _funnel(arms, beside) or _silent(arms)
    if found is not None:
        return Gate(name, "block", *found)
    found = _one_amount(setup, arms, beside)
    if found is not None:
        return Gate(name, "warn", *found)
    if setup.negatives:
        return Gate(name, "warn", "negative_amounts", {"count": setup.negatives})
    if setup.unread:
        return Gate(name, "warn", unread_detail(beside), {"count": setup.unread})
    return Gate(name, "pass", "plausible")


def _unread(setup: Setup) -> tuple[Gate, ...]:
    """Arms that have people but not one value: left out of the test, and named."""
    return tuple(
        Gate(
            "plausibility",
            "warn",
            "arm_unread" if count else "arm_without_base",
            {"arm": name, "count": count},
        )
        for name, count in setup.unread_arms
    )


def unread_detail(beside: Beside) -> str:
    """Who has no score has not answered; elsewhere an empty cell may have meant zero."""
    return "unanswered" if beside.answered else "unread_values"


def _impossible(setup: Setup, arms: tuple[Arm, ...]) -> _Seen | None:
    if setup.shape == "proportion" and setup.field in TOTALS:
        return "totals_for_people", {"metric": setup.metric}
    for arm in arms:
        if setup.shape == "proportion" and (arm.successes or 0) > arm.n:
            return "success_above_n", {"arm": arm.name, "successes": arm.successes, "n": arm.n}
        if setup.shape != "proportion" and (arm.total or 0.0) < 0:
            return "negative_total", {"arm": arm.name}
    return None


def _one_amount(setup: Setup, arms: tuple[Arm, ...], beside: Beside) -> _Seen | None:
    """The arm most of whose amount one recipient holds: a typing error, or a wholesale order.

    Where some are below zero, of the amounts without their signs. Without rows the largest of
    amounts that are not is at least Σy² / Σy.
    """
    if setup.shape != "mean":
        return None
    shares = beside.largest or [None if setup.negatives else _least_largest(arm) for arm in arms]
    known = {arm.name: share for arm, share in zip(arms, shares, strict=True) if share is not None}
    name = max(known, key=lambda one: known[one], default=None)
    if name is None or known[name] < ONE_AMOUNT:
        return None
    detail = "one_amount_refunds" if setup.negatives else "one_amount"
    return detail, {"arm": name, "share": known[name]}


def _least_largest(arm: Arm) -> float | None:
    """At least so much of an arm's amount is one recipient's; above 1 some are below zero."""
    if arm.n == 0 or not arm.total or arm.squares is None:
        return None
    share = arm.squares / arm.total**2
    return share if share <= 1 + 1e-9 else None


def _silent(arms: tuple[Arm, ...]) -> _Seen | None:
    known = [arm for arm in arms if arm.n > 0 and arm.successes is not None]
    loudest = max(known, key=lambda arm: arm.successes or 0, default=None)
    silent = [arm for arm in known if arm.successes == 0]
    if loudest is None or not silent or (loudest.successes or 0) < SILENT_ARM_EVENTS:
        return None
    quiet, loud = silent[0].name, loudest.name
    return "silent_arm", {"arm": quiet, "other": loud, "events": loudest.successes}


def _funnel(arms: tuple[Arm, ...], beside: Beside) -> _Seen | None:
    """Clicks that do not fit the opens: more of them, all who opened, or none in one arm alone."""
    pairs = list(zip(arms, beside.funnel, strict=False))
    for arm, (opens, clicks) in pairs:
        if clicks > opens:
            return "clicks_above_opens", {"arm": arm.name, "clicks": clicks, "opens": opens}
    for arm, (opens, clicks) in pairs:
        if opens < FUNNEL_OPENS:
            continue
        elsewhere = any(c > 0 for other, (_, c) in pairs if other is not arm)
        if clicks == opens or (clicks == 0 and elsewhere):
            return "none_clicks" if clicks == 0 else "all_click", {"arm": arm.name, "opens": opens}
    return None


def assignment(setup: Setup, arms: tuple[Arm, ...]) -> Gate:
    """People in several arms (left out and counted), repeated rows, rows without a variant."""
    name = "assignment"
    people = sum(arm.n for arm in arms) + setup.duplicates
    if setup.duplicates:
        share = setup.duplicates / people
        status: GateStatus = "block" if share > SHARED_BLOCK else "warn"
        return Gate(name, status, "in_several_arms", {"count": setup.duplicates, "share": share})
    if setup.repeated:
        return Gate(name, "warn", "repeated_rows", {"count": setup.repeated})
    if setup.unassigned:
        return Gate(name, "warn", "without_variant", {"count": setup.unassigned})
    if setup.added:
        return Gate(name, "warn", "totals_added", {"count": setup.added})
    if not setup.people_known:
        return Gate(name, "not_checked", "people_unknown")
    return Gate(name, "pass", "one_arm_each")


def _with_counts(setup: Setup, first: Gate, beside: Beside) -> tuple[Gate, ...]:
    """The gate, and what else was counted: nothing that is left out hides behind another."""
    counts = {
        "plausibility": {"negative_amounts": setup.negatives, unread_detail(beside): setup.unread},
        "assignment": {"repeated_rows": setup.repeated, "without_variant": setup.unassigned},
    }[first.gate]
    others = [
        Gate(first.gate, "warn", detail, {"count": count})
        for detail, count in counts.items()
        if count and detail != first.detail
    ]
    if first.detail == "without_variant" and not setup.people_known:
        others.append(Gate(first.gate, "not_checked", "people_unknown"))
    return first, *others


def sample_ratio(setup: Setup, arms: tuple[Arm, ...]) -> Gate:
    """Whether the arms' sizes fit the planned split: chi-square, exact where an arm is tiny.

    Source: Fabijan et al., Diagnosing Sample Ratio Mismatch, KDD 2019. Arms planned with weight 0
    leave the degrees of freedom; one of them with recipients is a warning.
    """
    name = "sample_ratio"
    counts = [arm.n for arm in arms]
    shown: dict[str, object] = {"sizes": " : ".join(str(n) for n in counts)}
    if setup.split is None:
        return Gate(name, "not_checked", "split_unknown", shown)
    weights = setup.split
    total = sum(n for n, weight in zip(counts, weights, strict=True) if weight > 0)
    planned = [total * weight / sum(weights) for weight in weights]
    shown |= {"planned": " : ".join(f"{weight:g}" for weight in weights)}
    for arm, weight in zip(arms, weights, strict=True):
        if weight > 0 and arm.n == 0:
            return Gate(name, "block", "empty_arm", shown | {"arm": arm.name})
    pairs = [(n, want) for n, want in zip(counts, planned, strict=True) if want > 0]
    pvalue = _fit(pairs)
    shown |= {"pvalue": pvalue}
    if pvalue < MISMATCH_BLOCK:
        return Gate(name, "block", "mismatch", shown)
    if pvalue < MISMATCH_WARN:
        return Gate(name, "warn", "slight_mismatch", shown)
    for arm, weight in zip(arms, weights, strict=True):
        if weight == 0 and arm.n > 0:
            return Gate(name, "warn", "unplanned_arm", shown | {"arm": arm.name})
    return Gate(name, "pass", "as_planned", shown)


def size(setup: Setup, arms: tuple[Arm, ...]) -> Gate:
    """Fewer recipients or events in the arms together than the setup asks for: no verdict."""
    people = sum(arm.n for arm in arms)
    counted = [arm.successes for arm in arms if arm.successes is not None]
    params: dict[str, object] = {
        "n": people,
        "least_events": setup.least_events,
        "least": setup.least_recipients,
    }
    least_people = setup.least_recipients * len(arms) / 2
    least_events = setup.least_events * len(arms) / 2
    if len(counted) == len(arms):
        params["events"] = sum(counted)
        if sum(counted) < least_events:
            return Gate("size", "block", "few_events", params)
    if people < least_people:
        return Gate("size", "block", "few_recipients", params)
    return Gate("size", "pass", "enough", params)


def caveats(
    setup: Setup,
    beside: Beside = NOTHING,
    segments: tuple[SegmentFinding, ...] = (),
    leading: str = "",
) -> tuple[Gate, ...]:
    """What weakens a verdict without forbidding it: machines that open and click, mixes, novelty.

    `leading` is the arm that the verdict speaks of.
    """
    name = setup.metric.lower()
    found = []
    if setup.shape == "proportion" and any(word in name for word in _OPENS):
        found.append(Gate("caveats", "warn", "opens_decide"))
    clicked = sum(arm.n for arm in beside.quick)
    quick = sum(arm.successes or 0 for arm in beside.quick)
    if clicked and quick / clicked > QUICK_SHARE:
        found.append(Gate("caveats", "warn", "quick_clicks", {"share": quick / clicked}))
    for segment in segments:
        if segment.simpson:
            found.append(Gate("caveats", "warn", "simpson", {"column": segment.column}))
        elif segment.mix_pvalue is not None and segment.mix_pvalue < MIX_DIFFERS:
            found.append(Gate("caveats", "warn", "mix_differs", {"column": segment.column}))
    if leading and fading(setup.shape, beside.days, leading, setup.direction)[1]:
        found.append(Gate("caveats", "warn", "fading", {"arm": leading}))
    return tuple(found) or (Gate("caveats", "pass", "none"),)


def _fit(pairs: list[tuple[int, float]]) -> float:
    """The p value of the planned sizes: exact for two arms with under 5 expected in one."""
    if len(pairs) < 2:
        return 1.0
    smallest = min(want for _, want in pairs)
    if smallest < 5 and len(pairs) == 2:
        total = sum(n for n, _ in pairs)
        return binomial_two_sided(pairs[0][0], total, pairs[0][1] / total)
    statistic = sum((n - want) ** 2 / want for n, want in pairs)
    return chi_square_above(statistic, len(pairs) - 1)
