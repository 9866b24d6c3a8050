import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.columns.constants import constants
from crm_metrics.ui.columns.edits_bar import edits_bar
from crm_metrics.ui.columns.export_choice import export_choice
from crm_metrics.ui.columns.survey_questions import survey_questions
from crm_metrics.ui.columns.table_choice import choose_dataset, left_out
from crm_metrics.ui.columns.templates import templates, templates_alone
from crm_metrics.ui.columns.unlocks import unlocked
from crm_metrics.ui.columns.value_meanings import value_meanings
from crm_metrics.ui.columns.view import all_columns, doubts, understood
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("columns.title", language))
datasets = workspace().datasets()
if not datasets:
    empty_state(language, "columns.question", ("columns.need",))
    with boundary():
        templates_alone(language)
    st.stop()

dataset = choose_dataset(datasets, language)
if dataset.mapping.left_out:
    left_out(dataset, language)
    st.stop()
parts = (
    *(understood, export_choice, templates, doubts),
    *(survey_questions, value_meanings, all_columns, constants, edits_bar, unlocked),
)
for part in parts:
    # Each in a place of its own, so that one that grows does not take the focus from another.
    with st.container(), boundary():
        part(dataset, language)
