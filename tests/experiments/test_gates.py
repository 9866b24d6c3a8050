"""Every gate: what blocks, what warns, and what is said to be unchecked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from crm_metrics.experiments import Arm, Setup, gates
from crm_metrics.experiments.beside import Beside
from crm_metrics.findings import gate_text

SETUP = Setup("A", "clicked", "proportion")


def pair(x0=100, n0=1000, x=120, n=1000) -> tuple[Arm, ...]:
    return Arm("A", n0, x0), Arm("B", n, x)


def test_more_successes_than_people_block():
    gate = gates.plausibility(SETUP, pair(x=1200))
    assert (gate.status, gate.detail) == ("block", "success_above_n")
    assert gate.params == {"arm": "B", "successes": 1200, "n": 1000}


def test_an_arm_without_events_beside_a_hundred_blocks():
    assert gates.plausibility(SETUP, pair(x0=0, x=100)).detail == "silent_arm"
    assert gates.plausibility(SETUP, pair(x0=0, x=99)).status == "pass"
    money = Setup("A", "revenue", "mean")
    arms = (Arm("A", 500, 0, total=0.0, squares=0.0), Arm("B", 500, 130, total=9.0, squares=9.0))
    assert gates.plausibility(money, arms).detail == "silent_arm"


def test_amounts_below_zero():
    money = Setup("A", "revenue", "mean")
    arms = (Arm("A", 500, 90, total=-5.0, squares=9.0), Arm("B", 500, 130, total=9.0, squares=9.0))
    assert gates.plausibility(money, arms).detail == "negative_total"
    refunds = Setup("A", "revenue", "mean", negatives=3)
    gate = gates.plausibility(refunds, (arms[1], arms[1]))
    assert (gate.status, gate.params) == ("warn", {"count": 3})


def test_a_recipient_who_holds_most_of_an_amount_is_named():
    spread = Arm("A", 500, 90, total=900.0, squares=9_000.0)
    # Ninety orders of 10 and one of 900, half of the total: the sums alone prove a quarter.
    lone = Arm("B", 500, 91, total=1_800.0, squares=90 * 10.0**2 + 900.0**2)
    gate = gates.plausibility(Setup("A", "revenue", "mean"), (spread, lone))
    assert (gate.status, gate.detail, gate.params["arm"]) == ("warn", "one_amount", "B")
    assert gate.params["share"] == pytest.approx(819_000 / 1_800**2)
    for setup, arms in (
        (Setup("A", "revenue", "mean"), (spread, spread)),
        (Setup("A", "revenue", "mean", negatives=1), (spread, lone)),
        (Setup("A", "m", "proportion"), pair()),
    ):
        assert gates.plausibility(setup, arms).detail != "one_amount"
    # A refund of 950 leaves one order of 1,000 twenty times the whole.
    whole = Setup("A", "revenue", "mean")
    back = Arm("B", 500, 2, total=50.0, squares=1_000.0**2 + 950.0**2)
    assert gates.plausibility(whole, (spread, back)).detail == "plausible"
    refunds, beside = replace(whole, negatives=1), Beside(largest=(0.01, 1_000 / 1_950))
    gate = gates.plausibility(refunds, (spread, back), beside)
    assert (gate.detail, gate.params["share"]) == ("one_amount_refunds", 1_000 / 1_950)
    details = [g.detail for g in gates.gates(refunds, (spread, back), beside)]
    assert details[:2] == ["one_amount_refunds", "negative_amounts"]
    all_of_it = replace(gate, params=gate.params | {"share": 1.0})
    assert "51%" in gate_text(gate, "en")
    assert "99%" in gate_text(all_of_it, "en")


def test_people_in_two_arms_warn_and_above_one_percent_block():
    def status(duplicates: int) -> str:
        setup = Setup("A", "m", "proportion", duplicates=duplicates, people_known=True)
        return gates.assignment(setup, pair()).status

    assert status(0) == "pass"
    assert status(1) == "warn"
    assert status(20) == "warn"
    assert status(21) == "block"
    assert gates.assignment(Setup("A", "m", "proportion", repeated=4), pair()).status == "warn"
    assert gates.assignment(Setup("A", "m", "proportion", unassigned=4), pair()).status == "warn"


def test_without_a_column_of_people_nobody_is_said_to_be_in_one_arm():
    gate = gates.assignment(Setup("A", "m", "proportion"), pair())
    assert (gate.status, gate.detail) == ("not_checked", "people_unknown")


def split_gate(split, *sizes):
    setup = Setup("A", "m", "proportion", split=split)
    arms = tuple(Arm("ABCD"[i], n, n // 10) for i, n in enumerate(sizes))
    return gates.sample_ratio(setup, arms)


def test_mismatch_equals_chi_square_of_scipy():
    gate = split_gate((50, 50), 4790, 5210)
    assert gate.status == "block"
    assert gate.detail == "mismatch"
    assert gate.params["pvalue"] == pytest.approx(stats.chisquare([4790, 5210]).pvalue, rel=1e-9)
    three = split_gate((50, 25, 25), 5000, 2450, 2500)
    expected = stats.chisquare([5000, 2450, 2500], [4975, 2487.5, 2487.5])
    assert three.params["pvalue"] == pytest.approx(expected.pvalue, rel=1e-9)
    assert three.status == "pass"


def test_between_one_in_a_thousand_and_one_in_a_hundred_warns():
    gate = split_gate((1, 1), 5000, 5280)
    assert 0.001 < gate.params["pvalue"] < 0.01
    assert (gate.status, gate.detail) == ("warn", "slight_mismatch")


def test_a_lopsided_plan_is_no_false_alarm():
    assert split_gate((95, 5), 9500, 500).status == "pass"


def test_tiny_arms_are_tested_exactly():
    gate = split_gate((1, 1), 1, 7)
    assert gate.params["pvalue"] == pytest.approx(stats.binomtest(1, 8, 0.5).pvalue)


def test_empty_and_unplanned_arms():
    assert split_gate((1, 1), 500, 0).detail == "empty_arm"
    assert split_gate((1, 1, 0), 500, 500, 3).detail == "unplanned_arm"
    assert split_gate((1, 1, 0), 500, 500, 0).status == "pass"


def test_an_unknown_split_is_said_to_be_unchecked():
    gate = split_gate(None, 500, 700)
    assert (gate.status, gate.detail) == ("not_checked", "split_unknown")


@pytest.mark.parametrize(
    ("arms", "detail"),
    [
        (pair(3, 60, 4, 60), "few_events"),
        (pair(12, 500, 12, 500), "few_events"),
        (pair(13, 500, 12, 500), "enough"),
        (pair(20, 49, 20, 50), "few_recipients"),
        (pair(20, 50, 20, 50), "enough"),
    ],
)
def test_size(arms, detail):
    assert gates.size(SETUP, arms).detail == detail


def test_opens_that_decide_are_a_reservation():
    assert gates.caveats(Setup("A", "open_rate", "proportion"))[0].status == "warn"
    assert gates.caveats(Setup("A", "Открыто", "proportion"))[0].status == "warn"
    assert gates.caveats(Setup("A", "Clicked", "proportion"))[0].status == "pass"


def test_what_is_left_out_never_hides_behind_something_else():
    arms = (Arm("A", 500, 90, total=5.0, squares=9.0), Arm("B", 500, 130, total=9.0, squares=9.0))
    setup = Setup("A", "revenue", "mean", negatives=3, unread=7, unassigned=5)
    seen = [(gate.gate, gate.status, gate.detail) for gate in gates.gates(setup, arms)]
    assert seen[:4] == [
        ("plausibility", "warn", "negative_amounts"),
        ("plausibility", "warn", "unread_values"),
        ("assignment", "warn", "without_variant"),
        ("assignment", "not_checked", "people_unknown"),
    ]
    people = Setup("A", "m", "proportion", duplicates=30, repeated=2, unread=1, people_known=True)
    seen = [(gate.status, gate.detail) for gate in gates.gates(people, pair(x=1200))]
    assert seen[:4] == [
        ("block", "success_above_n"),
        ("warn", "unread_values"),
        ("block", "in_several_arms"),
        ("warn", "repeated_rows"),
    ]
