"""The checks that stand before a verdict; one that blocks replaces it."""

from __future__ import annotations

from crm_metrics.experiments.distributions import binomial_two_sided, chi_square_above
from crm_metrics.experiments.model import Arm, Gate, GateStatus, Setup

SILENT_ARM_EVENTS = 100
"""An arm without a single event beside one with so many was not measured, it did not lose."""
SHARED_BLOCK = 0.01
"""Share of people in several arms above which the arms are no longer two groups."""
MISMATCH_BLOCK = 0.001
MISMATCH_WARN = 0.01


_OPENS = ("open_rate", "open rate", "opened", "opens", "открыт", "открыл", "открываем")


def gates(setup: Setup, arms: tuple[Arm, ...]) -> tuple[Gate, ...]:
    """Every gate in the order of the checks: the first that blocks decides.

    A gate that saw several things stands once for each, the weightiest first. `arms` stand in the
    order of `setup.split`, the control first. `Gate.detail` is a code, `gate.<detail>` in texts,
    filled with `params`.
    """
    return (
        *_with_counts(setup, plausibility(setup, arms)),
        *_with_counts(setup, assignment(setup, arms)),
        sample_ratio(setup, arms),
        size(setup, arms),
        caveats(setup),
    )


def plausibility(setup: Setup, arms: tuple[Arm, ...]) -> Gate:
    """Numbers that can't be: more successes than people, a silent arm, amounts below zero."""
    name = "plausibility"
    for arm in arms:
        if setup.shape == "proportion" and (arm.successes or 0) > arm.n:
            params: dict[str, object] = {
                "arm": arm.name,
                "successes": arm.successes,
                "n": arm.n,
            }
            return Gate(name, "block", "success_above_n", params)
        if setup.shape != "proportion" and (arm.total or 0.0) < 0:
            return Gate(name, "block", "negative_total", {"arm": arm.name})
    known = [arm for arm in arms if arm.n > 0 and arm.successes is not None]
    if known:
        loudest = max(known, key=lambda arm: arm.successes or 0)
        silent = [arm for arm in known if arm.successes == 0]
        if silent and (loudest.successes or 0) >= SILENT_ARM_EVENTS:
            params = {"arm": silent[0].name, "other": loudest.name, "events": loudest.successes}
            return Gate(name, "block", "silent_arm", params)
    if setup.negatives:
        return Gate(name, "warn", "negative_amounts", {"count": setup.negatives})
    if setup.unread:
        return Gate(name, "warn", "unread_values", {"count": setup.unread})
    return Gate(name, "pass", "plausible")


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
    if not setup.people_known:
        return Gate(name, "not_checked", "people_unknown")
    return Gate(name, "pass", "one_arm_each")


def _with_counts(setup: Setup, first: Gate) -> tuple[Gate, ...]:
    """The gate, and what else was counted: nothing that is left out hides behind another."""
    counts = {
        "plausibility": {"negative_amounts": setup.negatives, "unread_values": setup.unread},
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


def caveats(setup: Setup) -> Gate:
    """What weakens a verdict without forbidding it: mail programs open messages by themselves."""
    name = setup.metric.lower()
    if setup.shape == "proportion" and any(word in name for word in _OPENS):
        return Gate("caveats", "warn", "opens_decide")
    return Gate("caveats", "pass", "none")


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
