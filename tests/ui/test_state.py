from __future__ import annotations

import gc
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.store import Workspace, default_folder
from crm_metrics.ui import cached, samples
from tests.ui.conftest import DATA, ROOT
from tests.ui.test_upload_page import POSTS, drop

REACH = """
import streamlit as st

from crm_metrics.metrics.model import Filters
from crm_metrics.ui.cached import compute

result = compute(("reach",), filters=Filters(channels=("social",)))
st.markdown(str(result.values[0].value))
"""

NOTHING = """
from crm_metrics.ui.cached import asked
from tests.ui.test_state import nothing

asked(nothing)
"""
times_asked: list[object] = []


def nothing(engine: object) -> None:
    times_asked.append(engine)


def opened() -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    at.context = {"locale": "en-US"}
    return at.run()


def headings(at: AppTest) -> list[str]:
    return [item.value for item in at.subheader]


def test_on_ones_own_machine_a_new_session_finds_the_data(home):
    drop(opened(), ("posts.csv", POSTS.encode()))
    assert headings(opened()) == [r"posts.csv"]


def test_on_a_shared_server_nobody_sees_the_data_of_another(home, monkeypatch):
    monkeypatch.setenv("CRM_METRICS_MODE", "shared")
    mine, yours = opened(), opened()
    mine = drop(mine, ("posts.csv", POSTS.encode()))
    assert headings(mine) == ["posts.csv"]
    assert headings(yours.run()) == []
    assert not home.exists() or not Workspace(default_folder()).datasets()


def test_on_a_shared_server_the_data_go_with_the_session(home, monkeypatch):
    monkeypatch.setenv("CRM_METRICS_MODE", "shared")
    at = drop(opened(), ("posts.csv", POSTS.encode()))
    folder = Path(at.session_state["_workspace"].folder)
    assert any(folder.rglob("*.parquet"))
    del at
    gc.collect()
    assert not folder.exists()


def test_a_result_is_kept_until_the_data_change(home, monkeypatch: pytest.MonkeyPatch):
    asked = []
    original = cached.compute_metrics

    def counted(engine, keys, **options):
        asked.append(keys)
        return original(engine, keys, **options)

    monkeypatch.setattr(cached, "compute_metrics", counted)

    space = Workspace(default_folder())
    space.add(DATA / "facebook_posts.csv", "facebook_posts.csv")
    at = AppTest.from_string(REACH, default_timeout=30).run()
    first = at.markdown[0].value
    assert at.run().markdown[0].value == first
    assert asked == [("reach",)]
    (dataset,) = space.datasets()
    reach, impressions = dataset.mapping.fields["reach"], dataset.mapping.fields["impressions"]
    space.set_mapping(dataset.id, dataset.mapping.with_field(impressions.column, "reach"))
    assert reach.column != impressions.column
    assert at.run().markdown[0].value != first
    assert len(asked) == 2


def test_that_there_is_nothing_is_remembered_too(home):
    times_asked.clear()
    at = AppTest.from_string(NOTHING, default_timeout=30).run()
    assert not at.run().exception
    assert len(times_asked) == 1


def test_every_sample_file_is_read_without_a_question(home):
    space = Workspace(default_folder())
    for path in samples.sample_files():
        space.add(path, path.name)
    assert all(samples.is_sample(item) for item in space.datasets())
    assert [item.table.file_name for item in space.datasets() if item.facts is None] == []
