"""`metrics --compare` without `--by`: the channels' own part in a change, and their shares'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import shift_texts
from crm_metrics.metrics import Result, Split, Value, metric_named, simpson, split
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.comparing import Part
from crm_metrics.texts import t

CHANNEL = ("channel",)


def split_by_channel(value: Value, now: Result, before: Result) -> Split | None:
    """The change of a value over its channels; None where there are not two, or it has no split."""
    sides = [_alike(result.values, value) for result in (now, before)]
    channels = {one.group["channel"] for side in sides for one in side}
    if not all(sides) or len(channels) < 2:
        return None
    found = split(*sides)
    return found if found.groups and found.total.difference is not None else None


def split_document(found: Split | None) -> dict[str, Any] | None:
    """The split for JSON: both parts, each channel, and Simpson's paradox where it is one."""
    if found is None:
        return None
    paradox = simpson(found)
    return {
        "by": CHANNEL[0],
        "within": _part(found.within),
        "mix": _part(found.mix),
        "groups": [
            {
                "group": one.group,
                "value": one.now,
                "previous": one.before,
                "share": one.weight_now,
                "previous_share": one.weight_before,
                "within": one.within,
                "mix": one.mix,
            }
            for one in found.groups
        ],
        "simpson": {"code": paradox.code, "clear": paradox.clear} if paradox else None,
    }


def split_lines(found: Split | None, value: Value, lang: str) -> list[str]:
    """The split as a person reads it, with the paradox said aloud."""
    if found is None:
        return []
    said = _texts(found.total.difference, found.total.low, found.total.high, value, lang)
    within, mix = (
        _texts(part.value, part.low, part.high, value, lang)["change"]
        for part in (found.within, found.mix)
    )
    key = "split_sentence" if found.total.low is not None else "split_bare"
    words = {"total": said["change"], "low": said["change_low"], "high": said["change_high"]}
    lines = [t(f"channels.{key}", lang, **words, within=within, mix=mix)]
    if paradox := simpson(found):
        way = "falls" if paradox.code == "total_falls_groups_rise" else "rises"
        key = "simpson" if paradox.clear else "simpson_in_figures"
        lines.append(t(f"channels.{key}_{way}", lang, count=paradox.groups))
    return lines


def _alike(values: Sequence[Value], whole: Value) -> list[Value]:
    return [
        replace(one, grain=whole.grain)
        for one in values
        if (one.metric, one.variant) == (whole.metric, whole.variant)
        and comparable(one.grain, whole.grain)
    ]


def _part(part: Part) -> dict[str, Any]:
    return {"value": part.value, "low": part.low, "high": part.high, "clear": part.clear}


def _texts(
    middle: float | None, low: float | None, high: float | None, value: Value, lang: str
) -> dict[str, str]:
    unit = metric_named(value.metric, value.grain).unit
    return shift_texts(Shift(middle, low, high), unit, lang, value.currency)
