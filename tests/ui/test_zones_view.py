"""Time zones on the upload page: asked, moved, said on the card, taken back."""

from __future__ import annotations

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from tests.store.test_zones import FILES, created
from tests.ui.test_upload_page import drop


def test_two_zones_are_asked_about(open_app, home):
    at = drop(open_app(), *((name, FILES[name].encode()) for name in ("offset.csv", "plain.csv")))
    assert not at.exception
    assert t("zones.title", "en") in [item.label for item in at.expander]
    at.session_state["time_zones"] = True
    at.run()
    before = created(Workspace(default_folder()))
    at = at.selectbox(key="zone_report_en").set_value("Europe/Moscow").run()
    assert not at.exception
    (first, second) = created(Workspace(default_folder()))
    assert (first[0].hour, second) == (2, before[1])
    moved = t("zones.moved_from", "en", zone="UTC", shown="Europe/Moscow")
    assert moved in [item.value for item in at.caption]
    assert t("zones.stay", "en") in [item.value for item in at.caption]
    plain = next(i for i in Workspace(default_folder()).datasets() if "plain" in i.table.file_name)
    at = at.selectbox(key=f"zone_{plain.id}_en").set_value("UTC").run()
    assert created(Workspace(default_folder()))[1][0].hour == 2
    at = at.selectbox(key="zone_report_en").set_value("").run()
    assert not at.exception
    assert created(Workspace(default_folder())) == before


def test_one_zone_is_no_question(open_app, home):
    at = drop(open_app(), ("plain.csv", FILES["plain.csv"].encode()))
    assert t("zones.title", "en") not in [item.label for item in at.expander]
