"""What to do after a verdict, as a code of `verdict.step` in texts."""

from __future__ import annotations

from collections.abc import Iterable

from crm_metrics.experiments.model import Code, Gate

_FIXED = {
    "SAME_ENOUGH": "choose_otherwise",
    "REAL_BUT_SMALL": "weigh_the_cost",
    "WORSE": "keep_control",
}
_ACTED_ON = ("WINNER", "WINNER_BUT", "WORSE", "REAL_BUT_SMALL")


def next_step(code: Code, params: dict[str, object], checks: Iterable[Gate]) -> str:
    """The code of the next step; where a mix made the effect, nothing is to be done by it."""
    checks = tuple(checks)
    if code in _ACTED_ON and any(gate.detail == "simpson" for gate in checks):
        return "compare_within"
    if code in _FIXED:
        return _FIXED[code]
    if code == "DO_NOT_USE":
        apart = params["detail"] in ("sent_apart", "sent_by_turns")
        return "check_sent_apart" if apart else f"check_{params['gate']}"
    if code == "CANNOT_SAY":
        return f"upload_{params['reason']}"
    if code == "WINNER_BUT":
        return "keep_for_worse" if params["worse"] else "collect_for_guardrail"
    return _rolled_out(params, checks) if code == "WINNER" else _collected(code, params)


def _collected(code: Code, params: dict[str, object]) -> str:
    more = params["more_per_arm"]
    if code == "TOO_SMALL" and not more:
        return "collect_least"
    return "collect_unknown" if more is None else "collect" if more else "decide_otherwise"


def _rolled_out(params: dict[str, object], checks: Iterable[Gate]) -> str:
    if any(gate.detail == "opens_decide" for gate in checks):
        return "roll_out_after_clicks"
    return "roll_out_rest" if "rest_gain" in params else "roll_out"
