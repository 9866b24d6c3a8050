"""Mapping templates on the columns page: how this file differs, save, apply, send, bring in."""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from functools import partial
from typing import Final

import streamlit as st

from crm_metrics.mapping.templates.file import LARGEST
from crm_metrics.store import Dataset
from crm_metrics.store.templates import Kept
from crm_metrics.texts import date_text, t
from crm_metrics.ui import draft
from crm_metrics.ui.columns import template_actions
from crm_metrics.ui.columns.column_edits import suggest_anew
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import workspace
from crm_metrics.ui.upload.missed_columns import missed
from crm_metrics.ui.widgets import main_label

_NOT_IN_A_NAME: Final = re.compile(r"[^\w .()+-]+")
_LONGEST: Final = 80


def templates(dataset: Dataset, language: str) -> None:
    """What the template that was applied misses in this file, and everything about templates."""
    missed(draft.draft_of(dataset), language)
    _told(language)
    part = st.expander(
        t("templates.title", language),
        icon=":material/bookmark:",
        on_change="rerun",
        key=f"templates_{dataset.id}",
    )
    if part.open:
        with part:
            st.caption(t("templates.help", language))
            if draft.draft_of(dataset).applied:
                st.button(
                    t("templates.off", language),
                    key="template_off",
                    icon=":material/bookmark_remove:",
                    on_click=suggest_anew,
                    args=(dataset.id,),
                )
            _save(dataset, language)
            _kept(dataset.id, language)
            _bring_in(language)


def templates_alone(language: str) -> None:
    """The templates where there is no table yet."""
    _told(language)
    part = st.expander(
        t("templates.title", language),
        icon=":material/bookmark:",
        on_change="rerun",
        key="templates_alone",
    )
    if part.open:
        with part:
            st.caption(t("templates.help", language))
            _kept(None, language)
            _bring_in(language)


def _told(language: str) -> None:
    done = template_actions.told()
    if done:
        what, name = done
        st.toast(t(f"templates.{what}", language, name=esc(name)), icon=":material/check:")


def _save(dataset: Dataset, language: str) -> None:
    now = draft.draft_of(dataset)
    key = f"template_name_{dataset.id}"
    if now.applied and now.applied.name:
        st.session_state.setdefault(key, now.applied.name)
    edits = draft.changed(dataset)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("templates.name", language),
            key=key,
            max_chars=_LONGEST,
            placeholder=t("templates.name_example", language),
            persist_state="session",
            width=320,
        )
        st.button(
            t("templates.save_edits" if edits else "templates.save", language),
            key="template_save",
            icon=":material/bookmark_add:",
            disabled=now.grain is None or bool(now.unmet),
            on_click=template_actions.save,
            args=(dataset.id, key),
        )
    if name := template_actions.taken_name(dataset.id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(t("templates.replace_sure", language, name=esc(name)), width="content")
            st.button(
                main_label(t("templates.replace_yes", language)),
                key="template_replace",
                type="primary",
                on_click=template_actions.replace_taken,
                args=(dataset.id,),
            )
            st.button(
                t("templates.replace_no", language),
                key="template_leave",
                on_click=template_actions.leave_taken,
                args=(dataset.id,),
            )


def _kept(dataset_id: str | None, language: str) -> None:
    """The saved templates: apply one, download, rename or remove it."""
    kept = {item.id: item for item in workspace().templates.named()}
    if not kept:
        return
    if st.session_state.get("template_chosen") not in kept:
        st.session_state["template_chosen"] = next(iter(kept))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("templates.saved_ones", language, count=len(kept)),
            list(kept),
            format_func=lambda key: _title(kept, key, language),
            key="template_chosen",
            width=320,
        )
        if chosen not in kept:
            return
        if dataset_id is not None:
            st.button(
                t("templates.apply", language),
                key="template_apply",
                icon=":material/bookmark_check:",
                on_click=template_actions.apply,
                args=(dataset_id, chosen),
            )
        _one(kept[chosen], language)


def _one(item: Kept, language: str) -> None:
    name = item.template.name
    st.download_button(
        t("templates.download", language),
        data=partial(workspace().templates.export, item.id),
        file_name=f"{_NOT_IN_A_NAME.sub('_', name).strip('. ') or 'template'}.json",
        mime="application/json",
        key="template_download",
        icon=":material/download:",
        on_click="ignore",
    )
    with st.popover(t("templates.rename", language), icon=":material/edit:"):
        key = f"template_new_name_{item.id}"
        st.session_state.setdefault(key, name)
        st.text_input(t("templates.rename_to", language), key=key, max_chars=_LONGEST)
        st.button(
            t("templates.rename_yes", language),
            key="template_rename",
            on_click=template_actions.rename,
            args=(item.id, key),
        )
    with st.popover(t("templates.remove", language), icon=":material/delete:"):
        st.markdown(t("templates.remove_sure", language, name=esc(name)))
        st.button(
            main_label(t("templates.remove_yes", language)),
            key="template_remove",
            type="primary",
            on_click=template_actions.remove,
            args=(item.id,),
        )


def _bring_in(language: str) -> None:
    key = f"template_files_{template_actions.turn()}"
    st.file_uploader(
        t("templates.bring_in", language),
        accept_multiple_files=True,
        max_upload_size=LARGEST // 1024**2,
        key=key,
        on_change=template_actions.bring_in,
        args=(key,),
    )


def _title(kept: Lookup[str, Kept], key: str, language: str) -> str:
    # The browser may still hold one that another window removed.
    if key not in kept:
        return ""
    template = kept[key].template
    saved = date_text(template.created, language)
    return t("templates.one", language, name=template.name, saved=saved)
