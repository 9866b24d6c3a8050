"""Why the total changed: what the groups' own rates did, and what their shares did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from crm_metrics.charts import NEUTRAL, display_scale, parts_chart
from crm_metrics.charts.palette import TONES
from crm_metrics.findings.report import ChannelRow, Shift
from crm_metrics.findings.wording import channel_name, shift_texts
from crm_metrics.metrics import Split, simpson, split
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.comparing import GroupPart, Part
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import percent_text, t, value_text
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.change import change_axis
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.theme import ground

_MOST_GROUPS = 12
_PARTS = ("within", "mix")
_NAMED = ("split_within", "split_mix")


def split_of(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """Draw the change of all channels together, split; nothing where it has one channel or side."""
    first = rows[0].now
    now, before = _alike([row.now for row in seen.rows], first), _alike(seen.values_before, first)
    if not now or not before or len({one.group["channel"] for one in (*now, *before)}) < 2:
        return
    found = split(now, before)
    if not found.groups or found.total.difference is None:
        return
    unit, currency = rows[0].unit, now[0].currency
    with st.container(key="split"):
        st.markdown(_sentence(found, unit, currency, language))
        paradox = simpson(found)
        if paradox is not None:
            key = "simpson" if paradox.clear else "simpson_in_figures"
            way = "falls" if paradox.code == "total_falls_groups_rise" else "rises"
            st.warning(
                t(f"channels.{key}_{way}", language, count=paradox.groups),
                icon=":material/shuffle:",
            )
        _draw(found, unit, currency, language)


def _alike(values: Sequence[Value], first: Value) -> list[Value]:
    """The values by channel that are of the metric and the formula of `first`."""
    return [
        replace(one, grain=first.grain)
        for one in values
        if one.metric == first.metric
        and one.variant == first.variant
        and comparable(one.grain, first.grain)
    ]


def _sentence(found: Split, unit: Unit, currency: str | None, language: str) -> str:
    total = found.total
    said = shift_texts(Shift(total.difference, total.low, total.high), unit, language, currency)
    key = "split_sentence" if total.low is not None else "split_bare"
    return t(
        f"channels.{key}",
        language,
        total=esc(said["change"]),
        low=esc(said["change_low"]),
        high=esc(said["change_high"]),
        within=esc(_part(found.within, unit, currency, language)),
        mix=esc(_part(found.mix, unit, currency, language)),
    )


def _part(part: Part, unit: Unit, currency: str | None, language: str) -> str:
    said = shift_texts(Shift(part.value, part.low, part.high), unit, language, currency)
    if part.low is None:
        return said["change"]
    ends = {"low": said["change_low"], "high": said["change_high"]}
    return f"{said['change']} ({t('channels.interval', language, **ends)})"


def _draw(found: Split, unit: Unit, currency: str | None, language: str) -> None:
    groups = sorted(found.groups, key=lambda one: -abs(one.within + one.mix))[:_MOST_GROUPS]
    scale = display_scale(unit, max(abs(one.within) + abs(one.mix) for one in groups))
    names = {part: t(f"channels.split_{part}", language) for part in _PARTS}
    frame = pd.DataFrame(
        [
            {
                "label": channel_name(group.group["channel"], language),
                "part": names[part],
                "value": getattr(group, part) * scale.factor,
                "change_text": _signed(getattr(group, part), unit, currency, language),
                **_sides(group, unit, currency, language),
            }
            for group in groups
            for part in _PARTS
        ]
    )
    charted(
        spec_of(
            parts_chart,
            frame,
            title=t("channels.split_title", language),
            x_title=change_axis(unit, scale.unit, currency, language),
            lang=language,
            colors={names["within"]: TONES[ground()]["accent"], names["mix"]: NEUTRAL},
            tips=tip_titles(
                language, "label", "part", "change_text", "before_text", "value_text", "shares_text"
            ),
        ),
        lambda: _lines(groups, unit, currency, language),
        language,
        alt=t(
            "channels.split_alt",
            language,
            within=_signed(found.within.value, unit, currency, language),
            mix=_signed(found.mix.value, unit, currency, language),
        ),
        key="split_chart",
        name="split",
    )


def _sides(group: GroupPart, unit: Unit, currency: str | None, language: str) -> dict[str, str]:
    return {
        "before_text": value_text(group.before, unit, language, currency),
        "value_text": value_text(group.now, unit, language, currency),
        "shares_text": t(
            "channels.split_shares",
            language,
            before=percent_text(group.weight_before, language, 1),
            now=percent_text(group.weight_now, language, 1),
        ),
    }


def _signed(value: float | None, unit: Unit, currency: str | None, language: str) -> str:
    return shift_texts(Shift(value, value, value), unit, language, currency)["change"]


def _lines(groups: Sequence[GroupPart], unit: Unit, currency: str | None, language: str) -> Lines:
    columns = ("channel", "before", "value", "split_share_before", "split_share_now", *_NAMED)
    titles = tuple(t(f"channels.{name}", language) for name in columns)
    shown, cells = [], []
    for group in groups:
        label = channel_name(group.group["channel"], language)
        sides = _sides(group, unit, currency, language)
        shown.append(
            (
                label,
                sides["before_text"],
                sides["value_text"],
                percent_text(group.weight_before, language, 1),
                percent_text(group.weight_now, language, 1),
                _signed(group.within, unit, currency, language),
                _signed(group.mix, unit, currency, language),
            )
        )
        cells.append(
            (
                label,
                group.before,
                group.now,
                group.weight_before,
                group.weight_now,
                group.within,
                group.mix,
            )
        )
    return Lines(titles=titles, shown=tuple(shown), columns=titles, cells=tuple(cells))
