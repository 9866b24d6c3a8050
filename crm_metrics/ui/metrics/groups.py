"""Inside what is shown: the chosen metric by campaign or segment, and the way into one of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import channel_name, inside, metric_name
from crm_metrics.metrics import AgainstRest, metric_named
from crm_metrics.metrics.dimensions import segment_names
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.address import IS, SEGMENT
from crm_metrics.ui.chart_words import texts_of
from crm_metrics.ui.charted import value_cells, value_columns
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.apart import apart, apart_words
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.path import enter, segment_name
from crm_metrics.ui.number_view import Number, number_button
from crm_metrics.ui.state import engine
from crm_metrics.ui.widgets import download_table

_CAMPAIGN = "campaign_name"
_SEARCH_OVER = 20
_ROWS = 11  # shown before the table scrolls
ENTERED = "_entered"  # set where a level was entered: the whole page is to be drawn again


def groups_of(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """Draw the metric of `rows`, with the same formula, by what its rows can be told apart by."""
    names = _names(seen, rows)
    metric = inside(metric_name(rows[0].metric, language))
    st.subheader(t("channels.groups_title", language, metric=metric))
    if not names:
        st.caption(t("channels.groups_no_names", language))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="groups_bar"):
        name = one_of(
            "by",
            t("channels.groups_by", language),
            names,
            lambda key: segment_name(key, language),
            language=language,
        )
        found = _ranked(seen, rows, name)
        wanted = _search(language) if len(found) > _SEARCH_OVER else ""
    shown = [one for one in found if wanted in _label(one, name, language).casefold()]
    if len(found) < 2:
        st.caption(t("channels.groups_alone", language))
        return
    if not shown:
        st.caption(t("channels.groups_none", language))
        return
    # A group is held against all others, also those that the search hides.
    others = apart(found, seen.filters, seen.limits)
    compared = {id(one): other for one, other in zip(found, others, strict=True)}
    picked = _table(shown, compared, name, rows[0], language)
    with st.container(horizontal=True, key="groups_actions"):
        labels = (segment_name(name, language), t("channels.channel", language))
        named = [((_label(one, name, language), _channel(one, language)), one) for one in shown]
        download_table(
            value_columns(labels, language),
            lambda: value_cells(named, language),
            language,
            name="groups",
            key="groups_download",
        )
        if picked is not None:
            _go_in(picked, name, language)
            number_button(
                Number(picked, rows[0].unit, seen.filters, seen.limits), language, key="group"
            )
    if picked is None:
        st.caption(t("channels.groups_pick", language))
    least = metric_named(rows[0].metric, found[0].grain).minimum_n
    if any(one.n < least and not one.is_stated for one in found):
        st.caption(t("channels.groups_few", language, n=least))


def _names(seen: Seen, rows: Sequence[ChannelRow]) -> list[str]:
    """Campaigns first, then the segments of the metric's rows, without those already entered."""
    known = engine()
    # Conversations that were made of the messages of chats have no columns of a file's own.
    grains = [one for one in dict.fromkeys(row.now.grain for row in rows) if one in known.grains]
    entered = {name for name, _ in seen.filters.equal}
    names = []
    if len(seen.filters.campaigns) != 1 and any(_CAMPAIGN in known.mapped(one) for one in grains):
        names.append(_CAMPAIGN)
    for grain in grains:
        names += [one for one in segment_names(known, grain) if one not in entered]
    return list(dict.fromkeys(names))


def _search(language: str) -> str:
    typed = st.text_input(
        t("channels.groups_search", language),
        key="groups_search",
        icon=":material/search:",
        width=260,
    )
    return typed.strip().casefold()


def _ranked(seen: Seen, rows: Sequence[ChannelRow], name: str) -> list[Value]:
    """Values by channel and group, the best first, those on too few units last."""
    metric, variant = rows[0].metric, rows[0].now.variant
    result = cached.compute(
        (metric,), by=("channel", name), filters=seen.filters, limits=seen.limits
    )
    named = [
        value
        for value in result.values  # noqa: PD011 - no frame
        if value.value is not None and value.variant == variant
    ]
    sign = -1 if rows[0].direction != "down" else 1
    return sorted(
        named,
        key=lambda one: (
            one.n < metric_named(metric, one.grain).minimum_n,
            sign * (one.value or 0.0),
        ),
    )


def _table(
    values: Sequence[Value],
    compared: dict[int, AgainstRest],
    name: str,
    row: ChannelRow,
    language: str,
) -> Value | None:
    """The table; gives the value whose line is selected."""
    unit = row.unit
    titles = [
        segment_name(name, language),
        *(t(f"channels.{key}", language) for key in ("channel", "value", "likely_between")),
        "n",
        t("channels.against_rest", language),
    ]
    rows = [
        [*_row(value, name, unit, language), apart_words(compared[id(value)], unit, language)]
        for value in values
    ]
    frame = pd.DataFrame(rows, columns=titles)
    if all(line[-1] == "—" for line in rows):
        frame = frame[titles[:-1]]
    right = {title: st.column_config.TextColumn(alignment="right") for title in titles[2:]}
    best = frame.iloc[0]
    state = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) < _ROWS else 35 * _ROWS,
        column_config={titles[0]: st.column_config.TextColumn(pinned=True), **right},
        alt=t(
            "channels.groups_alt",
            language,
            metric=metric_name(row.metric, language),
            group=best[titles[0]],
            value=best[titles[2]],
        ),
        on_select="rerun",
        selection_mode="single-row",
        key=f"groups_{row.metric}_{name}_{language}",
    )
    places = state["selection"]["rows"]
    return values[places[0]] if places and places[0] < len(values) else None


def _go_in(value: Value, name: str, language: str) -> None:
    """A button one level down; there is none into what the facts do not name."""
    group = value.group[name]
    if group is None:
        return
    campaign = name == _CAMPAIGN
    st.button(
        t("channels.open_campaign" if campaign else "channels.open_segment", language),
        icon=":material/subdirectory_arrow_right:",
        key="go_in",
        on_click=_enter,
        args=(value.group["channel"], name, group),
    )


def _enter(channel: str | None, name: str, group: str) -> None:
    if channel is not None:
        enter("channel", channel)
    if name == _CAMPAIGN:
        enter("campaign", group)
    else:
        enter(SEGMENT, f"{name}{IS}{group}")
    st.session_state[ENTERED] = True


def _row(value: Value, name: str, unit: Unit, language: str) -> list[str]:
    texts = texts_of(value, unit, language)
    return [
        _label(value, name, language),
        _channel(value, language),
        texts["value_text"],
        texts["interval_text"],
        texts["n_text"],
    ]


def _label(value: Value, name: str, language: str) -> str:
    group = value.group[name]
    return t("channels.group_unknown", language) if group is None else group


def _channel(value: Value, language: str) -> str:
    return channel_name(value.group["channel"], language)
