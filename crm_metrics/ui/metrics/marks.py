"""What a trend must not be read across: where a file begins or ends, where the counting changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from crm_metrics.findings.report import Period
from crm_metrics.findings.wording import channel_name, flag_text
from crm_metrics.metrics.model import Value
from crm_metrics.texts import t
from crm_metrics.ui.state import workspace
from crm_metrics.ui.words import dataset_name

_MOST = 6
# Flags of a value that say how it was counted, not how much of it there is.
_COUNTING = frozenset({"base_sent", "derived", "mpp_raw", "orders_as_people"})


def marks_of(
    values: Sequence[Value], step: str, span: Period, language: str
) -> list[tuple[date, str]]:
    """Days with words, the earliest first; `values` are by channel and step."""
    grains = {value.grain for value in values}
    found = [*_files(grains, span, language), *_counting(values, step, language)]
    return sorted(dict.fromkeys(found))[:_MOST]


def _files(grains: set[str], span: Period, language: str) -> list[tuple[date, str]]:
    """Where one file of several takes over: all beginnings but the first, all ends but the last."""
    held = [
        (dataset_name(item), item.facts.period)
        for item in workspace().datasets()
        if item.facts is not None and item.facts.grain in grains and item.facts.period is not None
    ]
    if len(held) < 2:
        return []
    first = min(days[0] for _, days in held)
    last = max(days[1] for _, days in held)
    single = [
        (days[0], t("channels.mark_day", language, name=name))
        for name, days in held
        if days[0] == days[1] and span[0] <= days[0] <= span[1]
    ]
    held = [one for one in held if one[1][0] < one[1][1]]
    begun = [
        (days[0], t("channels.mark_begins", language, name=name))
        for name, days in held
        if days[0] > max(first, span[0]) and days[0] <= span[1]
    ]
    ended = [
        (days[1], t("channels.mark_ends", language, name=name))
        for name, days in held
        if days[1] < min(last, span[1]) and days[1] >= span[0]
    ]
    return [*begun, *ended, *single]


def _counting(values: Sequence[Value], step: str, language: str) -> list[tuple[date, str]]:
    """Where a channel's values begin or cease to be counted in another way."""
    found = []
    for channel in dict.fromkeys(value.group["channel"] for value in values):
        own = sorted(
            (one for one in values if one.group["channel"] == channel and one.value is not None),
            key=lambda one: str(one.group[step]),
        )
        for before, after in pairwise(own):
            changed = _COUNTING & (set(before.flags) ^ set(after.flags))
            found += [
                (
                    date.fromisoformat(str(after.group[step])),
                    t(
                        "channels.mark_counting",
                        language,
                        channel=channel_name(channel, language),
                        how=flag_text(flag, language).rstrip("."),
                    ),
                )
                for flag in sorted(changed)
            ]
    return found
