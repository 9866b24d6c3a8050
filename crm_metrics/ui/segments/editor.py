"""The editor of a segment: rules in rows, how many people they leave, save, rename, delete."""

from __future__ import annotations

from typing import cast

import streamlit as st

from crm_metrics.findings.segments import after_text, counted_back, doubt_texts, size_text
from crm_metrics.metrics.segments.keeping import (
    read_segments,
    segments_file,
    segments_in,
    write_segments,
)
from crm_metrics.metrics.segments.membership import size_of
from crm_metrics.metrics.segments.offering import Property, offered
from crm_metrics.metrics.segments.segment import (
    Match,
    Rule,
    Segment,
    with_segment,
    without_segment,
)
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.address import choose_segment
from crm_metrics.ui.escape import esc
from crm_metrics.ui.segments.draft import Draft, afresh, draft, leave, put_aside
from crm_metrics.ui.segments.rule_row import rule_row
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import main_label

_NAME = 80


def editor(language: str) -> None:
    """Draw the dialog while a segment is being made, and say what was done when it was left."""
    if said := st.session_state.pop("_segment_said", None):
        st.toast(said, icon=":material/check:")
    if draft() is None:
        return
    title = t("segments.editor", language)
    st.dialog(title, width="large", on_dismiss=put_aside)(_inside)(language)


def _inside(language: str) -> None:
    one = draft()
    if one is None:
        return
    with boundary():
        one.resume(language)
        st.caption(t("segments.lead", language))
        name, match = _head(one, language)
        properties = cached.asked(offered)
        rules = _rules(one, properties, language)
        one.name, one.match, one.said = name, match, rules
        known = tuple(rule for rule in rules.values() if rule is not None)
        if known:
            _count(Segment("-", known, match), language)
        for place, rule in enumerate(rules.values(), 1):
            if rule is None:
                st.caption(t("segments.rule_open", language, number=place))
        _ways_out(one, Segment(name, known, match), language)


def _head(one: Draft, language: str) -> tuple[str, Match]:
    key = f"{one.turn}_{language}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("segments.name", language),
            value=one.name,
            max_chars=_NAME,
            placeholder=t("segments.name_example", language),
            key=f"segment_name_{key}",
            width=320,
        )
        options = ("all", "any")
        match = st.segmented_control(
            t("segments.match", language),
            options,
            default=one.match,
            format_func=lambda which: t(f"segments.match_{which}", language),
            key=f"segment_match_{key}",
            required=True,
        )
    return (name or "").strip(), cast("Match", match or "all")


def _rules(one: Draft, properties: tuple[Property, ...], language: str) -> dict[int, Rule | None]:
    found = {}
    for place, (row, begun) in enumerate(list(one.rules.items()), 1):
        found[row] = rule_row(
            begun,
            properties,
            language,
            key=f"{one.turn}_{row}",
            place=place,
            of=len(one.rules),
            remove=one.remove,
            row=row,
        )
    st.button(
        t("segments.add", language),
        icon=":material/add:",
        type="tertiary",
        key=f"segment_add_{one.turn}",
        on_click=one.add,
    )
    return found


def _count(segment: Segment, language: str) -> None:
    """How many people there are, and how many after each rule."""
    size = cached.asked(size_of, segment)
    st.markdown(f"**{esc(size_text(size, language))}**")
    if len(segment.rules) > 1:
        steps = (
            f"{place + 1}: {after_text(size, place, segment.match, language)}"
            for place in range(len(segment.rules))
        )
        st.caption(esc(" → ".join(steps)))
    for line in doubt_texts(segment, size, language):
        st.warning(esc(line, limit=400), icon=":material/filter_alt_off:")
    if back := counted_back(segment, size, language):
        st.caption(esc(back))


def _ways_out(one: Draft, segment: Segment, language: str) -> None:
    unready = not segment.rules or not segment.name
    with st.container(horizontal=True):
        save = st.button(
            main_label(t("segments.save", language), ":material/check:", plain=unready),
            type="primary",
            disabled=unready,
            key="segment_save",
            help=None if segment.name else t("segments.save_help", language),
        )
        delete = one.begun is not None and st.button(
            t("segments.delete", language), icon=":material/delete:", key="segment_delete"
        )
        if one.is_touched:
            st.button(
                t("segments.afresh", language),
                icon=":material/restart_alt:",
                type="tertiary",
                key="segment_afresh",
                on_click=afresh,
                args=(one.begun,),
            )
        if one.begun is not None:
            st.download_button(
                t("segments.download_rules", language),
                data=lambda: segments_file(read_segments(workspace().folder)),
                file_name="segments.json",
                mime="application/json",
                key="segments_download",
                icon=":material/download:",
                on_click="ignore",
            )
    folder = workspace().folder
    if save:
        begun = one.begun.name if one.begun else None
        write_segments(folder, with_segment(read_segments(folder), segment, instead=begun))
        _done("segments.saved", segment.name, segment.name, language)
    elif delete and one.begun is not None:
        write_segments(folder, without_segment(read_segments(folder), one.begun.name))
        _done("segments.deleted", one.begun.name, None, language)
    _upload(one, language)


def _upload(one: Draft, language: str) -> None:
    """Take segments from a file of rules; the first of them is chosen."""
    file = st.file_uploader(
        t("segments.upload", language),
        type=["json", "toml"],
        max_upload_size=1,
        key=f"segments_file_{one.turn}",
    )
    if file is None:
        return
    found = segments_in(file.getvalue(), file=file.name)
    folder = workspace().folder
    kept = read_segments(folder)
    for segment in found:
        kept = with_segment(kept, segment)
    write_segments(folder, kept)
    code = "segments.loaded" if len(found) > 1 else "segments.saved"
    _done(code, ", ".join(segment.name for segment in found), found[0].name, language)


def _done(code: str, name: str, chosen: str | None, language: str) -> None:
    """Close the dialog, and filter by the segment that was saved."""
    choose_segment(chosen)
    st.session_state["_segment_said"] = t(code, language, name=esc(name, limit=80))
    leave()
    st.rerun()
