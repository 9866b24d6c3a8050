"""The lists of values that categories may have, typed by a person for the check of them."""

from __future__ import annotations

import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.chosen import Chosen, read_chosen, with_list, write_chosen
from crm_metrics.audit.lists import GRAINS, listable, values_in
from crm_metrics.texts import t
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.words import field_word


def allowed_values(found: Audit, chosen: Chosen, language: str, *, turn: int) -> None:
    """Draw a field to choose and its list of values, one a line; an empty list is none.

    In another `turn` what was typed before is forgotten.
    """
    fields = dict.fromkeys(
        name for grain in GRAINS if grain in found.rows for name in listable(grain)
    )
    if not fields:
        return
    st.header(t("audit.lists_title", language))
    st.markdown(t("audit.lists_lead", language))
    listed = [name for name in chosen.lists if name in fields]
    order = [*listed, *(name for name in fields if name not in listed)]
    field = st.selectbox(
        t("audit.lists_field", language),
        order,
        format_func=lambda name: field_word(name, language),
        key=f"audit_list_field_{language}",
        width=330,
    )
    key = f"audit_list_{field}_{language}_{turn}"
    st.text_area(
        t("audit.lists_values", language),
        value="\n".join(chosen.lists.get(field, ())),
        key=key,
        width=660,
        on_change=boundary()(_keep),
        args=(field, key),
    )


def _keep(field: str, key: str) -> None:
    folder = workspace().folder
    values = values_in(str(st.session_state[key]).splitlines())
    write_chosen(folder, with_list(read_chosen(folder), field, values))
