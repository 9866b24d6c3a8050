"""`plan`: how many people a test needs, or what a list can show; kept as a file if asked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_options import (
    ALPHA,
    JSON,
    LANG,
    language,
    print_json,
    split_weights,
    written,
)
from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments import Margin
from crm_metrics.experiments.plan_file import PlannedGuardrail, plan_text, trial_plan
from crm_metrics.experiments.planner import Duration, Plan, duration, plan_mean
from crm_metrics.experiments.planner import plan as plan_test
from crm_metrics.texts import decimal_text, integer_text, percent_text, t


@click.command()
@click.option("--baseline", type=float, help="Today's rate, a fraction.")
@click.option("--mean", type=float, help="Today's amount per person, instead of a rate.")
@click.option("--deviation", type=float, help="The standard deviation of that amount.")
@click.option("--lift", type=float, help="The relative change to see, 0.2 for +20 %.")
@click.option("--n", type=int, help="People per version that the list allows.")
@click.option("--arms", type=click.IntRange(2, 10), default=2)
@click.option("--split", metavar="50:50", help="The planned split, the control first.")
@click.option("--power", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.8)
@click.option("--volume", type=float, help="People a day, for how long it takes.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Keep the plan.")
@click.option("--metric", default="", help="What decides, as the file's column or metric is named.")
@click.option("--versions", metavar="A,B", help="The versions' names, the control first.")
@click.option("--down", is_flag=True, help="Lower is better, as for unsubscribes.")
@click.option("--looks", default="once", metavar="once|N|any", help="How often it is looked at.")
@click.option("--guardrail", "guardrails", multiple=True, metavar="METRIC[=0.001|=5%]")
@click.option("--made", type=click.DateTime(["%Y-%m-%d"]), help="The day of the plan.")
@ALPHA
@LANG
@JSON
def plan(
    arms: int,
    split: str | None,
    volume: float | None,
    save: Path | None,
    lang: str | None,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """Say how many people a test needs, or what a list can show."""
    lang, weights = language(lang), split_weights(split)
    planned = _planned(options, arms, weights)
    needed = None if volume is None else duration(planned.total, volume)
    if save is not None:
        written(save, _kept(planned, weights, options).encode())
    if as_json:
        print_json(_document(planned, needed))
        return
    click.echo(_line(planned, lang))
    if planned.longer > 1 and planned.lift is not None:
        from crm_metrics.findings.trial_method import looks_text  # noqa: PLC0415 - loads a lot

        click.echo(looks_text(planned, lang))
    if needed is not None:
        shown = asdict(needed) | {"volume": decimal_text(volume, lang, 0)}
        click.echo(t("cli.plan_duration", lang, **shown))
    if save is not None:
        click.echo(t("cli.plan_saved", lang, file=save.name))


def _planned(options: dict[str, Any], arms: int, weights: tuple[float, ...] | None) -> Plan:
    asked = {name: options[name] for name in ("lift", "n", "power", "alpha", "looks")}
    rate, mean, deviation = (options[name] for name in ("baseline", "mean", "deviation"))
    if (rate is None) == (mean is None) or (mean is None) != (deviation is None):
        raise UsageError("plan_kind")
    if mean is not None:
        return plan_mean(mean, deviation, arms=arms, split=weights, **asked)
    return plan_test(rate, arms=arms, split=weights, **asked)


def _kept(planned: Plan, weights: tuple[float, ...] | None, options: dict[str, Any]) -> str:
    names = tuple(name.strip() for name in (options["versions"] or "").split(",") if name.strip())
    made: datetime | None = options["made"]
    found = trial_plan(
        planned,
        metric=options["metric"],
        arms=names,
        split=weights,
        direction="down" if options["down"] else "up",
        guardrails=tuple(_guardrail(text) for text in options["guardrails"]),
        made=made.date() if made else None,
    )
    return plan_text(found)


def _guardrail(text: str) -> PlannedGuardrail:
    """A metric, and after "=" its margin in its own unit, or as a share where it ends in %."""
    name, sign, margin = text.rpartition("=")
    if not sign:
        return PlannedGuardrail(text)
    try:
        relative = margin.endswith("%")
        amount = float(margin.rstrip("%")) / (100 if relative else 1)
    except ValueError:
        raise InputError("bad_number", text=margin) from None
    return PlannedGuardrail(name, Margin(amount, relative=relative))


def _document(planned: Plan, needed: Duration | None) -> dict[str, Any]:
    return asdict(planned) | ({"duration": asdict(needed)} if needed else {})


def _line(planned: Plan, lang: str) -> str:
    if planned.lift is None:
        return t("experiments.plan_nothing", lang)
    mean = planned.deviation is not None
    show = decimal_text if mean else percent_text
    return t(
        "cli.plan_mean" if mean else "cli.plan",
        lang,
        baseline=show(planned.baseline, lang),
        target=show(planned.target, lang),
        lift=percent_text(planned.lift, lang, 0),
        arms="; ".join(integer_text(size, lang) for size in planned.per_arm),
        total=planned.total,
        power=percent_text(planned.power, lang, 0),
    )
