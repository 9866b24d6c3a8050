"""Surveys that ask through one channel alone, while clients talk through several."""

from __future__ import annotations

import ibis

from crm_metrics.audit.ground import Ground
from crm_metrics.audit.model import Check, Threshold, Violations

HEARD_SHARE = Threshold("heard_share", 0.1, 0.01, 0.5, "share")
_TALKS = ("conversations", "calls")
_LEAST_ANSWERS = 30


def _one_channel(ground: Ground) -> Violations:
    """Channels with so many of the clients' requests through which no survey asks."""
    answers = ground.table("surveys")
    answers = answers.filter(answers.channel.notnull())
    asked = answers.group_by("channel").aggregate(n=answers.count())
    (line,) = asked.aggregate(channels=asked.count(), n=asked.n.sum()).to_pyarrow().to_pylist()
    talks = [ground.table(grain).select("channel") for grain in _TALKS if ground.has(grain)]
    if line["channels"] != 1 or line["n"] < _LEAST_ANSWERS or not talks:
        return ground.nothing("surveys")
    every = ibis.union(*talks) if talks[1:] else talks[0]
    every = every.filter(every.channel.notnull())
    each = every.group_by("channel").aggregate(n=every.count())
    each = each.mutate(share=each.n / each.n.sum().over(ibis.window()))
    used = each.filter(each.share >= ground.settings.of(HEARD_SHARE))
    return Violations(
        rows=used.anti_join(asked, "channel").select("channel", "share", "n"),
        base=int(used.count().to_pyarrow().as_py()),
    )


CHECKS = (
    Check(
        key="voice_one_channel",
        grain="surveys",
        needs=("channel",),
        also=("conversations.channel",),
        severity=2,
        effort="M",
        rule=_one_channel,
        counted="channels",
        thresholds=(HEARD_SHARE,),
    ),
)
