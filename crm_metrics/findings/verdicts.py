"""The words of an A/B finding: one sentence, one next step, gates, and what stands beside."""

from __future__ import annotations

import math
import re
from datetime import date

from crm_metrics.experiments.model import Finding, Gate, Judged
from crm_metrics.experiments.second_lines import SecondLine
from crm_metrics.experiments.segments import SegmentFinding
from crm_metrics.findings.trial_method import inputs_hash, method_note
from crm_metrics.findings.trial_numbers import (
    amount_text,
    arm_texts,
    compared_texts,
    difference_texts,
    leading,
    lift_texts,
    said_metric,
    trial_metric,
)
from crm_metrics.texts import (
    date_text,
    decimal_text,
    integer_text,
    money_text,
    percent_text,
    points_text,
    signed_text,
    t,
)

__all__ = [
    "amount_text",
    "arm_texts",
    "beside_texts",
    "difference_texts",
    "gate_text",
    "inputs_hash",
    "lift_texts",
    "line_text",
    "method_note",
    "next_step",
    "segment_text",
    "sentence",
    "standing_text",
]


def sentence(finding: Finding, lang: str, *, name: str | None = None) -> str:
    """The verdict in one sentence (two or three where a reason or a reservation follows).

    `name` is the metric as the reader knows it; by default the catalogue's name of the setup's
    metric, or the column's. Plain text: a page escapes it.
    """
    metric = said_metric(finding.setup.metric, lang) if name is None else name
    params = finding.params
    match finding.code:
        case "DO_NOT_USE":
            gate = next(
                gate
                for gate in finding.gates
                if gate.gate == params["gate"] and gate.status == "block"
            )
            return t("verdict.do_not_use", lang, reason=gate_text(gate, lang))
        case "TOO_SMALL":
            return _too_small(finding, lang, metric)
        case "CANNOT_SAY":
            reason = t(f"verdict.reason.{params['reason']}", lang)
            return t("verdict.cannot_say", lang, metric=metric, reason=reason)
    shown = compared_texts(finding, leading(finding), lang) | {"metric": metric}
    key = finding.code.lower()
    if finding.code == "WINNER_BUT":
        kind = "worse" if params["worse"] else "open"
        key += f"_{kind}"
        shown["names"] = ", ".join(said_metric(str(name), lang) for name in params[kind])  # type: ignore[attr-defined]
    if finding.code in ("SAME_ENOUGH", "REAL_BUT_SMALL"):
        shown["smallest"] = amount_text(finding, finding.setup.smallest, lang)
    said = t(f"verdict.{key}", lang, **shown)
    if len(finding.comparisons) > 1:
        said += " " + t("verdict.others", lang, count=len(finding.comparisons))
    best = next((line for line in finding.lines if line.kind == "best"), None)
    if best is not None and not best.params["sure"]:
        rival = best.params["rival"]
        said += " " + t("verdict.not_surely_best", lang, arm=shown["arm"], rival=rival)
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
        "least": integer_text(setup.least_recipients, lang),
        "least_events": integer_text(setup.least_events, lang),
        "metric": said_metric(setup.metric, lang) if name is None else name,
    }
    if finding.next_step == "roll_out_rest":
        shown |= _for_the_rest(finding, lang)
    if finding.next_step == "collect":
        needed, more = (int(str(params[f"{name}_per_arm"])) for name in ("needed", "more"))
        # Rounded after the needed are: what there is and what is added make what is needed.
        shown |= {
            "more": integer_text(_about(_about(needed) - (needed - more)), lang),
            "needed": integer_text(_about(needed), lang),
        }
    key = finding.next_step
    if key in ("collect", "decide_otherwise") and setup.planned_n is not None:
        # A planned number need not be one that shows the change, so nothing is said of it.
        key = f"{key}_planned"
        shown |= {
            "more": integer_text(int(str(params["more_per_arm"])), lang),
            "needed": integer_text(setup.planned_n, lang),
        }
    elif key == "collect" and setup.smallest is not None:
        key = "collect_change"
    said = t(f"verdict.step.{key}", lang, **shown)
    return (
        f"{said} {_money(finding, lang)}".rstrip() if finding.next_step == "roll_out_rest" else said
    )


