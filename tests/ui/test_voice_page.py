"""The Voice page: the scores first, each question with its base, and waits against scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.metrics.voice import questions as asked
from crm_metrics.metrics.voice.link import link
from crm_metrics.store import Workspace
from crm_metrics.texts import decimal_text, percent_text, t
from crm_metrics.ui.voice.asked import on_one_line, on_two_lines

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


def said(at) -> str:
    drawn = (*at.markdown, *at.caption, *at.info, *at.subheader)
    return " ".join(str(one.value) for one in drawn).replace("\\", "").replace("\u00a0", " ")


def shown(at):
    assert not at.exception
    assert not at.error
    return said(at)


def survey(folder: Path) -> Path:
    lines = ["Response ID,Responded at,NPS,Comment"]
    for number in range(60):
        score = "" if number % 6 == 0 else str((10, 9, 8, 3, 10)[number % 5])
        lines.append(f"R{number},2026-04-{number % 28 + 1:02} 10:00:00,{score},")
    path = folder / "survey.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_sample_says_what_clients_feel_and_whether_we_know(open_app, home):
    space = Workspace(home)
    for name in ("google_forms_survey.csv", "zendesk_tickets.csv"):
        space.add(SAMPLES / name, name)
    with space.engine() as engine:
        found = link(engine)
    at = open_app("voice")
    at.query_params["span"] = "all"
    at.run()
    text = shown(at)
    assert t("voice.bias", "en") in text
    assert t("voice.rate_unknown", "en") in text
    assert "promoters" in text
    # Good and bad of the tickets have no mean: a dash, not a lack of records.
    assert t("flag.no_data", "en")[:20] not in str([one.value.to_dict() for one in at.table])
    assert t("metric.nps.name", "en") in {one.label for one in at.metric}
    assert len(at.get("vega_lite_chart")) == 1
    at.session_state["lang"] = "ru"
    at.query_params["section"] = "link"
    at.run()
    text = shown(at)
    fast, slow = (
        percent_text(bucket.value.value, "ru").replace("\u00a0", " ")
        for bucket in (found.buckets[0], found.buckets[-1])
    )
    assert f"довольны реже: {slow}" in text
    assert fast in text
    assert decimal_text(found.correlation.value, "ru", 2) in text
    assert t("voice.association", "ru") in text
    assert len(at.get("vega_lite_chart")) == 1
    at.button(key="derived_voice_link").click().run()
    assert t("lineage.component.scored", "ru") in shown(at)
    assert {one.value.iloc[0, 0] for one in at.dataframe} == {"zendesk_tickets.csv"}
    asked = "Насколько вероятно, что вы порекомендуете нас?"
    at.query_params["question"] = asked
    at.run()
    shown(at)
    assert t("metric.csat.name", "ru") not in {one.label for one in at.metric}
    assert [
        one.value for one in at.multiselect if one.label == t("voice.question_filter", "ru")
    ] == [[asked]]


def test_an_uploaded_survey_keeps_its_blanks_apart(open_app, home, tmp_path):
    path = survey(tmp_path)
    Workspace(home).add(path, path.name)
    at = open_app("voice")
    at.query_params["span"] = "all"
    at.run()
    text = shown(at)
    assert "Only 50 answers" in text
    (table,) = [one.value for one in at.dataframe if t("voice.column.blanks", "en") in one.value]
    assert table[t("voice.column.blanks", "en")].tolist() == ["10"]
    at.query_params["section"] = "link"
    at.run()
    assert t("voice.link_needs", "en") in shown(at)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_without_scores_the_page_says_what_it_needs(open_app, language):
    at = open_app("voice", locale=language)
    assert t("voice.need_scores", language) in shown(at)


def test_a_period_counts_the_questions_once_for_the_filter_and_the_sections(
    open_app, home, tmp_path, monkeypatch
):
    Workspace(home).add(survey(tmp_path), "survey.csv")
    counted = []
    of_part = asked._lines

    def seen(part, filters):
        counted.append((filters.start, filters.end))
        return of_part(part, filters)

    monkeypatch.setattr(asked, "_lines", seen)
    at = open_app("voice")
    at.query_params["section"] = "questions"
    for span, period in (("dates", ["2026-04-03", "2026-04-20"]), ("all", [])):
        at.query_params["span"] = span
        at.query_params["period"] = period
        at.run()
        assert t("voice.questions_note", "en") in shown(at)
    assert len(counted) == len(set(counted)) == 3


def test_questions_over_several_choices_are_told_apart_where_they_are_cut():
    question = "Please rate the following things about our support (1 = poor, 5 = excellent)"
    for choice in ("Speed of reply", "Price"):
        assert on_two_lines(f"{question} / {choice}", 24) == ["Please rate the…", choice]
        line = on_one_line(f"{question} / {choice}")
        assert len(line) == 80
        assert line.endswith(f"… / {choice}")
    assert on_one_line("Price / quality") == "Price / quality"
    assert on_two_lines(question, 24) == ["Please rate the", "following things about…"]
