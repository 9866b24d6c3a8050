"""Templates on the pages: saved from an unknown file, and the next month asks nothing more."""

from __future__ import annotations

import json

import pytest

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from tests.ui.test_columns_page import columns_page
from tests.ui.test_upload_page import drop

OCTOBER = "Wann;Aktion;Raus;Gelesen\n03.10.2026;Herbst;1200;300\n21.10.2026;Laub;1100;310\n"
NOVEMBER = (
    "Neu;Raus;Wann;Gelesen;Aktion;Stand\nx;900;04.11.2026;210;Nebel;ok\n"
    "y;800;05.11.2026;190;Regen;ok\n"
)
SHORT = "Wann;Aktion;Raus\n04.11.2026;Nebel;900\n05.11.2026;Regen;800\n"
FIELDS = {0: "date", 1: "campaign_name", 2: "sent", 3: "opens_unique"}


def space() -> Workspace:
    return Workspace(default_folder())


def of(name: str):
    return next(item for item in space().datasets() if item.table.file_name == name)


def open_part(at, dataset):
    at.session_state[f"templates_{dataset.id}"] = True
    return at.run()


def said(at) -> str:
    return "\n".join(item.value for item in (*at.markdown, *at.caption, *at.warning))


def october(at):
    """The first month mapped by hand on the page, the template part opened."""
    at = columns_page(drop(at, ("october.csv", OCTOBER.encode())))
    dataset = of("october.csv")
    at.selectbox(key=f"grain_{dataset.id}").select("campaigns").run()
    for column, field in FIELDS.items():
        at.selectbox(key=f"column_{dataset.id}").select(column).run()
        at.selectbox(key=f"all_field_{dataset.id}_{column}").select(field).run()
    return open_part(at, dataset), dataset


def saved(at, name: str):
    at, dataset = october(at)
    at.text_input(key=f"template_name_{dataset.id}").set_value(name).run()
    at.button(key="template_save").click().run()
    assert not at.exception
    return at, dataset


def next_month(at, content: str):
    at = at.switch_page("pages/upload.py").run()
    return drop(at, ("november.csv", content.encode()))


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_the_next_month_asks_only_about_its_new_columns(open_app, locale):
    language = locale[:2]
    at, dataset = october(open_app(locale=locale))
    assert at.button(key="template_save").label == t("templates.save_edits", language)
    name = "Отчёт <b>_месяца_</b>"
    at.text_input(key=f"template_name_{dataset.id}").set_value(name).run()
    at.button(key="template_save").click().run()
    assert not at.exception
    # Saving applies what was edited; the template holds the same.
    assert of("october.csv").mapping.by_position == FIELDS
    (kept,) = space().templates.named()
    assert (kept.template.name, kept.template.confirmed) == (name, True)

    at = next_month(at, NOVEMBER)
    drift = {"ru": "2 новых столбца", "en": "2 new columns"}[language]
    assert drift in said(at)
    assert "<b>" not in said(at).replace("\\<b\\>", "")
    at = columns_page(at)
    november = of("november.csv")
    at.session_state["dataset"] = november.id
    at.run()
    assert drift in said(at)
    asked = [key for key in (str(item.key) for item in at.selectbox) if "doubt_field" in key]
    assert asked == [f"doubt_field_{november.id}_{column}" for column in (0, 5)]
    assert said(at).count(t("why.template_new", language)) == 2
    at.button(key="apply").click().run()
    assert t("columns.no_doubts", language) in [item.value for item in at.success]


def test_missing_columns_are_said_with_what_they_cost(open_app):
    at, _ = saved(open_app(), "Monthly")
    at = next_month(at, SHORT)
    assert [item.value for item in at.warning if "Gelesen" in item.value]
    at = columns_page(at)
    at.session_state["dataset"] = of("november.csv").id
    at.run()
    (warning,) = [item.value for item in at.warning if "Gelesen" in item.value]
    assert warning.startswith("Missing columns: Gelesen. Without them these metrics")
    assert t("metric.open_rate.name", "en") in warning


def test_a_taken_name_is_replaced_only_when_told_to(open_app):
    at, dataset = saved(open_app(), "Monthly")
    at.selectbox(key=f"column_{dataset.id}").select(1).run()
    at.selectbox(key=f"all_field_{dataset.id}_1").select("segment").run()
    for answer, field in (("template_leave", "campaign_name"), ("template_replace", "segment")):
        at.text_input(key=f"template_name_{dataset.id}").set_value("monthly").run()
        at.button(key="template_save").click().run()
        assert t("templates.replace_sure", "en", name="monthly") in said(at)
        at.button(key=answer).click().run()
        (kept,) = space().templates.named()
        assert kept.template.columns[1].field == field
        assert not [item for item in at.button if item.key == "template_replace"]


def test_a_template_is_applied_undone_renamed_and_removed(open_app):
    at, _ = saved(open_app(), "Monthly")
    at = columns_page(next_month(at, NOVEMBER))
    november = of("november.csv")
    at.session_state["dataset"] = november.id
    at.run()
    at = open_part(at, november)
    for button, by_template in (("template_off", 0), ("template_apply", 1), ("undo", 0)):
        at.button(key=button).click().run()
        assert not at.exception
        assert len([item for item in at.button if item.key == "template_off"]) == by_template
        assert ("2 new columns" in said(at)) == bool(by_template)

    (kept,) = space().templates.named()
    at.text_input(key=f"template_new_name_{kept.id}").set_value("   ").run()
    at.button(key="template_rename").click().run()
    assert t("error.template_name", "en") in [item.value for item in at.error]
    at.text_input(key=f"template_new_name_{kept.id}").set_value("Every month").run()
    at.button(key="template_rename").click().run()
    assert [item.template.name for item in space().templates.named()] == ["Every month"]
    at.button(key="template_remove").click().run()
    assert not at.exception
    assert space().templates.named() == []
    # What was mapped by it stays.
    assert of("november.csv").mapping.applied.name == "Monthly"


def test_a_template_comes_in_before_there_is_any_data(open_app):
    at, dataset = saved(open_app(), "Monthly")
    (kept,) = space().templates.named()
    data = space().templates.export(kept.id)
    space().templates.remove(kept.id)
    space().remove(dataset.id)
    at = columns_page(at)
    at.session_state["templates_alone"] = True
    at.run()
    other = json.dumps({"kind": "something"}).encode()
    at.file_uploader[0].upload("other.json", other, "application/json")
    at.file_uploader[0].upload("Monthly.json", data, "application/json")
    at.run()
    assert not at.exception
    assert ["other" in item.value for item in at.error] == [True]
    assert [item.template.name for item in space().templates.named()] == ["Monthly"]
    next_month(at, OCTOBER)
    assert of("november.csv").mapping.level == "sure"
