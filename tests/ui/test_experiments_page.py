"""The Experiments page as a visitor uses it: typed counts, a data set, a plan."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.experiments import Arm, Setup, analyse, plan, plan_text, trial_plan
from crm_metrics.findings.verdicts import sentence
from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.columns import named_versions

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


def markdown(at: AppTest) -> str:
    return "\n".join(item.value for item in (*at.markdown, *at.caption))


def choose(at: AppTest, name: str, shown: str, lang: str = "en") -> AppTest:
    """Take an option of a select box by the words it shows."""
    box = next(box for box in at.selectbox if re.fullmatch(rf"{name}_{lang}(_\d+)?", box.key))
    assert shown in box.options, (shown, box.options)
    return box.set_value(shown).run()


def counts(at: AppTest, *numbers: int) -> AppTest:
    keys = ("typed_people_A", "typed_events_A", "typed_people_B", "typed_events_B")
    for key, number in zip(keys, numbers, strict=True):
        at.number_input(key=f"{key}_number").set_value(number)
    return at.run()


@pytest.fixture
def push(home: Path) -> Workspace:
    """A data folder with the sample test that has a winner."""
    space = Workspace(default_folder())
    space.add(SAMPLE / "ab_push_text.csv", "ab_push_text.csv")
    return space


def test_typed_counts_need_no_data(open_app):
    at = open_app("experiments")
    assert not at.exception
    assert t("experiments.typed_open", "en") in [item.value for item in at.caption]
    assert at.button(key="empty_sample")
    at = counts(at, 1000, 80, 1000, 130)
    assert not at.error
    finding = analyse(
        Setup("A", t("experiments.typed_metric_default", "en"), "proportion"),
        [Arm("A", 1000, 80), Arm("B", 1000, 130)],
    )
    assert finding.code == "WINNER"
    assert f"## {esc(sentence(finding, 'en'))}" in markdown(at)
    assert len(at.get("vega_lite_chart")) == 2
    assert at.dataframe[0].value["value"].tolist() == ["8.0%", "13.0%"]


def test_the_verdict_follows_the_counts_and_the_plan(open_app):
    at = open_app("experiments")
    at = counts(at.number_input(key="typed_arms_number").set_value(3).run(), 1000, 80, 1000, 130)
    at.number_input(key="typed_people_C_number").set_value(1000)
    at = at.number_input(key="typed_events_C_number").set_value(90).run()
    assert at.dataframe[0].value["arm"].tolist() == ["A", "B", "C"]
    at.number_input(key="typed_arms_number").set_value(2).run()
    at = counts(at, 4790, 400, 5210, 460)
    assert t("experiments.code.no_clear", "en") in markdown(at)
    at = choose(at, "split", t("experiments.split_equal", "en"))
    assert t("experiments.code.do_not_use", "en") in markdown(at)
    at = section(at, "people")
    chart = at.get("vega_lite_chart")[0].proto
    assert chart.alt.endswith("A: \u22122.10 pp; B: +2.10 pp.")
    at = section(at, "versions")
    at = counts(at, 500, 0, 500, 120)
    assert "was not measured" in markdown(at)
    at = counts(at, 60, 3, 60, 4)
    assert t("experiments.code.too_small", "en") in markdown(at)


def test_level_looks_direction_and_the_smallest_change_enter_the_verdict(open_app):
    at = counts(open_app("experiments"), 10_000, 800, 10_000, 900)
    assert t("experiments.code.winner", "en") in markdown(at)
    at = at.number_input(key="smallest_points_number").set_value(0.5).run()
    assert t("experiments.code.real_but_small", "en") in markdown(at)
    at = choose(at, "better", t("experiments.better_down", "en"))
    assert t("experiments.code.worse", "en") in markdown(at)
    at = at.number_input(key="level_number").set_value(99.5).run()
    assert t("experiments.code.worse", "en") not in markdown(at)
    at = choose(at, "looks", t("experiments.looks_planned", "en"))
    at = at.number_input(key="look_5_number").set_value(2).run()
    assert not at.error
    assert esc(t("method.planned_look", "en", look=2, count=5)) in markdown(at)
    at.number_input(key="level_number").set_value(95.0)
    at.number_input(key="smallest_points_number").set_value(None)
    at = counts(at, 1000, 80, 1000, 90)
    at = at.number_input(key="planned_n_number").set_value(4000).run()
    assert "3,000 more recipients per version, 4,000 in each" in markdown(at)
    at = at.number_input(key="least_events_number").set_value(500).run()
    assert t("experiments.code.too_small", "en") in markdown(at)
    assert at.query_params["least_events"] == "500"


def test_what_was_typed_outlives_f5_another_page_and_another_language(open_app):
    at = open_app("experiments")
    at.text_input(key="typed_name_B").set_value("New text")
    at = counts(at, 1000, 80, 1000, 100)
    at = at.number_input(key="rest_number").set_value(12_345_678).run()
    verdict = esc("New text is ahead of A on “Conversion”, but this could be chance")
    assert verdict in markdown(at)
    told = dict(at.query_params)
    again = open_app()  # F5: another session, the same address
    again.query_params.update(told)
    again.switch_page("pages/experiments.py").run()
    assert verdict in markdown(again)
    assert again.number_input(key="rest_number").value == 12_345_678
    at = at.switch_page("pages/findings.py").run().switch_page("pages/experiments.py").run()
    assert verdict in markdown(at)
    at = at.segmented_control(key="lang").set_value("ru").run()
    assert at.number_input(key="typed_events_B_number").value == 100
    # One that may stay open can be emptied again.
    at = at.number_input(key="typed_events_B_number").set_value(None).run()
    assert t("experiments.typed_open", "ru") in markdown(at)
    assert "typed_events_B" not in at.query_params


def test_a_number_out_of_bounds_is_told_in_the_page_s_language(open_app):
    at = counts(open_app("experiments", locale="ru-RU"), 1000, 80, 1000, 130)
    at = at.number_input(key="level_number").set_value(120.0).run()
    label = esc(t("experiments.level", "ru"))
    said = t("typed.nearest", "ru", label=label, low="80", high="99,9", used="99,9")
    assert [item.value for item in at.warning] == [said]
    at.number_input(key="level_number").set_value(95.0)
    at = at.number_input(key="typed_people_A_number").set_value(-5).run()
    assert "не учтено" in at.warning[0].value
    assert t("experiments.typed_open", "ru") in markdown(at)
    assert not at.exception


def test_a_wrong_split_is_one_sentence(open_app):
    at = counts(open_app("experiments"), 1000, 80, 1000, 130)
    at = choose(at, "split", t("experiments.split_other", "en"))
    at = at.text_input(key="split_typed_2").set_value("half").run()
    assert len(at.error) == 1
    assert not at.exception
    at = at.text_input(key="split_typed_2").set_value("80:20:10").run()
    assert len(at.error) == 1
    at = at.text_input(key="split_typed_2").set_value("50:50").run()
    assert not at.error


def test_a_data_set_with_a_winner_and_one_without(open_app, push):
    push.add(SAMPLE / "ab_sms_sender.csv", "ab_sms_sender.csv")
    at = open_app("experiments")
    assert not at.exception
    assert not at.error
    # From upload to verdict without a single choice.
    said = markdown(at)
    dataset = at.selectbox(key="test_en")
    assert dataset.options == ["ab_push_text.csv", "ab_sms_sender.csv"]
    assert at.selectbox(key="variant_en").value
    assert t("experiments.code.winner", "en") in said
    assert "422 of 9,000" in said
    assert "305 of 9,000" in said
    at = choose(at, "control", "B")
    assert t("experiments.code.worse", "en") in markdown(at)
    at = choose(at, "test", "ab_sms_sender.csv")
    at = choose(at, "success", "Clicked")
    assert not at.exception
    assert t("experiments.code.no_clear", "en") in markdown(at)


def test_an_amount_and_a_success_without_a_clear_value(open_app, push):
    at = choose(open_app("experiments"), "result_kind", t("experiments.kind_amount", "en"))
    assert not at.error
    assert "per recipient" in markdown(at)
    at = choose(at, "result_kind", t("experiments.kind_share", "en"))
    at = choose(at, "success", "Campaign")
    value = next(box for box in at.selectbox if (box.key or "").startswith("success_value_"))
    assert value.value is None
    assert t("experiments.code.winner", "en") not in markdown(at)
    at = value.set_value(value.options[0]).run()
    said = at.markdown[0].value
    told = dict(at.query_params)
    assert value.options[0] not in str(told)
    again = open_app()  # F5: another session, the same address
    again.query_params.update(told)
    again = again.switch_page("pages/experiments.py").run()
    (kept,) = [box for box in again.selectbox if (box.key or "").startswith("success_value_")]
    assert kept.value in told["success_value"]
    assert again.markdown[0].value == said


def test_russian_page_has_russian_words_only(open_app, push):
    at = open_app("experiments", locale="ru-RU")
    assert not at.exception
    said = markdown(at)
    assert t("experiments.code.winner", "ru") in said
    assert "422 из 9\u00a0000" in said
    plain = re.sub(r":material/\w+:|:[\w-]+badge\[|\b[0-9a-f]{12}\b", "", said)
    assert set(re.findall(r"[A-Za-z]{2,}", plain)) == {"Clicked", "CRM", "Metrics", "scipy"}


def test_the_plan_of_a_test(open_app):
    at = open_app("experiments")
    at.segmented_control(key="experiment_en").set_value(t("experiments.view_plan", "en")).run()
    assert not at.exception
    assert "21,109 people" in markdown(at)
    at.number_input(key="plan_baseline_number").set_value(20.0)
    at.number_input(key="plan_change_number").set_value(25).run()
    assert "1,094 people, 2,188 in all" in markdown(at)
    at = choose(at, "plan_looks", t("experiments.looks_planned", "en"))
    assert "1,121 people, 2,242 in all" in markdown(at)
    longer = t("experiments.plan_longer", "en", count=5, longer="2.5%")
    assert esc(longer) in esc(markdown(at))
    at = choose(at, "plan_looks", t("experiments.looks_once", "en"))
    at.segmented_control(key="plan_way_en").set_value(t("experiments.plan_list", "en")).run()
    at.number_input(key="plan_people_number").set_value(2188).run()
    assert "a relative change of 25% or more" in markdown(at)
    at.number_input(key="plan_power_number").set_value(90.0)
    at = choose(at, "plan_better", t("experiments.better_down", "en"))
    fewer = plan(0.2, n=1094, power=0.9, direction="down")
    assert f"from 20.0% to {100 * fewer.target:.1f}%" in markdown(at)
    assert "90% of tests" in markdown(at)


def test_typed_names_are_not_markup(open_app):
    at = counts(open_app("experiments"), 1000, 80, 1000, 130)
    at = at.text_input(key="typed_name_B").set_value("**<b>$x$").run()
    assert not at.exception
    assert esc("**<b>$x$") in markdown(at)


def test_a_table_takes_over_no_choice_of_another_and_totals_open_as_totals(
    open_app, home, tmp_path
):
    rows = "".join(f"u{i},{'AB'[i % 2]},{int(i % 9 == 0)}\n" for i in range(400))
    texts = {
        "first.csv": "customer_id,half,clicked\n" + rows,
        "second.csv": "customer_id,side,converted\n" + rows,
        "sums.csv": "Variant,Delivered,Opens,Clicks\nA,9800,2500,300\nB,9790,2600,380\n",
        "mailings.csv": "Variant,Delivered,Opens,Clicks\n"
        + "A,4900,1250,150\nB,4895,1300,189\n" * 2,
        "form.csv": "Группа,Участники,CR %,Заявки\nA,4800,6.3,302\nB,4790,7.7,371\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        Workspace(default_folder()).add(tmp_path / name, name)
    at = open_app("experiments")
    assert "380 of 9,790" in markdown(at)
    assert "371 of 4,790" in markdown(choose(at, "test", "form.csv"))
    at = choose(at, "test", "sums.csv")
    at = choose(at, "result_kind", t("experiments.kind_share", "en"))
    assert t("experiments.kind_totals", "en") in at.error[0].value
    assert r"\-\-" not in at.error[0].value  # no option of the command line
    at = choose(at, "test", "mailings.csv")
    at = choose(at, "result_kind", t("experiments.kind_totals", "en"))
    assert "378 of 9,790" in markdown(at)
    assert esc(t("gate.totals_added", "en", count=4)) in markdown(at)
    at = choose(at, "test", "first.csv")
    at = choose(at, "variant", "half")
    assert "of 200" in markdown(at)
    at = choose(at, "control", "B")
    at = choose(at, "split", t("experiments.split_equal", "en"))
    at = choose(at, "looks", t("experiments.looks_any", "en"))
    assert esc(t("gate.as_planned", "en", sizes="200 : 200", planned="1 : 1")) in markdown(at)
    at = choose(at, "test", "second.csv")
    box = next(box for box in at.selectbox if box.key.startswith("variant_en"))
    assert box.value is None
    assert "of 200" not in markdown(at)
    at = choose(at, "variant", "side")
    box = next(box for box in at.selectbox if box.key.startswith("control_en"))
    assert box.options[box.index or 0] == "A"
    planned = {box.key.split("_en")[0]: box.options[box.index or 0] for box in at.selectbox}
    assert planned["split"] == t("experiments.split_unknown", "en")
    assert planned["looks"] == t("experiments.looks_once", "en")
    assert not at.error


def test_without_a_column_of_versions_no_verdict_is_guessed(open_app, home):
    data = Path(__file__).resolve().parents[1] / "data"
    Workspace(default_folder()).add(data / "bank_calls.csv", "bank_calls.csv")
    at = open_app("experiments")
    assert not at.error
    assert at.selectbox(key="variant_en").value is None
    assert t("experiments.variant_open", "en") in at.info[0].value
    assert not at.get("vega_lite_chart")
    at = choose(at, "variant", "contact")
    assert t("experiments.variant_open", "en") not in [item.value for item in at.info]


def test_versions_are_known_by_their_header_in_a_table_of_no_known_kind(home, tmp_path):
    path = tmp_path / "orders.csv"
    rows = [f"{i},{'AB'[i % 2]},{i % 7}" for i in range(60)]
    path.write_text("\n".join(["Recipient ID,Variant,Revenue", *rows]) + "\n")
    (dataset,) = Workspace(default_folder()).add(path, path.name)
    assert dataset.mapping.grain is None
    assert [dataset.table.headers[i] for i in named_versions(dataset)] == ["Variant"]


def test_personal_data_are_no_versions_and_are_masked_as_results(open_app, home, tmp_path):
    people = [("Anna Petrova", "anna"), ("Boris Ivanov", "boris")]
    lines = ["Name,Email,Group,Note"]
    for place in range(60):
        name, box = people[place % 2]
        lines.append(f"{name},{box}@example.com,{'AB'[place % 2]},{box}@example.com")
    path = tmp_path / "people.csv"
    path.write_text("\n".join(lines) + "\n")
    added = Workspace(default_folder()).add(path, "people.csv")
    fields = [item.field for item in added[0].mapping.columns]
    at = open_app("experiments")
    options = at.selectbox(key="variant_en").options
    for header, field in zip(("Name", "Email"), fields, strict=False):
        if field is not None:
            assert header not in options
    at = choose(at, "variant", "Group")
    at = choose(at, "success", "Note")
    shown = [option for box in at.selectbox for option in box.options]
    assert not any("anna@" in option for option in shown)


def test_a_change_beyond_everyone_is_one_sentence(open_app):
    at = open_app("experiments")
    at.segmented_control(key="experiment_en").set_value(t("experiments.view_plan", "en")).run()
    at.number_input(key="plan_baseline_number").set_value(95.0).run()
    assert not at.error
    assert "114%" in at.info[0].value


def section(at: AppTest, key: str) -> AppTest:
    shown = t(f"experiments.section_{key}", "en")
    return at.segmented_control(key="section_en").set_value(shown).run()


def test_chances_stand_beside_the_verdict_and_the_finding_makes_it_again(open_app):
    at = counts(open_app("experiments"), 1000, 80, 1000, 100)
    at.number_input(key="rest_number").set_value(50_000)
    at.number_input(key="value_each_number").set_value(3.0)
    at = section(at.run(), "chances")
    assert not at.exception
    assert t("experiments.code.promising", "en") in markdown(at)
    # Evan Miller's closed form gives 0.94056896 (tests/experiments/test_bayes.py).
    assert "B is the best version with a chance of 94.1%" in markdown(at)
    table = at.dataframe[0].value
    assert table["best"].tolist() == ["5.9%", "94.1%"]
    assert "loss_money" in table.columns
    kept = at.get("download_button")
    assert {button.key for button in kept} >= {"finding_page", "finding_json"}


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_a_verdict_is_kept_for_the_report_until_it_is_taken_away(open_app, locale):
    lang = locale[:2]
    at = counts(open_app("experiments", locale=locale), 1000, 80, 1000, 130)
    at = at.button(key="trial_keep").click().run()
    assert not at.exception
    assert not at.error
    keys = [button.key for button in at.button]
    assert "trial_drop" in keys
    assert "trial_keep" not in keys
    at.switch_page("pages/findings.py").run()
    assert not at.exception
    metric = t("experiments.typed_metric_default", lang)
    setup = Setup("A", metric, "proportion")
    finding = analyse(setup, [Arm("A", 1000, 80), Arm("B", 1000, 130)])
    assert esc(sentence(finding, lang)) in markdown(at)
    assert t("findings.only_trials", lang) in [info.value for info in at.info]
    assert {one.key for one in at.get("download_button")} >= {"findings_workbook"}
    (drop,) = [button for button in at.button if button.key.startswith("trial_drop_")]
    at = drop.click().run()
    assert not at.exception
    assert t("findings.title", lang) == at.title[0].value
    assert at.button(key="empty_upload")


def test_a_plan_is_made_here_and_a_test_is_held_to_it(open_app):
    at = open_app("experiments")
    at.segmented_control(key="experiment_en").set_value(t("experiments.view_plan", "en")).run()
    at.segmented_control(key="plan_way_en").set_value(t("experiments.plan_days", "en")).run()
    at.number_input(key="plan_volume_number").set_value(3000).run()
    assert "takes 15 days. Run it for whole weeks: 3." in markdown(at)
    assert at.dataframe[0].value["weeks"].tolist() == ["1", "2", "3", "4", "8"]
    at.segmented_control(key="plan_kind_en").set_value(t("experiments.plan_kind_mean", "en")).run()
    assert "from 100.00" in markdown(at)
    at.text_input(key="plan_split_2").set_value("80:20").run()
    assert "(the control first)" in markdown(at)
    at.text_input(key="plan_split_2").set_value("80:20:5").run()
    assert len(at.error) == 1
    made = plan_text(trial_plan(plan(0.08, lift=0.5), made=date(2026, 9, 1)))
    at.segmented_control(key="experiment_en").set_value(t("experiments.view_typed", "en")).run()
    at = counts(at, 1000, 80, 1000, 130)
    at = at.file_uploader[0].upload("plan.json", made.encode(), "application/json").run()
    at = section(at, "people")
    assert not at.exception
    assert "as it was planned on" in markdown(at)
    table = at.dataframe[0].value
    assert table["planned_share"].tolist() == ["50.0%", "50.0%"]
    assert set(table["reached"]) == {100}
    at = at.file_uploader[0].upload("plan.json", b"{}", "application/json").run()
    assert len(at.error) == 1
    told = dict(at.query_params)
    again = (
        open_app()
    )  # F5: another session, the same address; a file that is no plan took no place
    again.query_params.update(told)
    again = again.switch_page("pages/experiments.py").run()
    assert not again.error
    assert "as it was planned on" in markdown(again)
    again = again.button(key="plan_forget").click().run()
    assert "as it was planned on" not in markdown(again)
    again = counts(again, 1000, 80, 1000, 131)
    assert "as it was planned on" not in markdown(again)


def test_a_plan_is_of_the_tests_of_one_table(open_app, push):
    made = plan_text(trial_plan(plan(0.08, lift=0.5), made=date(2026, 9, 1)))
    at = open_app("experiments")
    at.segmented_control(key="experiment_en").set_value(t("experiments.view_typed", "en")).run()
    at = counts(at, 1000, 80, 1000, 130)
    at = at.file_uploader[0].upload("plan.json", made.encode(), "application/json").run()
    held = t("experiments.plan_held", "en", made="Sep 1, 2026")
    again = open_app("experiments")
    assert held not in markdown(again)
    again.segmented_control(key="experiment_en").set_value(t("experiments.view_typed", "en")).run()
    again = counts(again, 1000, 80, 1000, 130)
    assert held in markdown(again)


def test_a_kept_plan_that_is_damaged_can_be_taken_away(open_app, home):
    (home / "test_plans").mkdir(parents=True)
    (home / "test_plans" / "typed.json").write_text("{}", encoding="utf-8")
    at = open_app("experiments")
    at.segmented_control(key="experiment_en").set_value(t("experiments.view_typed", "en")).run()
    at = counts(at, 1000, 80, 1000, 130)
    assert len(at.error) == 1
    at = at.button(key="plan_forget").click().run()
    assert not at.error


def test_days_segments_and_guardrails_of_a_log(open_app, home, tmp_path):
    lines = ["Recipient ID,Variant,Sent at,City,Clicked,Unsubscribed"]
    for i in range(3200):
        arm, day = "AB"[i % 2], i // 2 % 8
        clicked = i // 16 % 10 < (3 if arm == "B" else 2)
        left = arm == "B" and i % 40 == 1
        cells = (i, arm, f"2026-09-{7 + day:02d} 10:00", ("Kazan", "Perm")[i // 2 % 2])
        lines.append(",".join(map(str, (*cells, ("no", "yes")[clicked], ("no", "yes")[left]))))
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n")
    Workspace(default_folder()).add(path, "log.csv")
    at = open_app("experiments")
    assert not at.exception
    assert not at.error
    # From upload to verdict without a single choice: all are made, and can be changed.
    assert t("experiments.code.winner_but", "en") in markdown(at)
    assert "Unsubscribed" in markdown(at)
    at = section(at, "beside")
    assert at.dataframe[0].value["role"].tolist() == [t("experiments.role_guardrail", "en")]
    assert re.search(r"(?m)^- .*Unsubscribed", markdown(at))
    assert t("gate.end_unknown", "en") in markdown(at)
    at = at.datetime_input[0].set_value(datetime(2026, 9, 15, 9)).run()
    assert "only 23 h after its last message; for this metric wait 24 h" in markdown(at)
    assert at.query_params["read_at"] == "2026-09-15T09:00"
    at = at.datetime_input[0].set_value(None).run()
    at = section(at, "days")
    assert not at.error
    assert len(at.get("vega_lite_chart")) == 2
    apart = next(box for box in at.multiselect if box.key.startswith("apart"))
    at = section(apart.set_value(["City"]).run(), "segments")
    assert not at.error
    assert esc(t("verdict.segment.same", "en", column="City")) in markdown(at)
    assert at.query_params["section"] == "segments"
    other = tmp_path / "other.csv"
    other.write_text(path.read_text().replace("Clicked,Unsubscribed", "Clicked,Asked for a refund"))
    Workspace(default_folder()).add(other, "other.csv")
    at = choose(at.run(), "test", "other.csv")
    assert "Asked for a refund" in markdown(at)  # watched too: neither mapped nor the first table's
    assert t("experiments.code.winner_but", "en") in markdown(at)


def test_the_speed_of_answers_is_drawn_and_told(open_app, home, tmp_path):
    lines = ["Recipient ID,Variant,Sent at,Replied at,Spent,Spent before"]
    for i in range(400):
        hour = 11 + i % 7 - (i % 2 if i % 3 else 0)
        replied = f"2026-09-{7 + i % 4:02d} {hour:02d}:{i % 60:02d}" if i % 4 else ""
        cells = (i, "AB"[i % 2], "2026-09-07 10:00", replied, i % 30 + i % 2, i % 30)
        lines.append(",".join(map(str, cells)))
    path = tmp_path / "replies.csv"
    path.write_text("\n".join(lines) + "\n")
    Workspace(default_folder()).add(path, "replies.csv")
    bare = tmp_path / "ответы.csv"
    cells = (line.split(",")[:4] for line in lines[1:])
    bare.write_text(
        "\n".join(["Номер;Вариант;Отправлено;Ответил", *(";".join(one) for one in cells)])
    )
    Workspace(default_folder()).add(bare, "ответы.csv")
    # Two times are all there is: it opens on the answers in time, without a choice.
    at = choose(open_app("experiments"), "test", "ответы.csv")
    assert "“Ответил ≤ 24\u00a0h”" in markdown(at)
    at = choose(at, "test", "replies.csv")
    at = choose(at, "result_kind", t("experiments.kind_within", "en"))
    assert not at.error
    at = section(at, "speed")
    assert not at.exception
    assert "Over all recipients, those who have not answered yet included" in markdown(at)
    assert len(at.get("vega_lite_chart")) == 1
    assert "speed_download" in {button.key for button in at.get("download_button")}
    at = choose(at, "result_kind", t("experiments.kind_amount", "en"))
    at = choose(choose(at, "value", "Spent"), "before", "Spent before")
    assert not at.error
    assert esc(t("method.welch_cuped", "en")) in markdown(at)
