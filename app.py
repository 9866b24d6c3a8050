"""The shell: page configuration, language, navigation and the error boundary around a page."""

from __future__ import annotations

import streamlit as st

from crm_metrics.ui.shell import ICON, boundary, build_navigation, choose_language, shell

# A file of our own: a named icon would be asked of a font server on the internet.
st.set_page_config(page_title="CRM Metrics", page_icon=str(ICON), layout="wide")
page = build_navigation(choose_language())
with shell(), boundary():
    page.run()
