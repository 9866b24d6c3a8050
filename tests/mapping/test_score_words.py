"""Scores in words, stars and faces, and the scales that they stand on."""

from __future__ import annotations

import pytest

from crm_metrics.facts import build
from crm_metrics.mapping import suggest
from crm_metrics.mapping.cells.score_words import score_scale
from tests.facts.made import values_of
from tests.mapping.made import made_table


@pytest.mark.parametrize(
    ("words", "scores", "high"),
    [
        (["★★★★☆", "★☆☆☆☆", "★★★★★"], [4, 1, 5], 5),
        (["⭐⭐⭐", "⭐"], [3, 1], 5),
        (["4 из 5", "5 из 5"], [4, 5], 5),
        (["9 out of 10", "10 out of 10"], [9, 10], 10),
        (["3/5", "5/5"], [3, 5], 5),
        (["5 - very satisfied", "3 - neutral", "1 - very dissatisfied"], [5, 3, 1], None),
        (["5 (отлично)", "2 (плохо)"], [5, 2], None),
        (["1 — точно не порекомендую", "2", "10 — точно порекомендую"], [1, 2, 10], None),
        (["отлично (5)", "хорошо (4)"], [5, 4], None),
        (["5 звёзд", "1 звезда", "4 звезды"], [5, 1, 4], None),
        (["5 stars", "1 star"], [5, 1], None),
        (["4 балла", "5 баллов"], [4, 5], None),
        (["good", "bad"], [5, 1], 5),
        (["👍", "👎"], [5, 1], 5),
        (["отлично", "хорошо", "удовлетворительно", "плохо", "ужасно"], [5, 4, 3, 2, 1], 5),
        (["very satisfied", "neutral", "dissatisfied"], [5, 3, 2], 5),
        (["extremely satisfied", "very satisfied", "unhappy"], [7, 6, 3], 7),
        (["extremely satisfied", "satisfied", "very dissatisfied"], [5, 4, 1], 5),
        (["great", "okay", "not good"], [3, 2, 1], 3),
        (["😍", "😐", "😡"], [5, 3, 1], 5),
        (["strongly agree", "disagree"], [5, 2], 5),
        (["полностью согласен", "не согласен"], [5, 2], 5),
        (["очень легко", "сложно"], [5, 2], 5),
        (["offered", "good"], [5], 5),
    ],
)
def test_scores_in_words(words, scores, high):
    found = score_scale(words)
    assert (list(found.scores.values()), found.high) == (scores, high)


@pytest.mark.parametrize(
    "words",
    [
        ["5", "4"],
        ["good", "blue"],
        ["4 из 5", "9 из 10"],
        ["6 из 5"],
        ["12 звёзд"],
        ["2 comments", "5"],
        ["10.09.2026"],
        ["v2 (beta)"],
        ["offered"],
        [],
    ],
)
def test_other_words_are_no_scores(words):
    assert score_scale(words) is None


def test_a_survey_in_words_is_read_as_numbers_on_their_scale(tmp_path):
    rows = [["1", "Отлично", "2026-09-01"], ["2", "Плохо", "2026-09-02"], ["3", "", "2026-09-03"]]
    table = made_table(tmp_path, ["ID ответа", "Оценка", "Дата ответа"], rows)
    mapping = suggest(table, grain="surveys")
    assert mapping.fields["score"].values == {"отлично": "5", "плохо": "2"}
    stated = {key: mapping.constants[key] for key in ("survey_type", "scale_min", "scale_max")}
    assert stated == {"survey_type": "csat", "scale_min": "1", "scale_max": "5"}
    assert values_of(build(table, mapping), "score") == [5.0, 2.0, None]


def test_answers_out_of_ten_to_a_question_of_recommending_are_nps(tmp_path):
    rows = [["9 из 10", "2026-09-01"], ["0 из 10", "2026-09-02"]]
    headers = ["Насколько вероятно, что вы порекомендуете нас?", "Дата ответа"]
    mapping = suggest(made_table(tmp_path, headers, rows), grain="surveys")
    assert mapping.constants["survey_type"] == "nps"
    assert (mapping.constants["scale_min"], mapping.constants["scale_max"]) == ("0", "10")
