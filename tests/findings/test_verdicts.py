"""The words of a verdict: its numbers are the table's, in both languages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from crm_metrics.experiments import Arm, Beside, Measured, Metric, Setup, analyse
from crm_metrics.experiments.beside import Segment, Waits
from crm_metrics.findings.verdicts import (
    difference_texts,
    gate_text,
    inputs_hash,
    line_text,
    method_note,
    next_step,
    segment_text,
    sentence,
    standing_text,
)
from crm_metrics.texts import LANGUAGES, t

SPACES = dict.fromkeys(map(ord, "\u00a0\u202f"), None)


def proportion(x0, n0, x, n, **setup):
    asked = Setup("A", "Clicked", "proportion", **setup)
    return analyse(asked, [Arm("A", n0, x0), Arm("B", n, x)])


def amounts(total0, squares0, total, squares, n=1000):
    arms = [
        Arm("A", n, n // 10, total=total0, squares=squares0),
        Arm("B", n, n // 10, total=total, squares=squares),
    ]
    return analyse(Setup("A", "Revenue", "mean"), arms)


def rail(x0, x, n=1000, role="guardrail"):
    metric = Metric("Unsubscribed", "proportion", role, "down")
    return Measured(metric, (Arm("A", n, x0), Arm("B", n, x)))


def with_rail(*counts):
    arms = [Arm("A", 1000, 80), Arm("B", 1000, 130)]
    return analyse(Setup("A", "Clicked", "proportion"), arms, [rail(*counts)])


FINDINGS = {
    "WINNER": proportion(80, 1000, 130, 1000),
    "WORSE": proportion(80, 1000, 50, 1000),
    "PROMISING": proportion(80, 1000, 100, 1000),
    "NO_CLEAR": proportion(100, 1000, 92, 1000),
    "TOO_SMALL": proportion(3, 60, 4, 60),
    "DO_NOT_USE": proportion(400, 4790, 460, 5210, split=(50, 50)),
    "CANNOT_SAY": proportion(500, 500, 500, 500),
    "WINNER_BUT": with_rail(5, 60),
    "SAME_ENOUGH": proportion(10_000, 100_000, 10_050, 100_000, smallest=0.004),
    "REAL_BUT_SMALL": proportion(80, 1000, 130, 1000, smallest=0.03),
}


def numbers(text: str, lang: str) -> list[float]:
    """Every number of a sentence, as the language writes it."""
    plain = text.translate(SPACES).replace("\u2212", "-")
    if lang == "ru":
        plain = plain.replace(",", ".") if lang == "ru" else plain
        found = re.findall(r"(?<![\w.])[+-]?\d+(?:\.\d+)?", plain)
    else:
        found = re.findall(r"(?<![\w.,])[+-]?\d+(?:,\d{3})*(?:\.\d+)?", plain)
    return [float(number.replace(",", "")) for number in found]


def test_a_column_stands_in_quotation_marks_and_a_known_metric_does_in_russian():
    found = FINDINGS["WINNER_BUT"]
    assert "wins on “Clicked” but loses on “Unsubscribed”:" in sentence(found, "en")
    assert "показателю «Clicked», но проигрывает по: «Unsubscribed»." in sentence(found, "ru")
    known = analyse(
        Setup("A", "click_rate", "proportion"), [Arm("A", 1000, 80), Arm("B", 1000, 130)]
    )
    assert "“" not in sentence(known, "en")
    assert f"«{t('metric.click_rate.name', 'ru')}»" in sentence(known, "ru")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    ["WINNER", "WORSE", "PROMISING", "NO_CLEAR", "WINNER_BUT", "SAME_ENOUGH", "REAL_BUT_SMALL"],
)
def test_the_sentence_says_the_tables_numbers(code, lang):
    finding = FINDINGS[code]
    assert finding.code == code
    (item,) = finding.comparisons
    arms = {arm.name: arm for arm in finding.arms}
    own, base = arms["B"], arms["A"]
    expected = [own.successes, own.n, 100 * own.value, base.successes, base.n, 100 * base.value]
    if code not in ("NO_CLEAR", "SAME_ENOUGH"):
        expected.append(100 * item.difference)
    expected += [100 * item.difference_low, 100 * item.difference_high]
    if code in ("SAME_ENOUGH", "REAL_BUT_SMALL"):
        expected.insert(0, 100 * finding.setup.smallest)
    assert numbers(sentence(finding, lang), lang) == pytest.approx(expected, abs=0.051)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_amounts_are_said_in_their_own_unit(lang):
    finding = amounts(50_000.0, 9e6, 74_000.0, 11e6)
    said = sentence(finding, lang, name="Выручка")
    (item,) = finding.comparisons
    expected = [74, 50, item.difference, item.difference_low, item.difference_high]
    assert numbers(said, lang) == pytest.approx(expected, abs=0.051)
    assert "Выручка" in said
    assert "%" not in said
    assert "pp" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", FINDINGS)
def test_every_code_has_a_sentence_a_step_gates_and_a_method(code, lang):
    finding = FINDINGS[code]
    assert finding.code == code
    said = [sentence(finding, lang), next_step(finding, lang)]
    said += [gate_text(gate, lang) for gate in finding.gates] + method_note(finding, lang)
    for text in said:
        assert text
        assert "{" not in text
        assert ".." not in text
        assert bool(re.search(r"[\u0430-\u044f]", text)) == (lang == "ru")
    for text in said[:2]:
        assert not re.search(r"signific|значим|\bp\b|(?i:p-value)", text)


def test_points_and_percent_are_never_mixed():
    said = sentence(FINDINGS["WINNER"], "en")
    assert "+5.0\u00a0pp" in said
    assert "+5.0%" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sure_bound_is_never_rounded_to_zero(lang):
    finding = proportion(20, 20_000, 36, 20_000)
    assert finding.code == "WINNER"
    texts = difference_texts(finding, finding.comparisons[0], lang)
    assert all(numbers(text, lang)[0] > 0 for text in texts)


def test_the_size_in_the_sentence_has_its_words():
    assert "7 events among 120 recipients" in sentence(FINDINGS["TOO_SMALL"], "en")
    assert "4,790 : 5,210" in sentence(FINDINGS["DO_NOT_USE"], "en")
    assert "about 4,000 more recipients" in next_step(FINDINGS["PROMISING"], "en")
    # 12,236 are needed: 13,000 of them are 9,000 more than there are.
    step = next_step(proportion(130, 4000, 136, 4000), "en")
    assert "about 9,000 more recipients" in step
    assert "13,000 per version" in step


def test_the_method_note_names_the_test_the_level_and_the_inputs():
    finding = FINDINGS["PROMISING"]
    note = "\n".join(method_note(finding, "en"))
    assert "score test" in note
    assert "Level 0.05; intervals 95%." in note
    assert "p\u00a0= 0.1181" in note.replace("p =", "p\u00a0=").replace("=\u00a0", "= ")
    assert inputs_hash(finding) in note
    assert inputs_hash(finding) != inputs_hash(FINDINGS["WINNER"])


def test_a_metric_of_the_catalogue_has_its_name():
    arms = [Arm("A", 1000, 80), Arm("B", 1000, 130)]
    finding = analyse(Setup("A", "click_rate", "proportion"), arms)
    assert t("metric.click_rate.name", "ru") in sentence(finding, "ru")
    assert "Own name" in sentence(finding, "en", name="Own name")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rest_of_the_list_is_said_by_the_same_interval(lang):
    finding = proportion(80, 1000, 130, 1000, rest=200_000, value_each=1500.0, currency="RUB")
    item = finding.comparisons[0]
    gains = [
        200_000 * value for value in (item.difference, item.difference_low, item.difference_high)
    ]
    expected = [200_000, *gains, *(1500 * gain for gain in gains)]
    said = re.sub("RUB|₽", "", next_step(finding, lang))
    assert numbers(said, lang) == pytest.approx(expected, abs=0.51)
    fewer = proportion(130, 1000, 80, 1000, direction="down", rest=1000)
    assert ("fewer" in next_step(fewer, lang)) == (lang == "en")
    more = proportion(80, 1000, 100, 1000, smallest=0.01)
    assert numbers(next_step(more, lang), lang)[2] == 1.0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("counts", "role", "standing"),
    [
        ((5, 60), "guardrail", "worse"),
        ((60, 5), "guardrail", "better"),
        ((5, 6), "guardrail", "open"),
        ((50, 51, 10_000_000), "guardrail", "kept"),
        ((5, 6), "secondary", "open"),
        ((0, 0), "secondary", "open"),
    ],
)
def test_how_an_arm_stands_is_said_with_its_counts(lang, counts, role, standing):
    arms = [Arm("A", 1000, 80), Arm("B", 1000, 130)]
    setup = Setup("A", "Clicked", "proportion")
    (item,) = analyse(setup, arms, [rail(*counts, role=role)]).others
    assert item.standings == (standing,)
    said = standing_text(item, "B", lang)
    kept = {"en": "no sign that B is worse than agreed", "ru": "не видно, чтобы «B» был хуже"}[lang]
    assert (kept in said) == (standing == "kept")
    assert numbers(said, lang)[:2] == [counts[1], item.arms[1].n]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_second_look_has_its_words(lang):
    hours = np.array([1.0, 5.0, 48.0])
    waits = tuple(
        Waits(name, hours, np.array([early, 300, 0]), np.array([0, 0, 700 - early]))
        for name, early in (("A", 100), ("B", 250), ("C", 240))
    )
    sums = [Arm(n, 1000, 300, total=t, squares=40 * t) for n, t in
            (("A", 900.0), ("B", 1700.0), ("C", 1650.0))]  # fmt: skip
    beside = Beside(
        capped=tuple(sums),
        cap=7.5,
        answered=(Arm("A", 2000, 1000), Arm("B", 2000, 900), Arm("C", 2000, 950)),
        scores=(((1.0, 500), (3.0, 500)),) * 2 + (((2.0, 1000),),),
        waits=waits,
        segments=(Segment("City", "Omsk", tuple(sums)), Segment("City", "Perm", tuple(sums))),
    )
    finding = analyse(Setup("A", "Score", "mean"), sums, beside=beside)
    said = [line_text(line, finding, lang) for line in finding.lines]
    said += [segment_text(segment, lang) for segment in finding.segments]
    assert [line.kind for line in finding.lines] == [
        *("best", "answered", "capped", "ranks", "log_rank"),
    ]
    for text in said:
        assert "{" not in text
        assert bool(re.search(r"[\u0430-\u044f]", text)) == (lang == "ru")
    assert finding.lines[0].params["sure"] is False
    assert t("method.why.scale", lang) in method_note(finding, lang)[0]
    assert t("verdict.not_surely_best", lang, arm="B", rival="C") in sentence(finding, lang)


def test_a_lift_that_cannot_be_bounded_is_said_so():
    note = "\n".join(method_note(amounts(50.0, 9e5, 74_000.0, 11e6), "en"))
    assert "cannot be bounded" in note


def test_several_arms_say_so():
    arms = [Arm("A", 1000, 80), Arm("B", 1000, 130), Arm("C", 1000, 128)]
    finding = analyse(Setup("A", "Clicked", "proportion"), arms)
    assert "2 comparisons" in sentence(finding, "en")
    note = "\n".join(method_note(finding, "en"))
    assert "Holm" in note
    assert "chi-square" in note


def test_a_planned_size_promises_no_change_that_it_may_not_show():
    def said(planned_n: int, lang: str) -> str:
        setup = Setup("A", "clicked", "proportion", planned_n=planned_n)
        return next_step(analyse(setup, [Arm("A", 1000, 80), Arm("B", 1000, 84)]), lang)

    assert (
        said(1200, "en")
        == "Keep collecting as planned: 200 more recipients per version, 1,200 in each."
    )
    assert "1\u00a0200" in said(1200, "ru")
    assert said(900, "en").startswith("The planned 900 recipients per version are reached")
    assert "20" not in said(900, "ru")
