"""The parts of the upload page: the drop zone, the sample, the way on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.store import Dataset
from crm_metrics.texts import period_text, t
from crm_metrics.ui.adding import add_uploads
from crm_metrics.ui.escape import esc
from crm_metrics.ui.samples import drop_samples, is_sample, load_samples
from crm_metrics.ui.shell import boundary, open_page
from crm_metrics.ui.state import shared_mode
from crm_metrics.ui.widgets import main_label


def opening(language: str) -> None:
    """What the product does, in a sentence, and where the data stay."""
    st.title(t("upload.title", language))
    st.markdown(t("upload.promise", language))
    place = "upload.stay_shared" if shared_mode() else "upload.stay_local"
    st.caption(f":material/lock: {t(place, language)}")


def ways_in(language: str, datasets: Sequence[Dataset]) -> None:
    """The drop zone and "Try sample data", side by side."""
    left, right = st.columns([2, 1], gap="medium")
    with left.container(border=True, height="stretch"):
        st.markdown(f"**{t('upload.own', language)}**")
        _drop_zone(language)
        st.caption(t("upload.formats", language))
    with right.container(border=True, height="stretch"):
        st.markdown(f"**{t('upload.sample', language)}**")
        st.caption(t("upload.sample_help", language))
        st.space("stretch")
        _sample_button(language, datasets)


def way_on(language: str, datasets: Sequence[Dataset]) -> None:
    """How much there is now, over which period, and the next step."""
    waiting = [
        item
        for item in datasets
        if (item.facts is None or item.mapping.rivals) and not item.mapping.left_out
    ]
    periods = [item.facts.period for item in datasets if item.facts and item.facts.period]
    sentence = t("upload.have", language, count=len(datasets))
    if periods:
        whole = (min(first for first, _ in periods), max(last for _, last in periods))
        sentence += f" · {esc(period_text(whole, language))}"
    if waiting:
        sentence += f" · {t('upload.waiting', language, count=len(waiting))}"
    st.header(sentence, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            main_label(
                t("upload.to_columns", language), ":material/view_column:", plain=not waiting
            ),
            type="primary" if waiting else "secondary",
            key="to_columns",
        ):
            if waiting:
                st.session_state["dataset"] = waiting[0].id
            open_page("columns")
        if any(item.facts for item in datasets) and st.button(
            main_label(
                t("upload.to_channels", language), ":material/bar_chart:", plain=bool(waiting)
            ),
            type="secondary" if waiting else "primary",
            key="to_channels",
        ):
            open_page("channels")
        _samples_beside_own(language, datasets)


def _drop_zone(language: str) -> None:
    turn = st.session_state.setdefault("_upload_turn", 0)
    uploads = st.file_uploader(
        t("upload.drop", language),
        accept_multiple_files=True,
        key=f"upload_{turn}",
    )
    if uploads:
        # A new key empties the widget: the files are on disk and out of memory by then.
        st.session_state["_upload_turn"] = turn + 1
        add_uploads(uploads)
        st.rerun()


def _sample_button(language: str, datasets: Sequence[Dataset]) -> None:
    there = any(is_sample(item) for item in datasets)
    if st.button(
        main_label(
            t("upload.try_sample", language), ":material/play_arrow:", plain=there or bool(datasets)
        ),
        type="secondary" if datasets else "primary",
        disabled=there,
        key="try_sample",
        width="stretch",
    ):
        load_samples()
        st.rerun()


def _samples_beside_own(language: str, datasets: Sequence[Dataset]) -> None:
    samples = sum(is_sample(item) for item in datasets)
    if samples == 0:
        return
    mixed = samples < len(datasets)
    st.space("stretch")
    st.caption(t("upload.mixed" if mixed else "upload.only_sample", language), width="content")
    st.button(
        t("upload.drop_sample", language),
        icon=":material/delete_sweep:",
        key="drop_sample",
        on_click=boundary()(drop_samples),
    )
