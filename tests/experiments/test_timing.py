"""When arms were sent and read, and counts that do not fit each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from crm_metrics.experiments import Arm, Setup, analyse, gates
from crm_metrics.experiments.beside import Beside, DayArms, Span
from crm_metrics.experiments.timing import sent_apart, timing
from crm_metrics.findings.verdicts import next_step, sentence

START = datetime(2026, 3, 2, 10)
ARMS = Arm("A", 1000, 80), Arm("B", 1000, 130)
SETUP = Setup("A", "Clicked", "proportion")
MONEY = Setup("A", "Revenue", "mean")


def span(first, last):
    at = [START + timedelta(hours=hours) for hours in (first, (first + last) / 2, last)]
    return Span(*at)


def read(hours, *spans):
    return Beside(spans=spans, read_at=START + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("beside", "setup", "status", "detail"),
    [
        (read(30, span(0, 1), span(0, 1)), SETUP, "pass", "read_long_enough"),
        (read(20, span(0, 1), span(0, 1)), SETUP, "block", "read_too_early"),
        (
            read(30, span(0, 1), span(0, 1)),
            Setup("A", "Revenue", "mean"),
            "block",
            "read_too_early",
        ),
        (read(40, span(0, 1), span(9, 10)), SETUP, "block", "read_unequally"),
        (read(400, span(0, 1), span(20, 21)), SETUP, "pass", "read_long_enough"),
        (read(400, span(0, 96), span(0, 96)), SETUP, "warn", "under_a_week"),
        (read(400, span(0, 145), span(0, 145)), SETUP, "pass", "read_long_enough"),
        (read(10, span(0, 20), span(0, 20)), SETUP, "block", "read_too_early"),
        (Beside(spans=(span(0, 1), span(0, 1))), SETUP, "not_checked", "end_unknown"),
        (Beside(), SETUP, "not_checked", "times_unknown"),
        (Beside(spans=(span(0, 1), None)), SETUP, "not_checked", "times_unknown"),
    ],
)
def test_every_arm_is_read_long_enough_and_alike(beside, setup, status, detail):
    gate = timing(setup, ARMS, beside)
    assert (gate.status, gate.detail) == (status, detail)
    assert int(str(gate.params.get("hours", 0))) >= 0


def test_arms_sent_on_other_days_are_no_two_groups():
    assert sent_apart(Beside(spans=(span(0, 1), span(30, 31))))[0].detail == "sent_apart"
    assert sent_apart(Beside(spans=(span(0, 1), span(2, 3)))) == ()
    partly = sent_apart(Beside(spans=(span(0, 100), span(50, 150))))
    assert (partly[0].status, partly[0].detail) == ("warn", "partly_together")
    finding = analyse(SETUP, ARMS, beside=Beside(spans=(span(0, 1), span(30, 31))))
    assert (finding.code, finding.next_step) == ("DO_NOT_USE", "check_sent_apart")
    assert "29 h apart" in sentence(finding, "en")
    assert "same time" in next_step(finding, "en")


def test_versions_that_took_turns_day_by_day_met_other_days():
    def days(*sizes: tuple[int, int]) -> tuple[DayArms, ...]:
        return tuple(
            DayArms(date(2026, 9, place), (Arm("A", a, a // 10), Arm("B", b, b // 9)))
            for place, (a, b) in enumerate(sizes, start=1)
        )

    spans = (span(0, 220), span(24, 240))
    turns = Beside(spans=spans, days=days((500, 0), (0, 500), (500, 0), (0, 500)))
    finding = analyse(SETUP, ARMS, beside=turns)
    assert (finding.code, finding.next_step) == ("DO_NOT_USE", "check_sent_apart")
    for lang in ("en", "ru"):
        assert "4" in sentence(finding, lang)
    mixed = Beside(spans=spans, days=days((500, 1), (0, 500)))
    assert [gate.status for gate in sent_apart(mixed)] != ["block"]
    # Around midnight: one hour apart are no different days.
    night = Beside(spans=(span(0, 1), span(2, 3)), days=days((500, 0), (0, 500)))
    assert sent_apart(night) == ()


@pytest.mark.parametrize(
    ("funnel", "detail"),
    [
        (((400, 80), (420, 430)), "clicks_above_opens"),
        (((400, 80), (420, 420)), "all_click"),
        (((981, 981), (900, 0)), "all_click"),
        (((400, 0), (420, 0)), "plausible"),  # too few clicks is the size's business
        (((400, 80), (420, 0)), "none_clicks"),
        (((400, 80), (99, 99)), "plausible"),
        (((400, 80), (420, 130)), "plausible"),
    ],
)
def test_clicks_have_to_fit_the_opens(funnel, detail):
    assert gates.plausibility(SETUP, ARMS, Beside(funnel=funnel)).detail == detail


def test_totals_where_people_are_needed_block():
    setup = Setup("A", "Clicks", "proportion", field="clicks_total")
    finding = analyse(setup, ARMS)
    assert (finding.code, finding.gates[0].detail) == ("DO_NOT_USE", "totals_for_people")


def test_clicks_within_seconds_are_a_caveat():
    quick = Beside(quick=(Arm("A", 80, 20), Arm("B", 130, 10)))
    (gate,) = gates.caveats(SETUP, quick)
    assert gate.detail == "quick_clicks"
    assert gate.params["share"] == pytest.approx(30 / 210)
    assert gates.caveats(SETUP, Beside(quick=(Arm("A", 80, 2),)))[0].detail == "none"
