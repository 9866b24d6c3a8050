"""Time zones on the upload page: asked where times of different zones stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from crm_metrics.mapping.zones import UTC, zones
from crm_metrics.store import Dataset, Times, differ
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.together_view import wording
from crm_metrics.ui.words import dataset_name

_MOST_ASKED: Final = 6


def time_zones(language: str, datasets: Sequence[Dataset]) -> None:
    """The zone of the report and of files that do not say theirs; nothing where all agree."""
    together = workspace().together
    times = together.times()
    chosen = together.choices.zones
    if not differ(times) and chosen.report is None:
        return
    title = t("zones.title", language)
    folded = st.expander(title, icon=":material/schedule:", on_change="rerun", key="time_zones")
    if not folded.open:
        return
    with folded:
        st.caption(t("zones.lead", language))
        for line in zone_lines(language):
            st.markdown(line)
        options = ["", *_options(times)]
        st.selectbox(
            t("zones.report", language),
            options,
            index=options.index(chosen.report) if chosen.report in options else 0,
            format_func=lambda zone: zone or t("zones.own", language),
            key=f"zone_report_{language}",
            on_change=boundary()(_settle_report),
            args=(f"zone_report_{language}",),
            width=380,
        )
        told = {one.fingerprint for one in chosen.told}
        unknown = {one.dataset for one in times if one.written is None}
        asked = [
            item
            for item in datasets
            if item.id in unknown or (item.mapping.fingerprint in told and item.facts)
        ]
        for item in asked[:_MOST_ASKED]:
            _ask(item, options[1:], language)


def zone_lines(language: str) -> list[str]:
    """In which zones times stand, where these differ or were moved; safe as markdown."""
    space = workspace()
    times = space.together.times()
    if not differ(times) and not any(one.shown for one in times):
        return []
    return list(wording().zone_texts(space.datasets(), times, language, esc))


def times_words(grain: str, language: str) -> str:
    """In which zone the times of a kind of rows stand, in a few words; safe as markdown."""
    space = workspace()
    own = {item.id for item in space.datasets() if item.facts and item.facts.grain == grain}
    times = space.together.times()
    found = {one.shown or one.written for one in times if one.dataset in own}
    known = sorted(zone for zone in found if zone)
    if not known:
        return t("zones.as_written", language)
    key = "zones.one" if len(found) == 1 else "zones.several"
    return t(key, language, zone=esc(", ".join(known), limit=120))


def zone_words(dataset: Dataset, language: str) -> str:
    """The zone of a data set's times for its card; "" where it has none or nothing is known."""
    own = next((one for one in workspace().together.times() if one.dataset == dataset.id), None)
    if own is None:
        return ""
    if own.shown and own.written and own.shown != own.written:
        return t("zones.moved_from", language, zone=own.written, shown=own.shown)
    if own.written:
        return t("zones.written", language, zone=own.written)
    is_asked = workspace().together.choices.zones.report is not None
    return t("zones.stay", language) if is_asked else ""


def _options(times: Sequence[Times]) -> list[str]:
    """The zones at hand first: the browser's and those of the files; then every one by name."""
    known = {one.written for one in times} - {None}
    browser = st.context.timezone
    own = [browser] if browser and browser in zones().values() else []
    first = [*own, UTC, *sorted(zone for zone in known if zone)]
    return list(dict.fromkeys([*first, *sorted(zones().values())]))


def _ask(dataset: Dataset, options: Sequence[str], language: str) -> None:
    chosen = workspace().together.choices.zones.told
    own = next((o.zone for o in chosen if o.fingerprint == dataset.mapping.fingerprint), None)
    widget = f"zone_{dataset.id}_{language}"
    st.selectbox(
        t("zones.unknown", language, name=esc(dataset_name(dataset), limit=80)),
        options,
        index=options.index(own) if own in options else None,
        placeholder=t("zones.choose", language),
        key=widget,
        on_change=boundary()(_settle_zone),
        args=(dataset.mapping.fingerprint, widget),
        width=380,
    )


def _settle_report(widget: str) -> None:
    space = workspace()
    zone = st.session_state[widget] or None
    space.set_zones(replace(space.together.choices.zones, report=zone))


def _settle_zone(fingerprint: str, widget: str) -> None:
    space = workspace()
    chosen = space.together.choices.zones
    space.set_zones(chosen.with_zone(fingerprint, st.session_state[widget]))
