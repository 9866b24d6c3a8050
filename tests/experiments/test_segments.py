"""Effects by segment against statsmodels, and Simpson's reversal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.experiments.beside import Beside, Segment
from crm_metrics.experiments.segments import breslow_day

SETUP = Setup("A", "Clicked", "proportion")


def parts(column, *tables):
    return [
        Segment(column, f"{column}{i}", (Arm("A", n0, x0), Arm("B", n, x)))
        for i, (x0, n0, x, n) in enumerate(tables)
    ]


def whole(segments):
    sums = [[sum(s.arms[i].n for s in segments), sum(s.arms[i].successes for s in segments)]
            for i in (0, 1)]  # fmt: skip
    return [Arm(name, *part) for name, part in zip("AB", sums, strict=True)]


def test_the_interaction_equals_statsmodels():
    random = np.random.default_rng(3)
    for strata in (2, 3, 6):
        tables = [
            (int(random.integers(5, 60)), 300, int(random.integers(5, 60)), 400)
            for _ in range(strata)
        ]
        made = [np.array([[x, n - x], [x0, n0 - x0]]) for x0, n0, x, n in tables]
        expected = StratifiedTable(made).test_equal_odds(adjust=True).pvalue
        pairs = [(s.arms[1], s.arms[0]) for s in parts("c", *tables)]
        assert breslow_day(pairs) == pytest.approx(expected, rel=1e-9)
    equal = [(Arm("B", 200, 40), Arm("A", 200, 40)), (Arm("B", 100, 30), Arm("A", 100, 30))]
    assert breslow_day(equal) == pytest.approx(1.0)
    assert breslow_day(equal[:1]) is None
    assert breslow_day([(Arm("B", 9, 0), Arm("A", 9, 3)), (Arm("B", 9, 0), Arm("A", 9, 1))]) is None


def test_several_columns_are_called_at_a_false_share_of_ten_percent():
    flat = parts("flat", (80, 1000, 100, 1000), (80, 1000, 100, 1000))
    torn = parts("torn", (60, 1000, 150, 1000), (100, 1000, 50, 1000))
    finding = analyse(SETUP, whole(flat), beside=Beside(segments=(*flat, *torn)))
    assert [(item.column, item.differs) for item in finding.segments] == [
        ("flat", False),
        ("torn", True),
    ]
    raw = [item.pvalue for item in finding.segments]
    expected = stats.false_discovery_control(raw)
    assert [item.pvalue_adjusted for item in finding.segments] == pytest.approx(list(expected))
    assert finding.segments[1].rows[0].comparison.difference == pytest.approx(0.09)


def test_segments_of_few_events_take_no_exact_test_of_a_second():
    few = parts("few", *[(1, 200, 4, 200)] * 3)
    finding = analyse(SETUP, whole(few), beside=Beside(segments=tuple(few)))
    assert {row.comparison.method for row in finding.segments[0].rows} == {"score_fisher_midp"}


def test_a_reversal_in_every_segment_is_said():
    """The numbers of Charig et al., BMJ 292 (1986): kidney stones, as Simpson's example."""
    segments = parts("stone", (81, 87, 234, 270), (192, 263, 55, 80))
    finding = analyse(SETUP, whole(segments), beside=Beside(segments=tuple(segments)))
    assert finding.comparisons[0].difference > 0
    assert finding.segments[0].simpson
    assert [gate.detail for gate in finding.gates if gate.gate == "caveats"] == ["simpson"]
    table = [[87, 270], [263, 80]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert finding.segments[0].mix_pvalue == pytest.approx(expected)
    more = parts(
        "stone", *(tuple(10 * n for n in arm) for arm in ((81, 87, 234, 270), (192, 263, 55, 80)))
    )
    surely = analyse(SETUP, whole(more), beside=Beside(segments=tuple(more)))
    assert (surely.code, surely.next_step) == ("WINNER", "compare_within")


def test_amounts_by_segment_use_the_spread_of_differences():
    """Cochran's Q by its definition, from Welch's variances."""
    sums = [(500, 900.0, 4000.0, 500, 700.0, 3000.0), (300, 400.0, 2000.0, 350, 640.0, 2600.0)]
    segments = tuple(
        Segment(
            "city",
            str(i),
            (Arm("A", n0, 9, total=t0, squares=s0), Arm("B", n, 9, total=t, squares=s)),
        )
        for i, (n0, t0, s0, n, t, s) in enumerate(sums)
    )
    arms = [
        Arm(name, sum(s.arms[i].n for s in segments), 99,
            total=sum(s.arms[i].total for s in segments),
            squares=sum(s.arms[i].squares for s in segments))
        for i, name in enumerate("AB")
    ]  # fmt: skip
    item = analyse(Setup("A", "m", "mean"), arms, beside=Beside(segments=segments)).segments[0]
    gaps, weights = [], []
    for n0, t0, s0, n, t, s in sums:
        gaps.append(t / n - t0 / n0)
        weights.append(1 / ((s - t * t / n) / (n - 1) / n + (s0 - t0 * t0 / n0) / (n0 - 1) / n0))
    gaps, weights = np.array(gaps), np.array(weights)
    centre = (gaps * weights).sum() / weights.sum()
    expected = stats.chi2.sf((weights * (gaps - centre) ** 2).sum(), 1)
    assert item.test == "cochran_q"
    assert item.pvalue == pytest.approx(expected, rel=1e-9)
