"""Segments on the pages: made, chosen, kept in the address, changed, removed, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.metrics.segments.keeping import read_segments, segments_file, write_segments
from crm_metrics.metrics.segments.segment import Rule, Segment
from crm_metrics.store import Workspace
from crm_metrics.texts import t

RUGS = Segment("Rugs", (Rule("orders", "category", "any", "is", ("Rugs",)),))


@pytest.fixture
def shop(home: Path, tmp_path: Path) -> Path:
    orders = pd.DataFrame(
        {
            "Order ID": range(1, 41),
            "Order date": pd.date_range("2026-05-01", periods=40).strftime("%Y-%m-%d"),
            "Customer ID": [f"C{n % 10}" if n else "" for n in range(40)],
            "Amount": 100,
            "Category": ["Rugs" if n % 10 < 3 else "Lamps" for n in range(40)],
        }
    )
    posts = pd.DataFrame(
        {
            "Post ID": ["1", "2"],
            "Publish time": ["2026-05-02", "2026-05-03"],
            "Reach": [10, 20],
            "Likes": [1, 2],
        }
    )
    for frame, name in ((orders, "orders.csv"), (posts, "posts.csv")):
        frame.to_csv(tmp_path / name, index=False)
        Workspace(home).add(tmp_path / name, name)
    return home


def said(at: AppTest) -> str:
    parts = (*at.markdown, *at.caption, *at.info, *at.warning)
    return "\n".join(one.value for one in parts).replace("\\", "").replace("\u00a0", " ")


def field(at: AppTest, kind: str, start: str):
    return next(one for one in getattr(at, kind) if (one.key or "").startswith(start))


def in_address(at: AppTest) -> list[str]:
    found = at.query_params["segment"]
    return [found] if isinstance(found, str) else found


def checked(at: AppTest) -> AppTest:
    assert not at.exception
    assert not at.error, [one.value for one in at.error]
    return at


def test_a_segment_is_made_filters_every_page_is_renamed_and_removed(
    open_app: Callable[..., AppTest], shop: Path
):
    at = checked(open_app("customers"))
    checked(at.button(key="segment_new").click().run())
    assert at.button(key="segment_save").disabled
    field(at, "text_input", "segment_name").set_value("Rug lovers")
    field(at, "selectbox", "segment_what").set_value("orders|category|any")
    checked(at.run())
    assert t("segments.rule_open", "en", number=1) in said(at)
    words = field(at, "multiselect", "segment_words")
    assert set(words.options) == {"Rugs", "Lamps"}
    words.set_value(["Rugs"])
    checked(at.run())
    assert "3 people of 10 (30.0%). 1 row carries no person and is outside." in said(at)
    checked(field(at, "button", "segment_add").click().run())
    assert "1: 3 left → 2: 3 left" in said(at)
    checked(at.button(key="segment_save").click().run())
    (kept,) = read_segments(shop)
    assert (kept.name, len(kept.rules)) == ("Rug lovers", 2)
    assert in_address(at) == ["Rug lovers"]
    assert "3 people of 10" in said(at)
    revenue = {one.label: one.value for one in at.metric}
    for page in ("channels", "findings"):
        at.query_params.clear()  # as by a link of the navigation
        checked(at.switch_page(f"pages/{page}.py").run())
        assert in_address(at) == ["Rug lovers"]
        assert "3 people of 10" in said(at)
        assert "posts" in said(at)  # outside, and said
    checked(at.switch_page("pages/experiments.py").run())
    assert t("segments.not_here", "en", name="Rug lovers") in said(at)
    checked(at.switch_page("pages/findings.py").run())
    at.session_state["lang"] = "ru"
    checked(at.run())
    assert "3 человека из 10 (30,0 %)" in said(at)
    checked(at.button(key="segment_edit").click().run())
    field(at, "text_input", "segment_name").set_value("Ковры")
    checked(at.run())
    checked(at.button(key="segment_save").click().run())
    assert [one.name for one in read_segments(shop)] == ["Ковры"]
    assert in_address(at) == ["Ковры"]
    checked(at.button(key="segment_edit").click().run())
    checked(at.button(key="segment_delete").click().run())
    assert read_segments(shop) == ()
    assert "segment" not in at.query_params
    assert "3 человека" not in said(at)
    assert revenue


def test_what_was_typed_of_a_segment_outlives_a_switch_of_the_language(
    open_app: Callable[..., AppTest], shop: Path
):
    at = checked(open_app("customers"))
    checked(at.button(key="segment_new").click().run())
    field(at, "text_input", "segment_name").set_value("Rug lovers")
    field(at, "selectbox", "segment_what").set_value("orders|category|any")
    checked(at.run())
    field(at, "multiselect", "segment_words").set_value(["Rugs"])
    checked(at.run())
    at.session_state["lang"] = "ru"
    checked(at.run())
    assert "3 человека из 10 (30,0 %)" in said(at)
    assert field(at, "text_input", "segment_name").value == "Rug lovers"
    assert field(at, "multiselect", "segment_words").value == ["Rugs"]
    checked(at.button(key="segment_afresh").click().run())
    assert field(at, "text_input", "segment_name").value == ""
    assert read_segments(shop) == ()


def test_segments_are_taken_from_a_file_of_rules(open_app: Callable[..., AppTest], shop: Path):
    at = checked(open_app("customers"))
    checked(at.button(key="segment_new").click().run())
    (file,) = at.file_uploader
    file.upload("rules.json", segments_file([RUGS]), "application/json")
    checked(at.run())
    assert read_segments(shop) == (RUGS,)
    assert in_address(at) == ["Rugs"]
    checked(at.button(key="segment_new").click().run())
    (file,) = at.file_uploader
    file.upload("other.json", b"{}", "application/json")
    at.run()
    assert [one.value for one in at.error]
    assert read_segments(shop) == (RUGS,)


def test_a_link_names_a_segment_that_is_not_there(open_app, shop):
    write_segments(shop, (RUGS,))
    at = open_app()
    at.query_params["segment"] = "Nobody"
    at = checked(at.switch_page("pages/customers.py").run())
    assert t("filter.made_missed", "en", names="Nobody") in said(at)
    assert "people of 10" not in said(at)
    field(at, "selectbox", "made_segment").set_value("Rugs")
    checked(at.run())
    assert t("filter.made_missed", "en", names="Nobody") not in said(at)
    assert in_address(at) == ["Rugs"]
    assert "3 people of 10" in said(at)


def test_an_empty_segment_says_which_rule_leaves_nobody(open_app, shop):
    many = Rule("orders", "rows", "count", "more", ("99",))
    gone = Rule("surveys", "score", "last", "at_most", ("6",))
    write_segments(shop, (Segment("None", (RUGS.rules[0], many)), Segment("Gone", (gone,))))
    at = open_app()
    at.query_params["segment"] = "None"
    at = checked(at.switch_page("pages/channels.py").run())
    assert "0 people of 10" in said(at)
    assert t("segments.nobody_meets", "en", rule="Orders: number more than 99") in said(at)
    field(at, "selectbox", "made_segment").set_value("Gone")
    checked(at.run())
    assert t("segments.why.no_rows", "en") in said(at)


def test_the_list_is_masked_unless_it_is_asked_for_open(open_app, shop):
    write_segments(shop, (RUGS,))
    at = open_app()
    at.query_params["segment"] = "Rugs"
    at = checked(at.switch_page("pages/customers.py").run())
    assert not at.checkbox(key="segment_list_open").value


def test_without_people_there_is_no_choice_of_segments(open_app, home, tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("Post ID,Publish time,Reach,Likes\n1,2026-05-02,10,1\n2,2026-05-03,20,2\n")
    Workspace(home).add(path, path.name)
    write_segments(home, (RUGS,))
    at = open_app()
    at.query_params["segment"] = "Rugs"
    at = checked(at.switch_page("pages/channels.py").run())
    assert "segment_new" not in {one.key for one in at.button}
    assert t("filter.made_missed", "en", names="Rugs") in said(at)
