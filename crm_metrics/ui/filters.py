"""The filter bar: period, channels and campaigns, kept in the address for links and F5."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import streamlit as st

from crm_metrics.findings.wording import channel_name
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.periods import Previous
from crm_metrics.texts import t
from crm_metrics.ui.address import (
    IS,
    SEGMENT,
    day_of,
    groups_entered,
    keep,
    kept,
    let_go,
    stand_by,
    widget_key,
)
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.link_notes import missed
from crm_metrics.ui.segments.choosing import segment_filter
from crm_metrics.ui.segments.line import segment_line
from crm_metrics.ui.shell import boundary, lang
from crm_metrics.ui.widgets import DATE_FORMAT

_AGAINST = ("just_before", "weekdays")
_LONGEST = 80
_OUTBOUND = frozenset({"campaigns", "recipients", "events"})
_SETTLED = "settled"


@contextmanager
def bar() -> Iterator[None]:
    """A row for the filters of a page, and under it what a chosen segment of people leaves."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filter_bar"):
        yield
    with boundary():
        segment_line(lang())


def filter_bar(choices: Choices, language: str) -> Filters:
    """Draw the filters that the data allow, and give what is chosen; nothing chosen means all.

    In the address: `span` (latest, all, dates) with `period` (two ISO dates), `channel` (codes),
    `campaign` (names) and `segment` (name=value, or the name of a segment of people), so that a
    link opens the same view in either language. Without dates in the answer the latest period
    counts.
    """
    start, end = _period(choices, language)
    channels = _channels(choices, language)
    campaigns = _campaigns(choices, language)
    return Filters(
        start=start,
        end=end,
        channels=channels,
        campaigns=campaigns,
        equal=chosen_segments(choices),
        segment=segment_filter(choices, language),
    )


def compared_with(choices: Choices, filters: Filters, language: str) -> Previous:
    """Ask for the period to compare with, where the chosen one leaves something before it."""
    if choices.period is None or choices.everything(filters):
        return "just_before"
    chosen = one_of(
        "against",
        t("filter.against", language),
        _AGAINST,
        lambda key: t(f"filter.{key}", language),
        language=language,
        flat=True,
        meaning=t("filter.against_help", language),
    )
    return "weekdays" if chosen == "weekdays" else "just_before"


def settled_only(choices: Choices, language: str) -> None:
    """Ask whether only messages count whose results have come in; in the address as `settled`."""
    if _OUTBOUND.isdisjoint(choices.grains):
        return
    chosen = st.toggle(
        t("filter.settled", language),
        value=settled_chosen(),
        key=widget_key(_SETTLED),
        help=t("filter.settled_help", language),
    )
    keep(_SETTLED, ["1"] if chosen else [])


def settled_chosen() -> bool:
    """Whether only settled messages count, known also where the switch is not drawn."""
    known = kept(_SETTLED) == ["1"]  # first: another address begins another switch
    switched = st.session_state.get(widget_key(_SETTLED))
    return known if switched is None else bool(switched)


