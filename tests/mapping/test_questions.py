"""Which columns of a survey are questions, and what each was asked for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.facts import Facts
from crm_metrics.intake import read
from crm_metrics.mapping import Mapping, completed, suggest
from crm_metrics.mapping.cells.profile import profile
from crm_metrics.mapping.cells.score_words import score_scale
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.model import Question
from crm_metrics.mapping.questions import needs_polarity, question_of
from crm_metrics.mapping.templates.file import from_json, to_json
from crm_metrics.mapping.templates.template import template_of
from crm_metrics.store.records import from_plain, to_plain
from tests.mapping.made import made_table

FILES = Path(__file__).parents[1] / "data"

# Two header rows as SurveyMonkey writes them: a question over its first choice, choices below.
SURVEYMONKEY = b"""\
Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,Custom Data 1,\
How likely are you to recommend us?,How easy was it to solve your problem?,,\
Which brands do you use?,,What can we improve?,Please rate our staff: ,,\r
,,,,,,,Response,It was easy to find help,It was quick,Acme,Globex,Open-Ended Response,\
Politeness,Speed,Knowledge\r
114,1,03/05/2024 10:00:01 AM,03/05/2024 10:04:11 AM,1.2.3.4,a@example.com,,9,Strongly agree,\
Agree,Acme,,Deliver faster please,5,4,3\r
115,1,03/06/2024 10:00:01 AM,03/06/2024 10:02:00 AM,1.2.3.5,b@example.com,,0,Disagree,Neutral,,\
Globex,The site is hard to use on a phone,2,1,\r
116,1,03/27/2024 11:00:01 AM,03/27/2024 11:09:30 AM,1.2.3.6,c@example.com,,10,Strongly agree,\
Strongly disagree,Acme,Globex,,5,5,5\r
"""
GOOGLE_FORMS = """\
Отметка времени,"Насколько вероятно, что вы порекомендуете нас друзьям? (0–10)",\
Насколько вы довольны доставкой?,\
"Насколько легко было оформить заказ? (1 — очень сложно, 7 — очень легко)",\
Оцените качество товара,Согласны ли вы: «Поддержка решила мой вопрос»?,\
Откуда вы о нас узнали?,Сколько заказов вы сделали за год?,Что нам улучшить?,\
Почему вы поставили такую оценку?
15.03.2024 10:05:12,9,Скорее доволен,6,5,Согласен,Реклама,3,Больше цветов в каталоге,\
Быстро привезли заказ
15.03.2024 11:05:12,,Очень доволен,2,4,Полностью согласен,Друзья,1,,
16.03.2024 11:05:12,3,Недоволен,7,2,Не согласен,Реклама,2,Привозите быстрее пожалуйста,\
Опоздали на два дня
"""


def suggested(folder: Path, content: bytes, name: str = "survey.csv") -> Mapping:
    path = folder / name
    path.write_bytes(content)
    (table,) = read(path)
    return suggest(table)


def found(mapping: Mapping) -> dict[str, tuple[str | None, float | None, float | None] | None]:
    """Kind and scale by question; None of comments."""
    asked = {one.name: mapping.asked(one.column) for one in mapping.questions}
    return {
        one.name: None
        if one.field == "comment"
        else (
            asked[one.name].survey_type,
            asked[one.name].scale_min,
            asked[one.name].scale_max,
        )
        for one in mapping.questions
    }


def test_a_real_survey_of_75_columns():
    mapping = suggest(read(FILES / "carpentries_nps_survey_2017.csv")[0])
    agreement = dict.fromkeys(
        (
            *("Skills-Advance-Career", "Motivated-Seek-Knowledge", "Made-Analyses-Reproducible"),
            *("Received-Professional-Recognition", "Improved Coding Practices"),
            *("Improved-Research-Productivity", "Gained-Confidence-With-Data"),
        ),
        ("other", 1, 5),
    )
    # "Other, please specify" of four lists of choices; two more have single words.
    in_words = dict.fromkeys(("Column33", "Column38", "Column52"))
    assert found(mapping) == agreement | in_words | {"Likely-To-Recommend": ("nps", 0, 10)}
    assert mapping.fields["country"].name == "Country"
    assert len(mapping.fields) == 3
    assert mapping.constants == {}
    assert not [one.name for one in mapping.columns if one.level == "ask"]
    likert = mapping.columns[50].values
    assert likert["strongly disagree"] == "1"
    assert likert["strongly agree"] == "5"


def test_surveymonkeys_two_header_rows(tmp_path: Path):
    mapping = suggested(tmp_path, SURVEYMONKEY)
    assert mapping.system == "SurveyMonkey"
    easy = "How easy was it to solve your problem?"
    staff = "Please rate our staff:"
    assert found(mapping) == {
        "How likely are you to recommend us?": ("nps", 0, 10),
        f"{easy} / It was easy to find help": ("ces", 1, 5),
        f"{easy} / It was quick": ("ces", 1, 5),
        "What can we improve?": None,
        f"{staff} / Politeness": ("csat", 1, 5),
        f"{staff} / Speed": ("csat", 1, 5),
        f"{staff} / Knowledge": ("csat", 1, 5),
    }
    asked = {one.name: one.why.code for one in mapping.columns if one.level == "ask"}
    assert asked == {
        f"{easy} / It was easy to find help": "question_polarity",
        f"{easy} / It was quick": "question_polarity",
    }


def test_a_russian_google_form(tmp_path: Path):
    mapping = suggested(tmp_path, GOOGLE_FORMS.encode())
    assert mapping.system == "Google Forms"
    effort = "Насколько легко было оформить заказ? (1 — очень сложно, 7 — очень легко)"
    assert found(mapping) == {
        "Насколько вероятно, что вы порекомендуете нас друзьям? (0–10)": ("nps", 0, 10),
        "Насколько вы довольны доставкой?": ("csat", 1, 5),
        effort: ("ces", 1, 7),
        "Оцените качество товара": ("csat", 1, 5),
        "Согласны ли вы: «Поддержка решила мой вопрос»?": ("other", 1, 5),
        "Что нам улучшить?": None,
        "Почему вы поставили такую оценку?": None,
    }
    # The header itself names the easy end; how many orders there were is no grade.
    assert mapping.asked(3).polarity == "high"
    assert not [one.name for one in mapping.columns if one.level == "ask"]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("How likely are you to recommend us?", ["0", "9", "10"], ("nps", 0, 10, None)),
        ("How likely are you to recommend us, from 1 to 10?", ["1", "9"], ("other", 1, 10, None)),
        ("Порекомендуете ли вы нас? (1–5)", ["1", "5"], ("other", 1, 5, None)),
        ("Порекомендуете ли вы нас? От 0 до 10", ["3", "5"], ("nps", 0, 10, None)),
        ("How much effort did it take?", ["1", "5"], ("ces", 1, 5, None)),
        ("Насколько сложно было оплатить?", ["1", "7"], ("ces", 1, 7, None)),
        ("Ease (1 - very easy, 5 - very difficult)", ["1", "4"], ("ces", 1, 5, "low")),
        ("Качество: 1 — отлично, 5 — ужасно", ["1", "4"], ("csat", 1, 5, "low")),
        ("How easy was it?", ["Very easy", "Difficult"], ("ces", 1, 5, "high")),
        ("Rate the delivery (1-10)", ["4", "10"], ("csat", 1, 10, None)),
        ("How satisfied are you?", ["Very satisfied", "Dissatisfied"], ("csat", 1, 5, None)),
        ("It was easy", ["Agree", "Strongly disagree"], ("ces", 1, 5, None)),
        ("We deliver in time", ["Agree", "Strongly disagree"], ("other", 1, 5, None)),
    ],
)
def test_what_a_question_was_asked_for(header, cells, expected):
    series = pd.Series(cells)
    scale = score_scale([cell.lower() for cell in cells])
    assert question_of(read_name(header), profile(series), scale) == Question("", *expected)


def test_recommending_where_nobody_chose_0_is_asked(tmp_path: Path):
    rows = [[str(1 + place % 10), "4"] for place in range(60)]
    table = made_table(tmp_path, ["Would you recommend us?", "Rate our delivery"], rows)
    mapping = suggest(table, grain="surveys")
    assert mapping.columns[0].why.code == "question_from_one"
    assert mapping.columns[0].level == "ask"


@pytest.mark.parametrize(
    ("header", "survey"),
    [
        ("Порекомендуете нас? (1–10)", ("other", "1", "10")),
        ("NPS (1–10)", ("nps", "1", "10")),
        ("NPS (0–10)", ("nps", "0", "10")),
    ],
)
def test_the_only_question_has_the_scale_of_its_header(tmp_path: Path, header, survey):
    rows = [[f"2026-03-{1 + place % 28:02}", str(1 + place % 10)] for place in range(40)]
    mapping = suggest(made_table(tmp_path, ["Дата ответа", header], rows), grain="surveys")
    names = ("survey_type", "scale_min", "scale_max")
    assert tuple(mapping.constants[name] for name in names) == survey


def test_choices_and_addresses_are_no_comments(tmp_path: Path):
    ticked = ["Delivery speed, Low prices", "Low prices", "Low prices, Friendly staff"]
    rows = [
        [ticked[place % 3], f"{place} Long Street, Apartment {place + 7}, Perm", str(place % 11)]
        for place in range(40)
    ]
    headers = ["What do you like about our shop?", "Delivery address", "Would you recommend us?"]
    mapping = suggest(made_table(tmp_path, headers, rows), grain="surveys")
    assert "comment" not in {one.field for one in mapping.columns}


def test_a_number_that_may_be_a_grade_is_asked(tmp_path: Path):
    rows = [[str(place % 6), str(place % 11)] for place in range(40)]
    headers = ["Are you with us on this one?", "Would you recommend us?"]
    mapping = suggest(made_table(tmp_path, headers, rows), grain="surveys")
    assert mapping.columns[0].field is None
    assert mapping.columns[0].why.code == "question_or_number"


def test_a_second_question_leaves_the_first_its_own(tmp_path: Path):
    """Without a word of the file's only question the constants would hold for both."""
    rows = [[str(place % 11), str(1 + place % 5)] for place in range(40)]
    table = made_table(tmp_path, ["Would you recommend us?", "Taste"], rows)
    single = suggest(table, grain="surveys")
    assert single.constants["survey_type"] == "nps"
    assert single.asked(0) == Question("Would you recommend us?", "nps", 0, 10)
    both = single.with_field(1, "score")
    assert [one.column for one in both.questions] == [0, 1]
    named = both.with_question(1, Question("Taste?", "csat", 1, 5))
    assert named.constants == {}


