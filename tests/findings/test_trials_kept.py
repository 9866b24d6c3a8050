"""Tests that are kept for the report: their files, their tab, their caveats."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from crm_metrics.errors import LimitError
from crm_metrics.experiments import Arm, Measured, Metric, Setup
from crm_metrics.experiments.rerun import Inputs, concluded
from crm_metrics.findings import build_report, trials_kept
from crm_metrics.findings.trials_kept import drop_trial, keep_trial, kept_keys, read_trials
from crm_metrics.findings.verdict_file import finding_document
from crm_metrics.findings.verdicts import sentence
from crm_metrics.findings.workbook import workbook
from crm_metrics.store import Workspace
from crm_metrics.texts import LANGUAGES, t

THREE = Inputs(
    Setup("A", "=Clicked", "proportion", split=(1.0, 1.0, 1.0), planned_n=900),
    (Arm("A", 1000, 80), Arm("C", 1000, 90), Arm("B", 1000, 130)),
    (
        Measured(
            Metric("Left", "proportion", "guardrail", "down"),
            (Arm("A", 1000, 8), Arm("C", 1000, 8), Arm("B", 1000, 9)),
        ),
    ),
)
MEANS = Inputs(
    Setup("A", "Revenue", "mean"),
    (Arm("A", 900, 90, 45_000.0, 8e6), Arm("B", 950, 95, 57_000.0, 9e6)),
)


def document(inputs: Inputs, source: str = "=list.csv") -> dict:
    return finding_document(inputs, concluded(inputs), "en", source=source)


def tab(folder: Path, lang: str) -> tuple[list[str], list[dict]]:
    """The lines of the first tab, and the rows of the tests' tab."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(build_report(Workspace(folder), lang=lang))))
    first = [str(cell.value) for cell in book.worksheets[0]["A"] if cell.value]
    head, *rows = book[t("report.tab.trials", lang)].iter_rows(min_row=4, values_only=True)
    return first, [dict(zip(head, row, strict=True)) for row in rows]


def test_what_a_hand_put_beside_a_kept_test_is_told_and_goes_by_its_own_name(tmp_path):
    keep_trial(tmp_path, document(THREE))
    (own,) = kept_keys(tmp_path)
    text = (tmp_path / "tests" / f"{own}.json").read_text(encoding="utf-8")
    (tmp_path / "tests" / "copy.json").write_text(text, encoding="utf-8")
    forged = json.loads(text)
    forged["inputs"]["beside"]["scores"] = [[]]
    (tmp_path / "tests" / "forged.json").write_text(json.dumps(forged), encoding="utf-8")
    found, unread = read_trials(tmp_path)
    assert ({one.key for one in found}, unread) == ({own, "copy"}, 1)
    drop_trial(tmp_path, "copy")
    assert kept_keys(tmp_path) == tuple(sorted((own, "forged")))


def test_a_test_is_kept_once_and_no_longer_where_it_is_dropped(tmp_path, monkeypatch):
    for _ in range(2):
        keep_trial(tmp_path, document(THREE))
    keep_trial(tmp_path, document(THREE, "another.csv"))
    found, unread = read_trials(tmp_path)
    assert unread == 0
    assert {one.source for one in found} == {"=list.csv", "another.csv"}
    assert all(one.same and one.finding == concluded(THREE) for one in found)
    monkeypatch.setattr(trials_kept, "MOST_KEPT", 2)
    keep_trial(tmp_path, document(THREE))
    with pytest.raises(LimitError, match="trials_full"):
        keep_trial(tmp_path, document(MEANS))
    for key in kept_keys(tmp_path):
        drop_trial(tmp_path, key)
    assert read_trials(tmp_path) == ((), 0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_has_each_version_with_the_numbers_of_the_verdict(tmp_path, lang):
    keep_trial(tmp_path, document(THREE))
    first, rows = tab(tmp_path, lang)
    finding = concluded(THREE)
    assert any(line.startswith(sentence(finding, lang)) for line in first)

    def cells(row: dict, keys: str) -> list:
        return [row[t(f"report.column.{key}", lang)] for key in keys.split()]

    assert [cells(row, "trial_arm trial_control")[0] for row in rows] == ["C", "B", "C", "B"]
    keys = "value difference difference_low difference_high lift pvalue control_n n_planned"
    for row, one, arm in zip(rows[:2], finding.comparisons, finding.arms[1:], strict=True):
        gaps = [100 * end for end in (one.difference, one.difference_low, one.difference_high)]
        wanted = [arm.value, *gaps, one.lift, one.pvalue_adjusted, 1000, 900]
        assert cells(row, keys) == pytest.approx(wanted)
        assert cells(row, "trial_metric split_planned people_split trial_source") == [
            *("'=Clicked", "1:1:1", "1000:1000:1000", "'=list.csv")
        ]
    winner = t("experiments.code.winner_but", lang)
    # The verdict is of B: the row of C has none that could be read as its own.
    assert [cells(row, "trial_verdict")[0] for row in rows] == [None, winner, None, None]
    decides, rail = (t(f"report.trial.{key}", lang) for key in ("decides", "guardrail"))
    assert [cells(row, "trial_role")[0] for row in rows] == [decides, decides, rail, rail]


def test_amounts_have_no_points_and_a_blocked_test_no_winner(tmp_path):
    keep_trial(tmp_path, document(MEANS))
    spoilt = replace(THREE, arms=(Arm("A", 1000, 80), Arm("C", 700, 70), Arm("B", 1000, 130)))
    keep_trial(tmp_path, document(spoilt))
    _, rows = tab(tmp_path, "en")
    (mean,) = [row for row in rows if row["Metric"] == "Revenue"]
    assert mean["Difference"] == pytest.approx(57_000 / 950 - 50)
    said = {row["Verdict"] for row in rows if row["Metric"] == "'=Clicked" and row["Verdict"]}
    assert said == {t("experiments.code.do_not_use", "en")}


def test_a_file_that_says_other_numbers_or_nothing_is_told(tmp_path):
    forged = document(THREE)
    forged["result"]["comparisons"][0]["difference"] = 0.5
    keep_trial(tmp_path, forged)
    (tmp_path / "tests" / "broken.json").write_text(json.dumps({"schema": 1}))
    report = build_report(Workspace(tmp_path), lang="en")
    assert [one.finding for one in report.trials] == [concluded(THREE)]
    assert t("report.caveat.trial_differs", "en", test="=Clicked") in report.caveats
    assert t("report.caveat.trials_unread", "en", count=1) in report.caveats
