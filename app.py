"""The shell: page configuration, language, navigation and the error boundary around a page."""

from __future__ import annotations

import streamlit as st

from crm_metrics.ui.shell import boundary, build_navigation, choose_language, open_shell

st.set_page_config(page_title="CRM Metrics", page_icon=":material/insights:", layout="wide")
open_shell()
page = build_navigation(choose_language())
with boundary():
    page.run()
