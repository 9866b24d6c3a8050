from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from crm_metrics.ui import adding
from crm_metrics.ui.samples import sample_files
from crm_metrics.ui.upload.rejects import _rows
from crm_metrics.ui.widgets import main_label
from tests.ui.conftest import DATA

POSTS = "Дата;Охват;Реакции\n01.03.2026;100;5\n02.03.2026;200;8\n03.03.2026;300;9\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def drop(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Drop files on the upload page, as a person does."""
    uploader = at.file_uploader[0]
    for name, content in files:
        uploader.upload(name, content, "text/csv")
    return at.run()


def names(home) -> list[str]:
    """The file names of the data sets on disk."""
    return sorted(item.table.file_name for item in Workspace(default_folder()).datasets())


def test_first_screen_offers_a_file_and_the_sample(open_app):
    at = open_app()
    assert at.title[0].value == t("upload.title", "en")
    assert len(at.file_uploader) == 1
    assert at.button(key="try_sample").label == main_label(
        t("upload.try_sample", "en"), ":material/play_arrow:"
    )
    assert not at.error


def test_several_files_at_once(open_app, home):
    posts = (DATA / "facebook_posts.csv").read_bytes()
    deals = (DATA / "saas_deals.csv").read_bytes()
    at = drop(open_app(), ("facebook_posts.csv", posts), ("saas_deals.csv", deals))
    assert not at.exception
    assert not at.error
    assert names(home) == ["facebook_posts.csv", "saas_deals.csv"]
    assert len(at.get("progress")) == 2


