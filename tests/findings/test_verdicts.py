"""The words of a verdict: its numbers are the table's, in both languages."""

from __future__ import annotations

import re

import pytest

from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.findings.verdicts import (
    difference_texts,
    gate_text,
    inputs_hash,
    method_note,
    next_step,
    sentence,
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


FINDINGS = {
    "WINNER": proportion(80, 1000, 130, 1000),
    "WORSE": proportion(80, 1000, 50, 1000),
    "PROMISING": proportion(80, 1000, 100, 1000),
    "NO_CLEAR": proportion(100, 1000, 92, 1000),
    "TOO_SMALL": proportion(3, 60, 4, 60),
    "DO_NOT_USE": proportion(400, 4790, 460, 5210, split=(50, 50)),
    "CANNOT_SAY": proportion(500, 500, 500, 500),
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


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", ["WINNER", "WORSE", "PROMISING", "NO_CLEAR"])
def test_the_sentence_says_the_tables_numbers(code, lang):
    finding = FINDINGS[code]
    assert finding.code == code
    (item,) = finding.comparisons
    arms = {arm.name: arm for arm in finding.arms}
    own, base = arms["B"], arms["A"]
    expected = [own.successes, own.n, 100 * own.value, base.successes, base.n, 100 * base.value]
    if code != "NO_CLEAR":
        expected.append(100 * item.difference)
    expected += [100 * item.difference_low, 100 * item.difference_high]
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


def test_several_arms_say_so():
    arms = [Arm("A", 1000, 80), Arm("B", 1000, 130), Arm("C", 1000, 128)]
    finding = analyse(Setup("A", "Clicked", "proportion"), arms)
    assert "2 comparisons" in sentence(finding, "en")
    note = "\n".join(method_note(finding, "en"))
    assert "Holm" in note
    assert "chi-square" in note
