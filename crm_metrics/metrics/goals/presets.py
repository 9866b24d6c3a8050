"""The goals that the guides name, to choose from; never applied by themselves."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from crm_metrics.metrics.declared import DECLARED
from crm_metrics.metrics.goals.goal import Aim, Goal


@dataclass(frozen=True, slots=True)
class Preset:
    """A guide's goal; `target` is None where the guide names the limit but not the share."""

    guide: str
    metric: str
    target: float | None = None
    relative: bool = False
    channel: str | None = None
    grain: str | None = None
    variant: str | None = None
    aim: Aim | None = None

    def goal(self, target: float | None = None) -> Goal:
        """The goal with the guide's target or a person's own in its place.

        Raises ValueError where neither is there.
        """
        number = self.target if target is None else target
        if number is None:
            raise ValueError(self.metric)
        return Goal(
            metric=self.metric,
            target=number,
            relative=self.relative,
            channel=self.channel,
            grain=self.grain,
            variant=self.variant,
            aim=self.aim,
            guide=self.guide,
        )


def presets() -> tuple[Preset, ...]:
    """The guides' goals whose metric is computed, in the order of the guides."""
    return tuple(
        one
        for one in every_preset()
        if any(
            metric.key == one.metric
            and one.grain in (None, metric.grain)
            and one.variant in (None, metric.variant)
            for metric in DECLARED
        )
    )


@cache
def every_preset() -> tuple[Preset, ...]:
    """All of the guides' goals, also of metrics that are still to come."""
    source = files(__package__).joinpath("presets.toml").read_text(encoding="utf-8")
    return tuple(Preset(**one) for one in tomllib.loads(source)["preset"])