def chosen_segments(choices: Choices) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The segments that the page was opened into, as `Filters.equal` has them."""
    found, unknown = [], []
    for one in groups_entered():
        name, _, value = one.partition(IS)
        if value and name in choices.segments:
            found.append((name, (value,)))
        else:
            unknown.append(one)
    if unknown:
        missed(SEGMENT, unknown, tuple(found))
    return tuple(found)


def one_of(
    name: str,
    label: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    *,
    language: str,
    flat: bool = False,
    named: bool = True,
    meaning: str | None = None,
) -> str:
    """A choice of one option that lives in the address; the first option is the default.

    `flat` shows the options side by side; where they are not `named`, a title says what they are.
    """
    known = [option for option in kept(name) if option in options]
    chosen = known[0] if known else options[0]
    stand_by(name, options[0], language)
    let_go(name, options, language)
    key = widget_key(name, language)
    if flat:
        picked = st.segmented_control(
            label,
            options,
            default=chosen,
            format_func=shown,
            key=key,
            required=True,
            help=meaning,
            label_visibility="visible" if named else "collapsed",
        )
    else:
        picked = st.selectbox(
            label,
            options,
            index=options.index(chosen),
            format_func=shown,
            key=key,
            help=meaning,
            width=380,
        )
    value = picked or chosen
    keep(name, [value] if value != options[0] else [])
    return value


def one_or_none(
    name: str,
    label: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    *,
    language: str,
    placeholder: str,
    meaning: str | None = None,
) -> str | None:
    """A choice that lives in the address and stays open until the user makes it."""
    known = [option for option in kept(name) if option in options]
    let_go(name, options, language)
    value = st.selectbox(
        label,
        options,
        index=options.index(known[0]) if known else None,
        format_func=shown,
        key=widget_key(name, language),
        placeholder=placeholder,
        help=meaning,
        width=380,
    )
    keep(name, [value] if value is not None else [])
    return value


def _period(choices: Choices, language: str) -> tuple[date | None, date | None]:
    if choices.period is None or choices.period[0] == choices.period[1]:
        return None, None
    # A data set that the latest period leaves out would look lost: then all data come first.
    hides = choices.latest is not None and bool(choices.outside(choices.latest))
    span = one_of(
        "span",
        t("filter.period", language),
        ("all", "latest", "dates") if hides else ("latest", "all", "dates"),
        lambda key: t(f"filter.{key}", language),
        language=language,
        flat=True,
        meaning=t("filter.period_help", language),
    )
    if span == "latest":
        return None, None
    return choices.period if span == "all" else _dates(*choices.period, language)


def _dates(first: date, last: date, language: str) -> tuple[date, date]:
    """Ask for two days within the data's span; a link to other days is cut to it, and says so."""
    asked = kept("period")
    start, end = _within(asked, first, last)
    if asked and asked != [start.isoformat(), end.isoformat()][: len(asked)]:
        missed("period", asked, (start, end))
    picked = st.date_input(
        t("filter.dates", language),
        value=(start, end),
        min_value=first,
        max_value=last,
        format=DATE_FORMAT[language],
        key=widget_key("period", language),
        width=250,
    )
    # While a range is being picked, its second end is not there yet: the old one stands.
    if isinstance(picked, tuple) and len(picked) == 2:
        start, end = picked
    keep("period", [start.isoformat(), end.isoformat()])
    return start, end


def _within(texts: Sequence[str], first: date, last: date) -> tuple[date, date]:
    """The days of an address, cut to the span of the data; all of it where none of them is in."""
    days = sorted(day for text in texts if (day := day_of(text)) is not None)
    if not days or days[0] > last or (len(days) > 1 and days[-1] < first):
        return first, last
    return max(days[0], first), min(days[-1], last) if len(days) > 1 else last


def _channels(choices: Choices, language: str) -> tuple[str, ...]:
    if len(choices.channels) < 2:
        _note_unknown("channel", choices.channels, ())
        return ()
    picked = st.multiselect(
        t("filter.channel", language),
        choices.channels,
        default=[channel for channel in kept("channel") if channel in choices.channels],
        format_func=lambda channel: channel_name(channel, language),
        key=widget_key("channel", language),
        placeholder=t("filter.all_channels", language),
        width=220,
    )
    _note_unknown("channel", choices.channels, picked)
    keep("channel", picked)
    return tuple(picked)


def _campaigns(choices: Choices, language: str) -> tuple[str, ...]:
    if len(choices.campaigns) < 2:
        _note_unknown("campaign", choices.campaigns, ())
        return ()
    # One that the list has no room for is entered from a table, or by a link.
    more = kept("campaign") if choices.more_campaigns else []
    options = tuple(dict.fromkeys((*choices.campaigns, *more)))
    count = len(choices.campaigns)
    picked = st.multiselect(
        t("filter.campaign", language),
        options,
        default=[name for name in kept("campaign") if name in options],
        format_func=_short,
        key=widget_key("campaign", language),
        placeholder=t("filter.all_campaigns", language),
        help=t("filter.more_campaigns", language, count=count) if choices.more_campaigns else None,
        width=220,
    )
    _note_unknown("campaign", options, picked)
    keep("campaign", picked)
    return tuple(picked)


def _note_unknown(name: str, known: Sequence[str], picked: Sequence[str]) -> None:
    unknown = [one for one in kept(name) if one not in known]
    if unknown:
        missed(name, unknown, tuple(picked))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
