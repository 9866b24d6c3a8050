"""Files that overlap, on the upload page: said, counted once, and taken back."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from tests.ui.test_upload_page import drop

HEADER = "Order ID,Date,Amount,Customer email\n"


def orders(*numbers: int, amount: int = 10) -> bytes:
    lines = (f"{n},2026-03-{n:02},{amount * n},anna{n}@example.com\n" for n in numbers)
    return (HEADER + "".join(lines)).encode()


def revenue() -> float:
    with Workspace(default_folder()).engine() as engine:
        return engine.table("orders").amount.sum().to_pyarrow().as_py()


def choose(at: AppTest, how: str) -> AppTest:
    (box,) = [item for item in at.selectbox if str(item.key).startswith("how_")]
    return box.set_value(how).run()


def said(at: AppTest) -> str:
    return " ".join(item.value for item in (*at.markdown, *at.warning))


def test_a_newer_version_replaces_the_older_and_this_is_taken_back(open_app, home):
    at = drop(open_app(), ("march 1.csv", orders(1, 2, 3, 4)))
    assert t("together.title", "en") not in [item.value for item in at.header]
    at = drop(at, ("march 2.csv", orders(1, 2, 3, 4, 5, 6)))
    assert not at.exception
    assert t("together.title", "en") in [item.value for item in at.header]
    assert re.search(r"march 2.csv.* looks like a newer version of .*march 1.csv", said(at))
    assert "4 the same, 0 changed, 0 gone, 2 new" in said(at)
    assert t("together.not_counted", "en") in said(at)
    assert revenue() == 210
    (found,) = Workspace(default_folder()).together.overlaps()
    assert found.how == "without_first"
    at = choose(at, "both")
    assert not at.exception
    assert revenue() == 310
    back = at.button(key=f"take_back_{'_'.join(found.pair)}")
    at = back.click().run()
    assert revenue() == 210
    assert not at.exception


def test_shared_records_are_shown_masked_and_in_both_languages(open_app, home):
    at = open_app(locale="ru-RU")
    at = drop(at, ("a_1.csv", orders(1, 2, 3, 4)), ("b_1.csv", orders(4, 5, 6, 7, 8)))
    assert not at.exception
    # Names stand in lists and tables as they are, not as markdown wants them.
    (box,) = [item for item in at.selectbox if str(item.key).startswith("how_")]
    assert "b_1.csv" in box.options[0]
    assert t("together.title", "ru") in [item.value for item in at.header]
    (found,) = Workspace(default_folder()).together.overlaps()
    at.session_state[f"shared_{'_'.join(found.pair)}"] = True
    at.run()
    assert not at.exception
    shown = at.dataframe[0].value
    assert set(shown.iloc[:, 0]) == {"a_1.csv", "b_1.csv"}
    assert "anna" not in shown.to_csv()
    assert t("together.download", "ru") in [item.label for item in at.download_button]
    at = at.switch_page("pages/channels.py").run(timeout=60)
    assert not at.exception


def test_numbers_of_two_shops_are_a_question(open_app, home):
    other = orders(1, 2, 3).replace(b"anna1", b"boris")
    other = other.replace(b"2026-03-02", b"2026-03-12").replace(b"2026-03-03", b"2026-03-13")
    at = drop(open_app(), ("one.csv", orders(1, 2, 3)), ("two.csv", other))
    (warning,) = at.warning
    assert t("together.doubt.ids_coincide", "en") in warning.value
    assert revenue() == 120
    at = choose(at, "once")
    assert not at.warning
    assert revenue() == 60
