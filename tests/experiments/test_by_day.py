"""The effect by day: its sums are the test's, and an early effect that fades is seen."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import norm, ttest_ind

from crm_metrics.experiments import Arm, Question, analyse, trial_from_table
from crm_metrics.experiments.beside import DayArms
from crm_metrics.experiments.by_day import by_day
from crm_metrics.experiments.comparing import compared
from crm_metrics.experiments.looks import Looks
from crm_metrics.store import Workspace

START = date(2026, 9, 7)


def days(*cells: tuple[int, int, int, int]) -> list[DayArms]:
    return [
        DayArms(START + timedelta(days=i), (Arm("A", n0, x0), Arm("B", n, x)))
        for i, (x0, n0, x, n) in enumerate(cells)
    ]


def test_the_last_day_so_far_is_the_whole_test_and_each_day_is_its_own():
    found = by_day("proportion", days((20, 400, 31, 410), (18, 390, 30, 380), (9, 50, 4, 60)), "B")
    (whole,) = compared(
        "proportion", (Arm("A", 840, 47), Arm("B", 850, 65)), alpha=0.05, looks=Looks(1)
    )
    assert found.days[-1].so_far == whole
    first = found.days[0]
    assert first.so_far.difference == first.arms[1].value - first.arms[0].value
    control, treated = found.days[2].arms
    assert treated.value - control.value == pytest.approx(4 / 60 - 9 / 50)
    assert [arm.n for arm in found.days[1].arms] == [390, 380]
    assert not found.whole_weeks
    assert by_day("proportion", days((1, 9, 2, 9)), "B") is None


def test_whole_weeks_and_the_order_of_days():
    week = days(*[(20, 400, 30, 400)] * 7)
    assert by_day("proportion", week, "B").whole_weeks
    assert by_day("proportion", week[::-1], "B") == by_day("proportion", week, "B")
    assert not by_day("proportion", week[:6], "B").whole_weeks


def test_an_early_effect_that_fades_is_said_and_a_steady_one_is_not():
    fading = days(*[(40, 1000, 90, 1000)] * 4, *[(40, 1000, 42, 1000)] * 4)
    found = by_day("proportion", fading, "B")
    assert found.fades
    # The z of two differences, by hand: 0.05 and 0.002 with their unpooled variances.
    rates = np.array([0.09, 0.04, 0.042, 0.04])
    z = 0.048 / np.sqrt((rates * (1 - rates) / 4000).sum())
    assert found.fade_pvalue == pytest.approx(2 * norm.sf(z), abs=1e-15)
    assert not by_day("proportion", days(*[(40, 1000, 60, 1000)] * 8), "B").fades
    growing = days(*[(40, 1000, 42, 1000)] * 4, *[(40, 1000, 90, 1000)] * 4)
    assert not by_day("proportion", growing, "B").fades
    assert not by_day("proportion", fading, "B", direction="down").fades


def test_means_add_their_sums_and_few_days_never_fade():
    rng = np.random.default_rng(5)
    made = []
    for i in range(3):
        y0, y = rng.gamma(1, 50, 200), rng.gamma(1, 60, 210)
        arms = [
            Arm(name, len(values), total=values.sum(), squares=(values**2).sum())
            for name, values in (("A", y0), ("B", y))
        ]
        made.append((DayArms(START + timedelta(days=i), tuple(arms)), y0, y))
    found = by_day("mean", [item[0] for item in made], "B")
    whole, base = (np.concatenate([item[part] for item in made]) for part in (2, 1))
    last = found.days[-1].so_far
    oracle = ttest_ind(whole, base, equal_var=False)
    assert last.pvalue == pytest.approx(oracle.pvalue, rel=1e-9)
    interval = oracle.confidence_interval(0.95)
    assert (last.difference_low, last.difference_high) == pytest.approx(tuple(interval), rel=1e-9)
    assert (found.fades, found.fade_pvalue) == (False, None)


def test_the_days_of_a_table_add_up_to_the_test_and_a_fading_effect_is_a_caveat(tmp_path):
    rng = np.random.default_rng(3)
    lines = ["Id,Variant,Sent at,Clicked"]
    for i in range(16_000):
        arm, day = "AB"[i % 2], i // 2 % 8
        rate = 0.1 + (0.08 if arm == "B" and day < 4 else 0.0)
        when = f"{7 + day:02d}.09.2026 10:00"
        lines.append(f"{i},{arm},{when},{'yes' if rng.random() < rate else 'no'}")
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n")
    (dataset,) = Workspace(tmp_path / "home").add(path, "log.csv")
    trial = trial_from_table(
        dataset.table, Question(success="Clicked"), variant="Variant", sent="Sent at", unit="Id"
    )
    days = trial.beside.days
    assert [item.day for item in days] == [START + timedelta(days=i) for i in range(8)]
    for place, arm in enumerate(trial.arms):
        assert sum(item.arms[place].n for item in days) == arm.n
        assert sum(item.arms[place].successes for item in days) == arm.successes
    assert "fading" in [gate.detail for gate in analyse(*trial).gates]
