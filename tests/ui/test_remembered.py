"""What is kept from rerun to rerun by its content."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.ui.remembered import remembered

asked: list[int] = []


def sums(frame: pd.DataFrame, *, times: int) -> dict[str, float]:
    asked.append(times)
    return {name: float(frame[name].sum()) * times for name in frame.columns}


def test_what_is_made_of_the_same_content_is_made_once_and_nobody_spoils_it_for_others() -> None:
    st.cache_data.clear()
    asked.clear()
    frame = pd.DataFrame({"n": range(100_000)})
    first = remembered(sums, frame, times=2)
    first["n"] = -1.0
    assert remembered(sums, frame.copy(), times=2) == {"n": 9_999_900_000.0}
    assert asked == [2]
    # A single cell of many, or another argument, is another content.
    frame.loc[77_777, "n"] += 1
    assert remembered(sums, frame, times=2) == {"n": 9_999_900_002.0}
    assert remembered(sums, frame, times=3) == {"n": 14_999_850_003.0}
    assert asked == [2, 2, 3]
