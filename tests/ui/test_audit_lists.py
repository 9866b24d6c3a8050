"""The user's own lists on the Audit page: typed, kept, and asked."""

from __future__ import annotations

from crm_metrics.audit.chosen import read_chosen
from crm_metrics.store import Workspace

DEALS = "Deal ID,Deal Stage,Lead Source,Amount\n1,New,web,5\n2,Neww,shop,6\n3,Won,web,7\n"


def test_a_list_is_typed_kept_and_asked(open_app, home, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(DEALS, encoding="utf-8")
    Workspace(home).add(file, file.name)
    at = open_app("audit")
    at.segmented_control(key="section_en").set_value("thresholds").run()
    at.selectbox(key="audit_list_field_en").set_value("stage").run()
    at.text_area(key="audit_list_stage_en_0").set_value("new\n\n Won ").run()
    assert not at.exception
    assert read_chosen(home).lists == {"stage": ("new", "Won")}
    at.segmented_control(key="section_en").set_value("problems").run()
    assert not at.exception
    said = "\n".join(one.value for one in (*at.markdown, *at.caption))
    assert "1 of 3 deals" in said
    at.segmented_control(key="section_en").set_value("thresholds").run()
    at.button(key="audit_settings_reset").click().run()
    assert not at.exception
    assert read_chosen(home).lists == {}
    at.selectbox(key="audit_list_field_en").set_value("stage").run()
    (shown,) = at.text_area
    assert shown.value == ""
