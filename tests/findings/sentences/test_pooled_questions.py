"""What is said of a metric that counts the answers to several questions."""

from __future__ import annotations

from dataclasses import replace

from crm_metrics.findings.sentences.questions import pooled_lines, score_words
from crm_metrics.metrics.voice.questions import Question, questions
from tests.metrics.stand_in import FrameEngine
from tests.metrics.voice.test_questions import answers


def test_a_metric_of_several_questions_says_whom_its_n_counts():
    found = questions(FrameEngine(surveys=answers(40)))
    rated = next(one for one in found if one.text == "Rate us")
    assert pooled_lines([rated], "en") == []
    (said,) = pooled_lines([rated, replace(rated, text="Rate them"), found[-1]], "en")
    assert "several questions at once (2)" in said
    assert "n counts people, not answers" in said


def test_a_question_that_nobody_answered_is_not_said_to_have_words():
    blank = Question("NPS", "nps", 0.0, 10.0, None, (), blanks=2, comments=0)
    assert score_words(blank, "ru") == "никто не ответил"
    assert score_words(replace(blank, comments=1), "en") == "answers in words"