def test_questions_are_kept_by_a_template(tmp_path: Path):
    mapping = suggested(tmp_path, SURVEYMONKEY)
    changed = mapping.with_question(8, Question("Easy to find?", "ces", 1, 5, "low"))
    template = template_of(changed, created=pd.Timestamp("2026-01-01").date(), name="Survey")
    again = from_json(to_json(template))
    assert again == template
    table = read(tmp_path / "survey.csv")[0]
    next_month = suggest(table, templates=[again])
    assert next_month.applied is not None
    assert next_month.asked(8) == changed.asked(8)
    assert found(next_month) == found(changed)


def test_what_was_kept_before_questions_is_still_read():
    """A column and facts as they were written when a file had one score at most."""
    column = {
        "column": 0,
        "name": "NPS",
        "field": "score",
        "level": "sure",
        "why": {"code": "chosen"},
    }
    kept = {
        "fingerprint": "f",
        "grain": "surveys",
        "columns": [column],
        "constants": {"survey_type": "nps", "scale_min": "0", "scale_max": "10"},
    }
    mapping = from_plain(Mapping, kept)
    assert mapping.asked(0) == Question("NPS", "nps", 0, 10)
    facts = {"path": "f.parquet", "grain": "surveys", "rows": 1, "recipes": [], "dimensions": {}}
    assert from_plain(Facts, facts | {"period": None}).questions == ()
    again = from_plain(
        Mapping, to_plain(mapping.with_question(0, Question("", "ces", 1, 7, "low")))
    )
    assert again.asked(0) == Question("NPS", "ces", 1, 7, "low")


def test_the_only_question_of_a_file_is_asked_which_end_is_good(tmp_path: Path):
    rows = [[str(1 + place % 7)] for place in range(40)]
    table = made_table(tmp_path, ["How much effort did it take?"], rows)
    asked = suggest(table, grain="surveys")
    assert needs_polarity(asked.asked(0))
    assert asked.columns[0].why.code == "question_polarity"
    told = completed(table, asked.with_question(0, Question("", "ces", 1, 7, "low")))
    assert told.asked(0).polarity == "low"
    assert told.columns[0].level == "sure"
    assert told.constants == {}
