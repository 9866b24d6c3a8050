from __future__ import annotations

from streamlit.testing.v1 import AppTest

CHOICE = """
import streamlit as st

from crm_metrics.ui.address import settle
from crm_metrics.ui.filters import one_of

options = st.session_state.get("data", ["reach"])
st.markdown(one_of("metric", "Metric", options, str, language="en"))
settle()
"""


def with_data(at: AppTest, *options: str) -> AppTest:
    at.session_state["data"] = list(options)
    return at.run()


def test_a_default_gives_way_when_more_data_come_and_a_choice_stays():
    at = AppTest.from_string(CHOICE).run()
    assert at.markdown[0].value == "reach"
    at = with_data(at, "clicks", "opens", "reach")
    assert (at.markdown[0].value, dict(at.query_params)) == ("clicks", {})
    at = at.selectbox[0].set_value("opens").run()
    at = with_data(at, "reach", "clicks", "opens")
    assert (at.markdown[0].value, dict(at.query_params)) == ("opens", {"metric": "opens"})
