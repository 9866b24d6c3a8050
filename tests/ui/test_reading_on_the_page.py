"""What the pages show while files are read, and when reading was stopped, refused or locked."""

from __future__ import annotations

import io
import threading

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from streamlit.testing.v1 import AppTest

from crm_metrics import intake
from crm_metrics.store import default_folder
from crm_metrics.texts import t
from crm_metrics.ui import adding
from crm_metrics.ui.widgets import main_label
from tests.ui.test_jobs import LONG, Gate
from tests.ui.test_upload_page import POSTS, drop, names


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch, home):
    """Reading stops half-way; pages do not wait for it."""
    made = Gate()
    monkeypatch.setattr(intake, "read", made)
    monkeypatch.setattr(adding, "PATIENCE", 0.0)
    yield made
    made.open.set()
    for thread in threading.enumerate():
        if thread.name == "reading":
            thread.join(LONG)


def locked_book(*reaches: int) -> bytes:
    """A workbook of posts under the password "right"."""
    book = openpyxl.Workbook()
    book.active.append(["Date", "Reach"])
    for day, reach in enumerate(reaches, 1):
        book.active.append([f"2026-03-{day:02}", reach])
    plain, locked = io.BytesIO(), io.BytesIO()
    book.save(plain)
    OOXMLFile(io.BytesIO(plain.getvalue())).encrypt("right", locked)
    return locked.getvalue()


def finished(gate: Gate) -> None:
    gate.open.set()
    assert adding._local_room(str(default_folder())).wait(LONG)


def shown(at: AppTest) -> str:
    parts = (*at.markdown, *at.caption, *at.info, *at.error, *at.warning)
    return "\n".join(str(item.value) for item in parts)


def bar(at: AppTest) -> str:
    return at.get("progress")[0].proto.text


def test_a_slow_file_is_shown_and_cancelled(open_app, gate, home):
    at = drop(open_app(), ("slow.csv", POSTS.encode()), ("next.csv", b"a,b\n1,2\n"))
    assert gate.reached.wait(LONG)
    at.run()
    assert t("reading.file_of", "en", place=1, all=2) in shown(at)
    assert bar(at) == t("upload.reading_file", "en", name="slow.csv")
    assert t("reading.next", "en", names="next.csv") in shown(at)
    at.button(key="cancel_reading").click().run()
    assert at.button(key="cancel_reading").disabled
    assert at.button(key="cancel_reading").label == t("reading.cancelling", "en")
    finished(gate)
    at.run()
    assert not at.exception
    assert not at.error
    assert t("reading.cancelled", "en", names="slow.csv, next.csv") in shown(at)
    assert names(home) == []
    at.button(key="hide_outcomes").click().run()
    assert t("reading.cancelled", "en", names="slow.csv, next.csv") not in shown(at)


def test_what_was_read_before_a_cancel_stays(open_app, home, monkeypatch):
    at = drop(open_app(), ("first.csv", POSTS.encode()))
    made = Gate()
    monkeypatch.setattr(adding, "PATIENCE", 0.0)
    reads = []

    def second_is_slow(path, *, name, **options):
        reads.append(name)
        return (made if name == "slow.csv" else made.read)(path, name=name, **options)

    monkeypatch.setattr(intake, "read", second_is_slow)
    at = drop(at, ("fast.csv", b"Date,Reach\n2026-03-01,5\n"), ("slow.csv", POSTS.encode() * 2))
    assert made.reached.wait(LONG)
    at.run()
    assert t("reading.done", "en", names="fast.csv") in shown(at)
    at.button(key="cancel_reading").click().run()
    finished(made)
    at.run()
    words = shown(at)
    assert t("reading.cancelled", "en", names="slow.csv") in words
    assert t("reading.kept", "en", names="fast.csv") in words
    assert names(home) == ["fast.csv", "first.csv"]


