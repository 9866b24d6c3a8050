"""How many times the open pipeline covers what is still to be sold."""

from __future__ import annotations

from crm_metrics.metrics.derived import worked_out
from crm_metrics.metrics.model import Value


def pipeline_coverage(pipeline: Value | None, won: Value | None, target: float | None) -> Value:
    """The amount of open deals over what lacks to the target in the period.

    `pipeline` and `won` are values of `pipeline` (whatever the period) and `won_amount` (of the
    period); `target` is what the period should bring, None where nobody said it. Where it is
    reached, nothing is left to be covered.
    """
    sums = {
        "pipeline": (pipeline.value if pipeline else None) or 0.0,
        "won": (won.value if won else None) or 0.0,
        "n": pipeline.n if pipeline else 0.0,
    }
    currency = pipeline.currency if pipeline else None
    if pipeline is None or pipeline.value is None:
        flags = pipeline.flags[:1] if pipeline else ("no_deal_amounts",)
        return worked_out("pipeline_coverage", sums, flags=flags)
    if won is not None and won.value is None and "mixed_currency" in won.flags:
        return worked_out("pipeline_coverage", sums, flags=("mixed_currency",))
    if target is None:
        return worked_out("pipeline_coverage", sums, flags=("no_target",), currency=currency)
    sums["target"] = target
    rest = target - sums["won"]
    if rest <= 0:
        return worked_out("pipeline_coverage", sums, flags=("target_reached",), currency=currency)
    return worked_out(
        "pipeline_coverage", sums, (pipeline.value / rest, None, None), currency=currency
    )