def test_a_wrong_file_is_one_sentence_and_the_rest_stays(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    at = drop(
        at, ("picture.csv", PICTURE), ("empty.csv", b""), ("more.csv", POSTS.encode() + b"\n")
    )
    assert not at.exception
    assert len(at.error) == 2
    assert all("picture.csv" in at.error[0].value or "empty.csv" in e.value for e in at.error)
    assert names(home) == ["more.csv", "posts.csv"]


def test_the_sentence_of_a_wrong_file_is_in_the_language_chosen(open_app):
    at = drop(open_app(locale="ru-RU"), ("пусто.csv", b""))
    sentence = at.error[0].value
    assert "пусто.csv" in sentence
    assert not set("abdefghijklmnopqrtuwxyz") & set(sentence.replace("пусто.csv", "").lower())


def test_sample_then_own_then_only_own(open_app, home):
    at = open_app()
    at.button(key="try_sample").click().run(timeout=60)
    assert not at.exception
    assert not at.error
    assert len(names(home)) >= len(sample_files())
    at = drop(at, ("posts.csv", POSTS.encode()))
    assert t("upload.mixed", "en") in [item.value for item in at.caption]
    headings = [item.value for item in at.subheader]
    assert headings[0] == r"posts.csv"
    at.button(key="drop_sample").click().run()
    assert names(home) == ["posts.csv"]


def test_language_switch_keeps_the_data(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    at.segmented_control(key="lang").set_value("ru").run()
    assert at.title[0].value == t("upload.title", "ru")
    assert names(home) == ["posts.csv"]
    assert any("posts" in item.value for item in at.markdown)


def test_remove_asks_first_and_then_removes(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    (dataset,) = Workspace(default_folder()).datasets()
    at.button(key=f"remove_{dataset.id}").click().run()
    assert names(home) == []
    assert not at.exception


def test_replace_puts_the_new_file_in_its_place(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    swap = next(item for item in at.file_uploader if str(item.key).startswith("swap_"))
    swap.upload("april.csv", (POSTS + "04.03.2026;400;10\n").encode(), "text/csv").run()
    (dataset,) = Workspace(default_folder()).datasets()
    assert dataset.table.file_name == "april.csv"
    assert dataset.table.records == 4


def test_a_bad_replacement_leaves_the_data_set(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS.encode()))
    swap = next(item for item in at.file_uploader if str(item.key).startswith("swap_"))
    at = swap.upload("april.csv", PICTURE, "text/csv").run()
    assert names(home) == ["posts.csv"]
    assert len(at.error) == 1


def test_cells_that_were_not_read_can_be_taken_home(open_app, home):
    amounts = [str(10 * n) for n in range(1, 30)] + ["ten"]
    rows = "\n".join(f"{n},2026-03-{n:02},{amount}" for n, amount in enumerate(amounts, 1))
    at = drop(open_app(), ("orders.csv", f"Order ID,Date,Amount\n{rows}\n".encode()))
    (dataset,) = Workspace(default_folder()).datasets()
    assert dataset.facts is not None
    assert dataset.facts.failed == 1
    at.session_state[f"details_{dataset.id}"] = True
    at.run()
    assert not at.exception
    assert t("upload.rejects", "en") in [item.label for item in at.download_button]
    assert list(_rows(dataset.facts.rejects, dataset)) == [(31, "Amount", "ten")]


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru-RU", "ru")])
def test_the_card_shows_the_commonest_cells_that_were_not_read(
    open_app, home, locale: str, language: str
):
    amounts = [str(10 * n) for n in range(1, 37)] + ["ten"] * 2 + ["anna@example.com"]
    rows = "\n".join(f"{n},2026-03-05,{amount}" for n, amount in enumerate(amounts, 1))
    file = ("orders.csv", f"Order ID,Date,Amount\n{rows}\n".encode())
    at = drop(open_app(locale=locale), file)
    (said,) = [item.value for item in at.caption if "Amount" in item.value]
    assert t("upload.failed", language, count=3) in said
    form = t("upload.failed_form", language, text="ten", number="2")
    assert f"Amount: 3 {'of' if language == 'en' else 'из'} 39 ({form}, " in said
    assert "anna" not in said
    assert not at.warning


def test_a_column_that_is_mostly_unread_is_a_warning(open_app, home):
    amounts = ["12.50"] * 400 + ["later"] * 200
    rows = "\n".join(f"{n},2026-03-05,{amount}" for n, amount in enumerate(amounts, 1))
    at = drop(open_app(), ("orders.csv", f"Order ID,Date,Amount\n{rows}\n".encode()))
    (warning,) = at.warning
    assert t("issue.columns_unread", "en", count=1) in warning.value
    assert "Amount: 200 of 600 (“later” × 200)" in warning.value


def test_personal_data_are_masked_in_the_preview(open_app, home):
    text = "Имя;E-mail;Телефон;Город\n" + "Анна Смирнова;anna@mail.ru;+7 916 123-45-67;Тверь\n" * 3
    at = drop(open_app(locale="ru-RU"), ("clients.csv", text.encode()))
    (dataset,) = Workspace(default_folder()).datasets()
    at.session_state[f"rows_{dataset.id}"] = True
    shown = at.run().dataframe[0].value.to_csv()
    assert "Тверь" in shown
    assert "anna@" not in shown
    assert "123" not in shown


def test_markup_in_names_is_not_drawn(open_app):
    at = drop(open_app(), ("![x](http---evil).csv", b"a,b\n1,2\n3,4\n"))
    assert not at.exception
    for item in (*at.markdown, *at.caption):
        assert "![x](" not in item.value


def test_an_upload_is_freed_from_memory(monkeypatch: pytest.MonkeyPatch):
    manager = MemoryUploadedFileManager("/upload")
    record = UploadedFileRec(file_id="one", name="a.csv", type="text/csv", data=b"1")
    manager.add_file(session_id="session", file=record)
    context = SimpleNamespace(uploaded_file_mgr=manager, session_id="session")
    monkeypatch.setattr(adding, "get_script_run_ctx", lambda: context)
    adding.free_upload(SimpleNamespace(file_id="one"))
    assert manager.get_files("session", ["one"]) == []


def test_an_unknown_keeper_of_uploads_is_left_alone(monkeypatch: pytest.MonkeyPatch, caplog):
    context = SimpleNamespace(uploaded_file_mgr=object(), session_id="session")
    monkeypatch.setattr(adding, "get_script_run_ctx", lambda: context)
    adding.free_upload(SimpleNamespace(file_id="one"))
    assert "stay in memory" in caplog.text