def test_leaving_the_page_loses_nothing(open_app, gate, home):
    at = drop(open_app(), ("slow.csv", POSTS.encode()))
    assert gate.reached.wait(LONG)
    line = t("upload.reading_file", "en", name="slow.csv")
    at.switch_page("pages/columns.py").run()
    assert any(line in item.value for item in at.caption)
    at.switch_page("pages/upload.py").run()
    assert bar(at) == line
    at.segmented_control(key="lang").set_value("ru").run()
    assert bar(at) == t("upload.reading_file", "ru", name="slow.csv")
    finished(gate)
    at.run()
    assert names(home) == ["slow.csv"]
    assert "slow.csv" in [item.value for item in at.subheader]
    assert not at.get("progress")[0].proto.text.startswith("Чита")


def test_another_session_on_ones_own_machine_sees_the_reading(open_app, gate):
    drop(open_app(), ("slow.csv", POSTS.encode()))
    assert gate.reached.wait(LONG)
    assert bar(open_app()) == t("upload.reading_file", "en", name="slow.csv")


def test_on_a_shared_server_nobody_sees_what_another_reads(open_app, gate, monkeypatch):
    monkeypatch.setenv("CRM_METRICS_MODE", "shared")
    at = drop(open_app(), ("slow.csv", POSTS.encode()))
    assert gate.reached.wait(LONG)
    assert bar(at.run()) == t("upload.reading_file", "en", name="slow.csv")
    other = open_app()
    assert not other.get("progress")
    assert "slow.csv" not in shown(other)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_password_is_asked_for_until_it_is_right(open_app, home, language):
    at = drop(
        open_app(locale=language), ("locked.xlsx", locked_book(1, 2)), ("open.csv", b"a,b\n1,2\n")
    )
    assert not at.exception
    assert t("password.asked", language, name="locked.xlsx") in shown(at)
    assert names(home) == ["open.csv"]
    field = next(item for item in at.text_input if str(item.key).startswith("password_"))
    assert field.proto.type == field.proto.PASSWORD
    for password, answered in (("wrong", False), ("right", True)):
        at.text_input(key=field.key).set_value(password)
        opened = next(
            item for item in at.button if item.label == main_label(t("password.open", language))
        )
        opened.click().run()
        assert not at.exception
        assert (t("password.wrong", language) in shown(at)) is not answered
    assert names(home) == ["locked.xlsx", "open.csv"]
    assert not [item for item in at.text_input if str(item.key).startswith("password_")]
    assert "right" not in str(at.session_state)


def test_a_locked_file_can_be_left_out(open_app, home):
    at = drop(open_app(), ("locked.xlsx", locked_book(1, 2)))
    left = next(item for item in at.button if item.label == t("password.leave", "en"))
    left.click().run()
    assert "locked.xlsx" not in shown(at)
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_the_same_file_twice_is_said_and_counted_once(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    at = drop(at, ("posts.csv", POSTS.encode()))
    assert [item.value for item in at.info] == [
        t("reading.same", "en", name="posts.csv", other="posts.csv")
    ]
    at = drop(at, ("posts (1).csv", POSTS.encode()))
    assert r"posts \(1\).csv holds the same as posts.csv" in at.info[0].value
    assert names(home) == ["posts (1).csv"]


def test_a_name_with_markup_is_plain_text_in_every_sentence(open_app, home):
    evil = "![x](http---evil) <b>.xlsx"
    at = drop(open_app(), (evil, locked_book(1)), ("<i>![y](z).csv", b""))
    for sentence in shown(at).splitlines():
        assert "![" not in sentence
        assert "<b>" not in sentence
        assert "<i>" not in sentence


def test_a_locked_replacement_takes_its_place_once_opened(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    swap = next(item for item in at.file_uploader if str(item.key).startswith("swap_"))
    at = swap.upload("locked.xlsx", locked_book(1, 2), "text/csv").run()
    assert names(home) == ["posts.csv"]
    field = next(item for item in at.text_input if str(item.key).startswith("password_"))
    field.set_value("right")
    next(
        item for item in at.button if item.label == main_label(t("password.open", "en"))
    ).click().run()
    assert not at.exception
    assert names(home) == ["locked.xlsx"]
