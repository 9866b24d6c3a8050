"""A finding as a file: the same bytes for the same inputs, and the same verdict made again."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import numpy as np
import pytest

from crm_metrics.errors import InputError
from crm_metrics.experiments import Arm, Margin, Measured, Metric, Setup, plan, trial_plan
from crm_metrics.experiments.as_json import plain, typed
from crm_metrics.experiments.beside import Beside, DayArms, Waits
from crm_metrics.experiments.rerun import Inputs, concluded
from crm_metrics.experiments.waits import gathered
from crm_metrics.findings.ticks import round_ticks
from crm_metrics.findings.verdict_file import finding_document, finding_json, recheck
from crm_metrics.findings.verdict_page import finding_page
from crm_metrics.findings.verdicts import lift_texts, sentence
from crm_metrics.texts import LANGUAGES, date_text, integer_text, t

SHARES = Inputs(
    Setup("A", "Clicked", "proportion", split=(1.0, 1.0, 1.0)),
    (Arm("A", 4000, 320), Arm("<b>B</b>", 4100, 410), Arm("C", 4050, 300)),
    (
        Measured(
            Metric("Left", "proportion", "guardrail", "down", Margin(0.001)),
            (Arm("A", 4000, 8), Arm("<b>B</b>", 4100, 9), Arm("C", 4050, 8)),
        ),
    ),
    trial_plan(plan(0.08, lift=0.25, arms=3), made=date(2026, 9, 1)),
    ("split",),
)
MEANS = Inputs(
    Setup("A", "Revenue", "mean"),
    (Arm("A", 900, 90, 45_000.0, 8e6), Arm("<b>B</b>", 950, 95, 47_000.0, 9e6)),
)
NOTHING = Inputs(Setup("A", "Clicked", "proportion"), (Arm("A", 500, 500), Arm("B", 500, 500)))


def kept(inputs: Inputs, lang: str = "en", *, page: bool = False) -> bytes:
    day, source = date(2026, 10, 1), "list <1>.csv"
    finding = concluded(inputs)
    document = finding_document(inputs, finding, lang, dated=day, source=source)
    text = finding_json(document)
    if page:
        text = finding_page(inputs, finding, document, lang)
    return text.encode()


@pytest.mark.parametrize("inputs", [SHARES, MEANS, NOTHING], ids=["shares", "means", "nothing"])
def test_the_same_inputs_give_the_same_bytes_and_the_same_verdict_again(inputs):
    assert typed(Inputs, json.loads(json.dumps(plain(inputs)))) == inputs
    for lang in LANGUAGES:
        for page in (False, True):
            content = kept(inputs, lang, page=page)
            assert content == kept(inputs, lang, page=page)
            again = recheck(content)
            assert (again.same, again.differing, again.language) == (True, (), lang)
            assert again.finding == concluded(inputs)


def test_the_page_says_the_sentence_and_draws_what_is_known():
    for lang in LANGUAGES:
        page = kept(SHARES, lang, page=True).decode()
        said = sentence(concluded(SHARES), lang)
        assert said in unescape(re.sub(r"<[^>]+>", "", page.partition("<script")[0]))
        assert page.count("<circle") == 3 + 2
        found = concluded(SHARES)
        told = [lift for item in found.comparisons if (lift := lift_texts(item, lang))]
        for lift, low, high in told:
            ends = t("experiments.between", lang, low=low, high=high)
            assert f"<td>{lift} ({ends})</td>" in page
        assert f"<td>{integer_text(found.arms[1].successes, lang)}</td>" in page
        assert "<b>B</b>" not in page
        assert page.count("<script") == page.count("</script") == 1
    assert "<circle" not in kept(NOTHING, page=True).decode().partition("<h2")[0]


def test_the_pages_charts_have_ticks_and_the_course_by_day():
    days = tuple(
        DayArms(date(2026, 9, day), (Arm("A", 500, 40), Arm("B", 500, 40 + day))) for day in (7, 8)
    )
    arms = (Arm("A", 1000, 80), Arm("B", 1000, 95))
    inputs = Inputs(Setup("A", "Clicked", "proportion"), arms, beside=Beside(days=days))
    for lang, tick in (("en", ">+2\u00a0pp<"), ("ru", ">+2\u00a0п.п.<")):
        page = kept(inputs, lang, page=True).decode()
        assert page.count("<svg") == 3
        assert page.count("<circle") == 2 + 1 + 2
        assert tick in page
        assert date_text(date(2026, 9, 8), lang) in page
        assert recheck(page.encode()).same


def test_the_page_draws_how_fast_each_version_is_answered():
    hours, ones = np.array([1.0, 2.0, 30.0]), np.ones(3, dtype=np.int64)
    waits = tuple(Waits(name, hours, ones, np.array([0, 0, 5])) for name in ("A<b>", "B" * 60))
    silent = Waits("C", hours[2:], np.array([0]), np.array([7]))
    arms = (Arm("A<b>", 8, 3), Arm("B" * 60, 8, 3), Arm("C", 7, 0))
    setup = Setup("A<b>", "Replied", "proportion", least_recipients=1, least_events=0)
    inputs = Inputs(setup, arms, beside=Beside(waits=(*waits, silent)))
    for lang in LANGUAGES:
        page = kept(inputs, lang, page=True).decode()
        title = f"<h2>{t('experiments.speed_title', lang)}</h2>"
        drawn = page.partition(title)[2].partition("</svg>")[0]
        # Kaplan and Meier: 1 - 7/8 * 6/7 * 5/6; the last of the names is cut, the number is not.
        assert "A&lt;b&gt;: 37" in drawn
        assert "BBB…: 37" in drawn
        assert "C: 0" in drawn
        assert t("experiments.speed_stretched", lang) in page
        assert recheck(page.encode()).same


def test_an_axis_has_three_to_six_round_ticks_whatever_its_ends():
    random = np.random.default_rng(11)
    for low, width in zip(
        random.normal(0, 3, 2000), 10 ** random.uniform(-6, 9, 2000), strict=True
    ):
        high = low + width
        ticks = round_ticks(low, high)
        assert 3 <= len(ticks) <= 6, (low, high, ticks)
        assert low - 1e-6 * width <= ticks[0]
        assert ticks[-1] <= high + 1e-6 * width
    assert round_ticks(0.5, 0.5) == [0.5]


def test_a_number_that_was_changed_is_found():
    document = json.loads(kept(MEANS))
    document["result"]["comparisons"][0]["pvalue"] *= 1 + 1e-6
    document["sentence"] += "!"
    again = recheck(json.dumps(document).encode())
    assert again.differing == ("sentence", "result.comparisons[0].pvalue")
    assert not again.inputs_changed
    document = json.loads(kept(MEANS))
    document["inputs"]["arms"][0]["n"] += 1
    again = recheck(json.dumps(document).encode())
    assert again.inputs_changed
    assert "result.arms[0].n" in again.differing
    document = json.loads(kept(MEANS))
    document["result"]["comparisons"][0]["pvalue"] *= 1 + 1e-12  # another scipy's last digits
    document["software"]["scipy"] = "9.9"
    assert recheck(json.dumps(document).encode()).same


def test_the_file_of_a_long_log_of_waits_stays_small():
    random = np.random.default_rng(5)
    size, names = 100_000, "ABC"
    ended = (random.random(size) < 0.4).astype(np.int64)
    seconds = np.round(random.exponential(200_000, size).clip(max=30 * 86_400))
    found = gathered(names, random.integers(0, 3, size), seconds, ended, 1 - ended)
    arms = tuple(Arm(one.arm, int((one.ended + one.running).sum()), 12_000) for one in found)
    inputs = Inputs(Setup("A", "Replied", "proportion"), arms, beside=Beside(waits=found))
    content = kept(inputs, page=True)
    assert len(content) < 1_000_000
    assert recheck(content).same


def test_other_files_are_refused():
    document = json.loads(kept(MEANS))
    broken = [
        document | {"schema": "other"},
        document | {"version": 2},
        document | {"language": "fr"},
        document | {"inputs": None},
        document | {"inputs": document["inputs"] | {"setup": {"control": 1}}},
        document | {"inputs": document["inputs"] | {"more": 1}},
    ]
    contents = [json.dumps(one).encode() for one in broken]
    for content in (*contents, b"", b"\xff", b"[1]", b"<html></html>"):
        with pytest.raises(InputError) as caught:
            recheck(content)
        assert caught.value.code == "finding_file"


def test_the_file_names_its_method_software_and_date():
    document = json.loads(kept(SHARES))
    assert document["date"] == "2026-10-01"
    assert {"scipy", "numpy", "python", "crm-metrics"} == set(document["software"])
    assert any("Holm" in line for line in document["method"])
    assert len(document["chances"]) in (0, 3)
    assert re.fullmatch(r"[0-9a-f]{64}", document["inputs_sha256"])
