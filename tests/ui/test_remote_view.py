"""A table of a connected data base: taken on the upload page, mapped, counted on Channels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from tests.store.remote.made import warehouse_file


def texts(at: AppTest) -> str:
    return "\n".join(str(item.value) for item in (*at.markdown, *at.caption, *at.error))


def test_a_table_is_taken_mapped_and_shown(
    open_app: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = warehouse_file(tmp_path)
    monkeypatch.setenv("CRM_METRICS_BACKEND", f"duckdb://{file}")
    at = open_app()
    at.session_state["remote_tables"] = True
    at.run()
    assert at.selectbox(key="remote_table").options == ["mails", 'odd "name";--', "shop.orders"]
    at.selectbox(key="remote_table").set_value("mails").run()
    at.button(key="remote_take").click().run()
    assert not at.exception
    (taken,) = Workspace(default_folder()).datasets()
    assert (taken.remote.table, taken.facts.rows) == ("mails", 1400)

    at.switch_page("pages/columns.py").run()
    words = {"table": "mails", "backend": "warehouse"}
    assert t("remote.sample", "en", **words) in texts(at)
    at.selectbox(key=f"grain_{taken.id}").set_value("recipients").run()
    assert not at.exception

    at.switch_page("pages/channels.py").run()
    assert not at.exception
    assert not at.error
    shown = "\n".join(item.value.to_csv() for item in (*at.dataframe, *at.table))
    # The latest month there is.
    with duckdb.connect(str(file), read_only=True) as connection:
        ((delivered,),) = connection.execute(
            'SELECT count(*) FROM mails WHERE "Delivered" AND month("Sent at") = 4'
        ).fetchall()
    assert f"={delivered}]" in shown.replace(" ", "").replace("\\", "").replace("\xa0", "")


def test_without_a_data_base_nothing_is_said_of_it(open_app, monkeypatch):
    monkeypatch.delenv("CRM_METRICS_BACKEND", raising=False)
    at = open_app()
    assert not any(one.label.startswith("Tables of") for one in at.expander)


def test_a_table_and_a_file_of_one_kind_are_said_to_add_up(
    open_app: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CRM_METRICS_BACKEND", f"duckdb://{warehouse_file(tmp_path)}")
    at = open_app()
    at.session_state["remote_tables"] = True
    at.run()
    at.selectbox(key="remote_table").set_value("mails").run()
    at.button(key="remote_take").click().run()
    (taken,) = Workspace(default_folder()).datasets()
    at.switch_page("pages/columns.py").run()
    at.selectbox(key=f"grain_{taken.id}").set_value("recipients").run()
    assert not any("add up" in item.value for item in at.info)
    path = tmp_path / "list.csv"
    path.write_text("Email,Campaign,Sent at,Delivered\na@x.org,Spring,2026-03-01,yes\n", "utf-8")
    space = Workspace(default_folder())
    (own,) = space.add(path, path.name)
    assert own.facts.grain == "recipients"
    at.switch_page("pages/upload.py").run()
    said = t("together.apart", "en", files="list.csv", tables="warehouse\\: mails")
    assert said in [item.value for item in at.info]
    at.switch_page("pages/channels.py").run()
    assert said in texts(at)
