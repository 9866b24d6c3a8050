"""A file with a password: its sentence, a field for the password, and the way to leave it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.adding import answer, reading_room
from crm_metrics.ui.escape import esc
from crm_metrics.ui.jobs import Item
from crm_metrics.ui.widgets import main_label


def ask_password(item: Item, language: str) -> None:
    """Ask for the password of a locked file; it is used once and kept nowhere."""
    name = esc(item.task.name, limit=120)
    wrong = item.error is not None and item.error.code == "wrong_password"
    with st.container(border=True, key=f"locked_{item.id}"):
        st.markdown(f":material/lock: {t('password.asked', language, name=name)}")
        if wrong:
            st.error(t("password.wrong", language), icon=":material/error:")
        with st.form(f"password_form_{item.id}", clear_on_submit=True, border=False):
            password = st.text_input(
                t("password.label", language),
                type="password",
                key=f"password_{item.id}",
                autocomplete="off",
                width=400,
            )
            st.caption(t("password.help", language))
            with st.container(horizontal=True):
                opened = st.form_submit_button(
                    main_label(t("password.open", language)), type="primary", key=f"open_{item.id}"
                )
                left = st.form_submit_button(t("password.leave", language), key=f"leave_{item.id}")
        if left:
            reading_room().dismiss([item.id])
            st.rerun()
        if opened and password:
            answer(item.id, password)
            st.rerun()
