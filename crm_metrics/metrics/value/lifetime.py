"""Lifetime value by BG/NBD and Gamma-Gamma: fitted, held against later purchases, or refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from crm_metrics.metrics.cohorts import History
from crm_metrics.metrics.derived import NOTHING, Numbers, numbers_of, worked_out
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.bg_nbd import expected_of_known, expected_of_new, fit_bg_nbd
from crm_metrics.metrics.value.fitting import Fit
from crm_metrics.metrics.value.gamma_gamma import fit_gamma_gamma, mean_value
from crm_metrics.metrics.value.purchases import WEEK, Purchases, purchases
from crm_metrics.metrics.value.simple import MONTH

LEAST_REPEATED = 200
LEAST_WEEKS = 26
MOST_CORRELATED = 0.3
MOST_OFF = 0.3
"""How far the purchases foreseen for the held-out part may lie from those that came."""
_HELD_OUT = 1 / 3
_DRAWS = 400
_SEED = 20050
_BG_NBD = ("r", "alpha", "a", "b")
_GAMMA_GAMMA = ("p", "q", "v")


@dataclass(frozen=True, slots=True)
class Holdout:
    """Purchases in the last `weeks`, foreseen from what lay before, and those that came."""

    weeks: float
    customers: int
    foreseen: float
    came: float

    @property
    def off(self) -> float:
        """How far off the forecast was, of what came."""
        return abs(self.foreseen - self.came) / max(self.came, 1.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """Over how many months a customer is valued, a year's discount, and the share of revenue kept.

    A margin of 1 values revenue.
    """

    months: int = 12
    discount: float = 0.1
    margin: float = 1.0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The modelled value of a new customer, what it stands on, or why there is none.

    `value` is the first purchase and the expected later ones over the plan's months, times the
    margin, discounted; its interval draws both models' parameters from their likelihoods and knows
    no other doubt. `refused` are codes, all that speak against it. `parameters` are estimates with
    standard errors by the papers' names; `customers` were fitted, of `of`; `ahead` are purchases
    expected of a present customer over the same months.
    """

    value: Value
    plan: Plan
    refused: tuple[str, ...]
    customers: int
    of: int
    repeated: int
    correlation: float | None
    holdout: Holdout | None = None
    parameters: dict[str, tuple[float, float]] = field(default_factory=dict)
    ahead: float | None = None


def ltv_model(history: History, plan: Plan | None = None) -> Lifetime:
    """Fit both models to the history and value a new customer.

    Refused: under 200 customers who bought again, under 26 weeks, no amounts or several currencies,
    frequency and value correlated beyond 0.3 (Gamma-Gamma holds them apart), no clear maximum, or
    purchases of the last third foreseen more than 30 % off.
    """
    plan = plan or Plan()
    bought = purchases(history)
    # What is not above zero has no logarithm; such means stand apart, their purchases count.
    priced = (bought.x > 0) & (bought.value > 0)
    correlation = _correlation(bought.x[priced], bought.value[priced])
    refused = _preconditions(history, bought, int(priced.sum()), correlation)
    found = Lifetime(
        value=_value(history, plan, {"n": float(bought.of)}, NOTHING, refused),
        plan=plan,
        refused=refused,
        customers=len(bought.x),
        of=bought.of,
        repeated=bought.repeated,
        correlation=correlation,
    )
    if refused:
        return found
    buying, spending = fit_bg_nbd(bought), fit_gamma_gamma(bought.x[priced], bought.value[priced])
    if buying.covariance is None or spending.covariance is None or spending.estimates[1] <= 1:
        codes: tuple[str, ...] = ("fit_unstable",)
        value = _value(history, plan, {"n": float(bought.of)}, NOTHING, codes)
        return replace(found, value=value, refused=codes)
    held = _held_out(history, bought, buying.estimates)
    ahead = expected_of_known(buying.estimates, bought, plan.months * MONTH / WEEK)
    numbers, parts = _of_new(history, buying, spending, plan)
    codes = ("holdout_off",) if held is not None and held.off > MOST_OFF else ()
    return replace(
        found,
        value=_value(history, plan, parts, NOTHING if codes else numbers, codes or history.doubts),
        refused=codes,
        holdout=held,
        parameters=_named(_BG_NBD, buying) | _named(_GAMMA_GAMMA, spending),
        ahead=float(ahead.mean()),
    )


