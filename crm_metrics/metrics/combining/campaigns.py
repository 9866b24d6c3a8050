"""The same campaign in two grains: matched by id, else by name and day, and which one counts.

People count before sums, and lists of people before logs of events. A campaign that the finer grain
holds only a part of (those who clicked, say) counts by its sums: a part is no base of a rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from crm_metrics.metrics.model import Limits
from crm_metrics.store.together.record_keys import part_of_key

PART = 0.05
"""How much of a campaign's messages the finer grain may lack before it is called a part."""

_BETWEEN = "\x1f"
_KEYS = ("data_set", "channel", "id", "name", "day")
_NEAR = pd.Timedelta(days=1)
_PAUSE = pd.Timedelta(days=Limits().conversion_days)
"""The longest that a send over several days rests between two of them."""


@dataclass(frozen=True)
class Told:
    """Which campaigns of two grains give way: for each the data sets of the other that count.

    Keys are those of `name_of`. `partly` are the campaigns, of either grain, that the finer holds
    only a part of.
    """

    coarse: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fine: Mapping[str, frozenset[str]] = field(default_factory=dict)
    partly: frozenset[str] = frozenset()


def name_of(rows: ir.Table) -> ir.StringValue:
    """A word for the row's campaign in its data set: what rows of one campaign and day share."""
    return ibis.literal(_BETWEEN).join(
        [value.cast("string").fill_null("") for value in _identity(rows).values()]
    )


def campaigns_of(rows: ir.Table, messages: ir.Value) -> pd.DataFrame:
    """A row per campaign, data set and day: its keys (None where blank) and how many messages.

    Columns: `who` as `name_of`, `data_set`, `channel`, `id`, `name` (folded), `day`, `messages`.
    """
    named = rows.select(who=name_of(rows), messages=messages.cast("float64"), **_identity(rows))
    found = named.group_by("who").aggregate(
        **{name: named[name].max() for name in _KEYS}, messages=named.messages.sum()
    )
    frame = found.to_pyarrow().to_pandas().dropna(subset=["id", "name"], how="all")
    return frame.assign(day=pd.to_datetime(frame.day)).astype({"messages": "float64"})


def told(coarse: pd.DataFrame, fine: pd.DataFrame, settled: Mapping[tuple[str, str], str]) -> Told:
    """Which campaigns that both grains have count where; frames are those of `campaigns_of`.

    `settled` says by the pair of data sets, the coarser first, what was decided: "both" count,
    "once_first" the coarser; without a word the finer, unless it holds only a part.
    """
    pairs = _pairs(coarse, fine)
    how = [settled.get(pair) for pair in zip(pairs.data_set, pairs.data_set_f, strict=True)]
    pairs = pairs.assign(how=pd.Series(how, index=pairs.index, dtype=object))
    pairs = pairs[pairs.how != "both"]
    if pairs.empty:
        return Told()
    # A campaign may stand in several rows (days, variants), and its people in several files.
    unit = pairs.id.where(pairs.by_id, pairs.name + _BETWEEN + pairs.day.astype(str))
    unit = pairs.data_set + _BETWEEN + pairs.channel.fillna("") + _BETWEEN + unit
    sums = pairs.drop_duplicates(["who"]).assign(unit=unit).groupby("unit").messages.sum()
    people = pairs.assign(unit=unit).drop_duplicates(["unit", "who_f"])
    known = people.groupby("unit").messages_f.sum()
    is_part = known < (1 - PART) * sums.reindex(known.index).fillna(0)
    partly = unit.map(is_part).astype(bool)
    by_sums = (pairs.how == "once_first") | (partly & pairs.how.isna())
    return Told(
        coarse=_sets(pairs[~by_sums], "who", "data_set_f"),
        fine=_sets(pairs[by_sums], "who_f", "data_set"),
        partly=frozenset(pairs[partly].who) | frozenset(pairs[partly].who_f),
    )


def _identity(rows: ir.Table) -> dict[str, ir.Value]:
    return {
        "data_set": rows["__dataset"].cast("string"),
        "channel": rows.channel.cast("string").nullif(""),
        "id": part_of_key(rows, "campaign_id"),
        "name": part_of_key(rows, "campaign_name"),
        "day": rows.date.cast("date"),
    }


def _pairs(coarse: pd.DataFrame, fine: pd.DataFrame) -> pd.DataFrame:
    """The campaigns of one grain beside those of the other that are the same, `_f` the finer's."""
    by_id = coarse.dropna(subset="id").merge(fine.dropna(subset="id"), on="id", suffixes=("", "_f"))
    by_id = by_id.assign(by_id=True, id_f=by_id.id)
    named = coarse.dropna(subset="name").merge(
        fine.dropna(subset="name"), on="name", suffixes=("", "_f")
    )
    named = named.assign(by_id=False)
    named = named[named.id.isna() | named.id_f.isna()]
    named = named[_channels_agree(named)].reset_index(drop=True)
    days = coarse.groupby(["data_set", "name"]).day.nunique()
    once = np.array(
        [days.get(key, 0) <= 1 for key in zip(named.data_set, named.name, strict=True)], dtype=bool
    )
    apart = (named.day - named.day_f).abs()
    # The day of a send may turn at midnight, or in another zone; a name used again is another one.
    same_day = (apart == pd.Timedelta(0)) | apart.isna() | (once & (apart <= _NEAR))
    pairs = pd.concat([by_id, named[same_day | _goes_on(named)]], ignore_index=True)
    return pairs[_channels_agree(pairs)].reset_index(drop=True)


def _channels_agree(pairs: pd.DataFrame) -> pd.Series[bool]:
    return (pairs.channel == pairs.channel_f) | pairs.channel.isna() | pairs.channel_f.isna()


def _goes_on(named: pd.DataFrame) -> pd.Series[bool]:
    """Which people were sent to on a later day of one send that took several.

    It begins on the campaign's day, goes on without a long pause until its name is used again, and
    reaches no more people than the campaign's sum says: more would be another send of that name.
    """
    of_one = named.drop(columns="day").join(_last_use(named), how="inner")
    rows = of_one.sort_values(["who", "day_f"], kind="stable")
    before = rows.groupby("who").day_f.shift()
    pause = rows.day_f - before.fillna(rows.day)
    joins = (pause <= _PAUSE).where(before.notna(), pause <= _NEAR)
    fits = rows.groupby("who").messages_f.cumsum() <= (1 + PART) * rows.messages
    goes_on = (joins & fits).groupby(rows.who).cummin().astype(bool)
    return goes_on.reindex(named.index, fill_value=False)


def _last_use(named: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The campaign's day, of the pairs with the last use of the name up to the people's day."""
    earlier = named[named.day <= named.day_f]
    last = earlier.groupby(["data_set", "who_f"]).day.transform("max")
    return earlier.day[earlier.day == last]


def _sets(pairs: pd.DataFrame, who: str, data_set: str) -> dict[str, frozenset[str]]:
    found = pairs.groupby(who)[data_set].agg(frozenset)
    return {str(key): value for key, value in found.items()}