def gate_text(gate: Gate, lang: str) -> str:
    """What a gate saw, in a sentence."""
    shown = dict(gate.params)
    if "sizes" in shown:
        sizes = str(shown["sizes"])
        shown["sizes"] = re.sub(r"\d+", lambda found: integer_text(int(found[0]), lang), sizes)
    if shown.get("made"):
        shown["made"] = date_text(date.fromisoformat(str(shown["made"])), lang)
    if "share" in shown:
        share = float(str(shown["share"]))
        if gate.detail.startswith("one_amount"):
            # "At least" stands before it: downwards, and never all.
            share = min(math.floor(100 * share), 99) / 100
        shown["share"] = percent_text(share, lang, 0)
    if "metric" in shown:
        shown["metric"] = trial_metric(str(shown["metric"]), lang)
    return t(f"gate.{gate.detail}", lang, **shown)


def standing_text(item: Judged, arm: str, lang: str) -> str:
    """How an arm stands on a metric beside the verdict's.

    A guardrail that holds is "no sign that it is worse than agreed", and only then.
    """
    place = [one.arm for one in item.comparisons].index(arm)
    comparison, standing = item.comparisons[place], item.standings[place]
    shown = compared_texts(item, comparison, lang)
    key = (
        f"{standing}_guardrail"
        if standing == "open" and item.metric.role == "guardrail"
        else standing
    )
    return t(f"verdict.standing.{key}", lang, metric=trial_metric(item.metric.name, lang), **shown)


def beside_texts(finding: Finding, lang: str) -> list[str]:
    """Other metrics, second looks and segments, a sentence each; how the verdict's arm stands."""
    arm = str(finding.params["arm"])
    return [
        *(standing_text(item, arm, lang) for item in finding.others),
        *(line_text(line, finding, lang) for line in finding.lines),
        *(segment_text(segment, lang) for segment in finding.segments),
    ]


def line_text(line: SecondLine, finding: Finding, lang: str) -> str:
    """A second look in a sentence."""
    params = {name: value for name, value in line.params.items() if value is not None}
    shown: dict[str, object] = {"arm": finding.params["arm"], "control": finding.setup.control}
    own = [item for item in line.comparisons if item.arm == finding.params["arm"]]
    for item in own[:1]:
        signed = points_text if line.kind == "answered" else _amount
        shown |= {
            "difference": signed(item.difference, lang),
            "low": signed(item.difference_low, lang),
            "high": signed(item.difference_high, lang),
        }
    key = line.kind
    if line.kind == "best":
        shown |= {"arm": params.get("arm", finding.params["arm"]), "rival": params["rival"]}
        key = "best_sure" if params["sure"] else "best_open"
    elif line.kind == "capped":
        shown["cap"] = decimal_text(float(str(params["cap"])), lang, 2)
    elif line.kind == "before":
        shown["removed"] = percent_text(float(str(params.get("removed", 0))), lang, 0)
    elif line.kind == "ranks":
        if "low" not in params:
            return t("verdict.line.ranks_none", lang)
        for name in ("superiority", "low", "high"):
            shown[name] = percent_text(float(str(params[name])), lang, 0)
    elif line.kind == "log_rank":
        if "pvalue" not in params:
            return t("verdict.line.log_rank_none", lang)
        sooner = float(str(params["pvalue"])) < finding.setup.alpha
        key = "log_rank_differs" if sooner else "log_rank_open"
    return t(f"verdict.line.{key}", lang, **shown)


def segment_text(segment: SegmentFinding, lang: str) -> str:
    """Whether the effect differs by a column, in a sentence."""
    if segment.simpson:
        return t("gate.simpson", lang, column=segment.column)
    key = "undefined" if segment.pvalue is None else "differs" if segment.differs else "same"
    return t(f"verdict.segment.{key}", lang, column=segment.column)


def _amount(value: float | None, lang: str) -> str:
    """A signed difference of amounts, with fewer digits the larger it is."""
    size = abs(value or 0)
    return signed_text(value, lang, 3 if 0 < size < 1 else 1 if size < 100 else 0)


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


def _too_small(finding: Finding, lang: str, metric: str) -> str:
    gate = next(gate for gate in finding.gates if gate.gate == "size")
    kind = "events" if gate.detail == "few_events" else "recipients"
    shown = {key: value for key, value in gate.params.items() if key in ("events", "n")}
    return t(f"verdict.too_small_{kind}", lang, metric=metric, **shown)


def _about(size: int) -> int:
    """A size to two leading digits, upwards: a plan is no more exact than that."""
    step = 10 ** max(math.floor(math.log10(max(size, 1))) - 1, 0)
    return math.ceil(size / step) * step