def _value(
    history: History,
    plan: Plan,
    parts: dict[str, float],
    numbers: Numbers,
    flags: tuple[str, ...],
) -> Value:
    return worked_out(
        "ltv_model",
        parts,
        numbers,
        variant="of_revenue" if plan.margin == 1 else "of_margin",
        flags=flags,
        currency=history.currency,
    )


def _preconditions(
    history: History, bought: Purchases, priced: int, correlation: float | None
) -> tuple[str, ...]:
    codes = []
    if not history.amounts:
        codes.append("mixed_currency" if history.mixed else "no_amount")
    if (history.end - history.start).days < LEAST_WEEKS * WEEK:
        codes.append("short_history")
    if bought.repeated < LEAST_REPEATED or (history.amounts and priced < LEAST_REPEATED):
        codes.append("few_repeated")
    elif correlation is not None and abs(correlation) > MOST_CORRELATED:
        codes.append("values_follow_frequency")
    return tuple(codes)


def _correlation(x: Floats, value: Floats) -> float | None:
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(value) == 0:
        return None
    return float(np.corrcoef(x, value)[0, 1])


def _held_out(history: History, whole: Purchases, near: tuple[float, ...]) -> Holdout | None:
    """The last third foreseen from the first two; None where too few are left to fit."""
    days = (history.end - history.start).days
    until = history.end - timedelta(days=round(days * _HELD_OUT))
    before = purchases(history, until)
    if before.repeated < LEAST_REPEATED // 2:
        return None
    fit = fit_bg_nbd(before, near=near)
    weeks = (history.end - until).days / WEEK
    foreseen = float(expected_of_known(fit.estimates, before, weeks).sum())
    # The same customers: those who came later are not there yet.
    length = (whole.until - until).days / WEEK
    came = float(whole.x[whole.known >= length].sum() - before.x.sum())
    return Holdout(weeks, len(before.x), foreseen, came)


def _of_new(
    history: History, buying: Fit, spending: Fit, plan: Plan
) -> tuple[Numbers, dict[str, float]]:
    """The value of a new customer with its interval, and its parts."""
    customers = history.customers
    paid = customers.first_amount.fill_null(0.0)
    (line,) = (
        customers.aggregate(mean=paid.mean(), var=paid.var(), n=customers.count())
        .to_pyarrow()
        .to_pylist()
    )
    first, error = float(line["mean"]), float(np.sqrt(float(line["var"] or 0) / line["n"]))
    rows = np.vstack((buying.estimates, buying.drawn(_DRAWS, _SEED)))
    worth = np.concatenate(
        (mean_value(np.array(spending.estimates)), mean_value(spending.drawn(_DRAWS, _SEED + 1)))
    )
    ends = np.arange(plan.months + 1, dtype=float) * (MONTH / WEEK)
    ends[0] = 1e-9
    by_month = np.diff(expected_of_new(rows, ends), axis=1)
    factors = (1 + plan.discount) ** (-(np.arange(plan.months) + 0.5) / 12)
    firsts = first + np.concatenate(
        ([0.0], np.random.default_rng(_SEED + 2).normal(0, error, _DRAWS))
    )
    values = plan.margin * (firsts + (by_month @ factors) * worth)
    drawn = values[1:][np.isfinite(values[1:])]
    low, high = np.quantile(drawn, (0.025, 0.975))
    parts = {
        "first": first,
        "repeats": float(by_month[0].sum()),
        "purchase": float(worth[0]),
        "margin": plan.margin,
        "n": float(line["n"]),
    }
    return numbers_of(values[0], low, high), parts


def _named(names: tuple[str, ...], fit: Fit) -> dict[str, tuple[float, float]]:
    return dict(zip(names, zip(fit.estimates, fit.errors or (), strict=True), strict=True))
