"""`plan`: how many people a test needs, or what a list can show."""

from __future__ import annotations

from dataclasses import asdict

import click

from crm_metrics.cli_options import ALPHA, JSON, LANG, language, print_json, split_weights
from crm_metrics.experiments.planner import Plan
from crm_metrics.experiments.planner import plan as plan_test
from crm_metrics.texts import integer_text, percent_text, t


@click.command()
@click.option("--baseline", type=float, required=True, help="Today's rate, a fraction.")
@click.option("--lift", type=float, help="The relative change to see, 0.2 for +20 %.")
@click.option("--n", type=int, help="People per version that the list allows.")
@click.option("--arms", type=click.IntRange(2, 10), default=2)
@click.option("--split", metavar="50:50", help="The planned split, the control first.")
@click.option("--power", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.8)
@ALPHA
@LANG
@JSON
def plan(
    baseline: float,
    lift: float | None,
    n: int | None,
    arms: int,
    split: str | None,
    power: float,
    alpha: float,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Say how many people a test needs, or what a list can show."""
    weights = split_weights(split)
    planned = plan_test(
        baseline, lift=lift, n=n, arms=arms, split=weights, power=power, alpha=alpha
    )
    if as_json:
        print_json(asdict(planned))
    else:
        click.echo(_line(planned, language(lang)))


def _line(planned: Plan, lang: str) -> str:
    if planned.lift is None:
        return t("experiments.plan_nothing", lang)
    return t(
        "cli.plan",
        lang,
        baseline=percent_text(planned.baseline, lang),
        target=percent_text(planned.target, lang),
        lift=percent_text(planned.lift, lang, 0),
        arms="; ".join(integer_text(size, lang) for size in planned.per_arm),
        total=planned.total,
        power=percent_text(planned.power, lang, 0),
    )
