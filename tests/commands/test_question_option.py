"""Several questions of one file on the command line: found, told, counted apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.cli_questions import with_question_told
from crm_metrics.errors import UsageError
from crm_metrics.mapping.model import ColumnMapping, Mapping, Why
from tests.mapping.test_questions import SURVEYMONKEY

EASY, QUICK = (
    f"How easy was it to solve your problem? / It was {word}"
    for word in ("easy to find help", "quick")
)
SPEED = "Please rate our staff: / Speed"


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    path.write_bytes(SURVEYMONKEY)
    return path


def test_each_question_is_counted_apart(run, survey):
    told = ("--question", f"{QUICK}=high", "--question", f"{SPEED}=csat, 1-5, low")
    asked = ("--metric", "csat", "--metric", "ces", "--metric", "nps", "--by", "question")
    rows = run("metrics", survey, *asked, *told, "--json").document["rows"]
    found = {(row["metric"], row["group"]["question"]): row for row in rows}
    # Agree, neutral, strongly disagree: 4, 3 and 1 of 5.
    assert found["ces", QUICK]["value"] == pytest.approx(8 / 3)
    assert found["ces", EASY]["value"] is None
    # 4, 1 and 5 where 1 is the best.
    assert found["csat", SPEED]["value"] == pytest.approx(1 / 3)
    assert found["nps", "How likely are you to recommend us?"]["value"] == pytest.approx(100 / 3)
    said = run("metrics", survey, *asked, *told, "--lang", "en").out.splitlines()
    assert not [line for line in said if "What can we improve?" in line]
    assert len([line for line in said if EASY in line]) == 1


def test_inspect_tells_the_questions_and_templates_keep_them(run, survey, tmp_path):
    template = tmp_path / "kept.json"
    told = (
        "--question",
        f"{QUICK}=ces, 0-10, low",
        "--map",
        "Which brands do you use? / Acme=comment",
    )
    run("inspect", survey, *told, "--save-template", template)
    columns = run("inspect", survey, "--template", template, "--json").document["tables"][0][
        "columns"
    ]
    by_name = {column["name"]: column for column in columns}
    asked = {"text": QUICK, "survey_type": "ces", "scale_min": 0, "scale_max": 10}
    assert by_name[QUICK]["question"] == {**asked, "polarity": "low"}
    assert by_name["Which brands do you use? / Acme"]["field"] == "comment"
    assert "question" not in by_name["Respondent ID"]


def test_what_is_not_understood_is_said(run, survey):
    ran = run("metrics", survey, "--question", f"{QUICK}=hig", "--lang", "en")
    assert ran.code == 2
    assert "--question" in ran.err
    mapping = Mapping("", "surveys", (ColumnMapping(0, "Ease", "score", "sure", Why("chosen")),))
    for told in ("", "ces, 7-1", "ces nonsense", "ces nps", "high low"):
        with pytest.raises(UsageError, match="question_format"):
            with_question_told(mapping, 0, told)
