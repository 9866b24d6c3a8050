"""Values that no sum of rows gives, as the command writes them: a line each, and as plain data."""

from __future__ import annotations

from typing import Any

from crm_metrics.findings.customers import derived_estimate
from crm_metrics.findings.wording import channel_name, flags_text, metric_name
from crm_metrics.metrics import Value
from crm_metrics.texts import t


def derived_line(value: Value, lang: str) -> str:
    """The value with its name, group, interval, n and what to keep in mind."""
    names = [name for name in value.group.values() if name]
    if "channel" in value.group:
        share_of = t(f"variant.{value.variant}", lang)
        names = [f"{channel_name(value.group['channel'], lang)} ({share_of})"]
    group = "".join(f" · {name}" for name in names)
    said = f"{metric_name(value.metric, lang)}{group}: {derived_estimate(value, lang)}"
    return " ".join([said, *flags_text(value, lang)])


def plain_value(one: Value) -> dict[str, Any]:
    """All of the value that a program may ask for."""
    names = ("metric", "variant", "group", "value", "low", "high", "n", "components", "flags")
    return {name: getattr(one, name) for name in names} | {"currency": one.currency}
