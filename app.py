"""The shell: page configuration, language, navigation and the error boundary around a page."""

from __future__ import annotations

import streamlit as st

from crm_metrics.ui.address import arrive
from crm_metrics.ui.shell import ICON, boundary, build_navigation, choose_language, shell
from crm_metrics.ui.upload.reading import reading_line

# A file of our own: a named icon would be asked of a font server on the internet.
st.set_page_config(page_title="CRM Metrics", page_icon=str(ICON), layout="wide")
language = choose_language()
page = build_navigation(language)
arrive(page.url_path)
with shell(), boundary():
    # The upload page says in full what is being read.
    if page.url_path not in {"", "start", "upload"}:
        reading_line(language)
    page.run()
