"""What the open deals may bring: each amount times the chance of its stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from crm_metrics.metrics.deals.book import Book, Bools
from crm_metrics.metrics.deals.stages import LEAST, Funnel, Told, order, passed, placed, telling
from crm_metrics.metrics.derived import Numbers, worked_out
from crm_metrics.metrics.intervals import Floats, Z
from crm_metrics.metrics.model import Value

Rule = Literal["own", "file", "one"]
_MOSTLY = 0.9  # of open deals have to state a chance for the file's to be used


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance to be won from a stage: of the decided that reached it, or as the file states.

    `won` and `decided` are 0 where the file states it; `rule` says whose it is: "own" history of
    the stage, the "file"'s, or "one" for all deals, that of everything decided.
    """

    stage: str | None
    value: float
    won: int
    decided: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weighted amount of open deals, how many of them will be won, and the chances behind.

    `amount` is None where no deal has one; deals without one count in `deals` alone. `rule` is the
    best that any stage has.
    """

    deals: Value
    amount: Value | None
    chances: tuple[Chance, ...]
    rule: Rule


def forecast(deals: Book, known: Funnel | None = None) -> Forecast | None:
    """Each open deal's chance times its amount (times 1 for `deals`), with an interval.

    A stage takes its chance from at least 30 decided deals that reached it; else from the file's
    probability where nearly all open deals have one; else all share one chance, that of all decided
    deals. None where nothing gives a chance or nothing is open. The variance adds the luck of each
    deal, sum of a^2 p (1 - p), and the doubt about chances, taken as wholly dependent:
    (sum over stages of A * se(p))^2. Chances that the file states have no such interval.
    """
    each = chances_of(deals, known)
    if each is None:
        return None
    own, doubt, rule = each.own, each.doubt, each.rule
    amounts = deals.amount[deals.is_open]
    valued = np.isfinite(amounts)
    amount = None
    if deals.has_amounts and valued.any():
        amount = _value(deals, amounts[valued], own[valued], doubt[valued], rule)
    elif len(deals.currencies) > 1:
        variant = _VARIANTS[rule]
        amount = worked_out("forecast_weighted", {}, variant=variant, flags=("mixed_currency",))
    return Forecast(
        deals=_value(deals, None, own, doubt, rule),
        amount=amount,
        chances=each.chances,
        rule=rule,
    )


@dataclass(frozen=True, slots=True)
class Each:
    """The chance of each open deal and its standard error, and the chances that they come from."""

    own: Floats
    doubt: Floats
    chances: tuple[Chance, ...]
    rule: Rule


def chances_of(deals: Book, known: Funnel | None = None) -> Each | None:
    """The chance of each open deal, as `forecast` takes it; None where some deal has none."""
    if not deals.is_open.any():
        return None
    names = known.names if known else order(deals)[0]
    told = known.told if known else telling(deals, names)
    every = _chances(deals, names, told)
    # The last place is that of deals without a stage.
    places = np.where((at := placed(deals, names)[deals.is_open]) < 0, len(names), at)
    used = tuple(dict.fromkeys(every[place] for place in np.unique(places)))
    chances = [one for one in used if one is not None]
    if len(chances) < len(used):
        return None
    own = np.array([one.value if one else np.nan for one in every])[places]
    doubt = np.array([_error(one) if one else np.nan for one in every])[places]
    by_file = np.array([one is not None and one.rule == "file" for one in every])[places]
    said = deals.probability[deals.is_open]
    own = np.where(by_file & np.isfinite(said), said, own)
    rules: tuple[Rule, ...] = ("own", "file", "one")
    rule = next(one for one in rules if one in {chance.rule for chance in chances})
    return Each(own, doubt, tuple(chances), rule)


_VARIANTS: dict[Rule, str] = {
    "own": "of_stage_history",
    "file": "of_stated_chance",
    "one": "of_one_chance",
}


def _chances(deals: Book, names: Sequence[str], told: Told) -> list[Chance | None]:
    """The chance from each stage, and last that from none; None where too few are decided."""
    rest = _overall(deals)
    return [*(_chance(deals, names, i, told) or rest for i in range(len(names))), rest]


def _chance(deals: Book, names: Sequence[str], place: int, told: Told) -> Chance | None:
    """The chance from a stage; None where only that of all deals is known."""
    name = names[place]
    if told != "snapshot":
        reached, _ = passed(deals, names, place, told)
        own = reached & ~deals.is_open
        if own.sum() >= LEAST:
            won = int((own & deals.is_won).sum())
            return Chance(name, won / int(own.sum()), won, int(own.sum()), "own")
    here = deals.is_open & (placed(deals, names) == place)
    said = deals.probability[here]
    if len(said) and np.isfinite(said).mean() >= _MOSTLY:
        return Chance(name, float(np.nanmean(said)), 0, 0, "file")
    return None


def _overall(deals: Book) -> Chance | None:
    decided: Bools = ~deals.is_open
    n, won = int(decided.sum()), int(deals.is_won.sum())
    return Chance(None, won / n, won, n, "one") if n >= LEAST else None


def _error(chance: Chance) -> float:
    """The standard error of a chance, by Agresti and Coull's centre so that none is 0."""
    if not chance.decided:
        return 0.0
    n = chance.decided + Z**2
    centre = (chance.won + Z**2 / 2) / n
    return float(np.sqrt(centre * (1 - centre) / n))


def _value(
    deals: Book, amounts: Floats | None, chances: Floats, doubt: Floats, rule: Rule
) -> Value:
    """The forecast in money, or without amounts in deals."""
    in_deals = amounts is None
    key = "forecast_deals" if in_deals else "forecast_weighted"
    each = np.ones(len(chances)) if amounts is None else amounts
    expected, whole = float((each * chances).sum()), float(each.sum())
    parts = {"n": float(len(each)), "expected": float(chances.sum())}
    parts |= {} if in_deals else {"pipeline": whole}
    currency = None if in_deals else deals.currency
    numbers: Numbers = (expected, None, None)
    flags: tuple[str, ...] = ("chances_stated", "no_interval")
    if rule != "file":
        luck = (each**2 * chances * (1 - chances)).sum()
        error = float(np.sqrt(luck + (each * doubt).sum() ** 2))
        # Nothing brings less than nothing, nor more than all of it.
        numbers = (expected, max(expected - Z * error, 0.0), min(expected + Z * error, whole))
        flags = ("one_chance",) if rule == "one" else ()
    variant = _VARIANTS[rule]
    return worked_out(key, parts, numbers, variant=variant, flags=flags, currency=currency)
