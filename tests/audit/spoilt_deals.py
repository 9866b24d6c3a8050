"""Defects of the work on deals: late, at a stand, untouched, closed without a word, of nobody.

Beside each stand rows that look like it and are well: due today, touched at the last hour.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.made_sales import CHANGE, NOW, OWNERS, PRODUCTS, STAGES, TYPES
from tests.audit.spoiling import BLANKS, Making, days_ago

SILENT, NEVER = "Глеб Уваров", "Nora Quinn"
_DAY = pd.Timedelta(days=1)


def spoil_deals(making: Making) -> None:
    """All of them, those that leave activities out first."""
    _untouched(making)
    _no_next_task(making)
    _stalled(making)
    _slow(making)
    _history(making)
    _owners(making)
    _overdue(making)
    _closing(making)
    _titles(making)


def _open(making: Making) -> pd.Series:
    return making.deals.status == "open"


def _lost(making: Making) -> pd.Series:
    return making.deals.status == "lost"


def _won(making: Making) -> pd.Series:
    return making.deals.status == "won"


def _old(making: Making, days: int) -> pd.Series:
    """Deals closed so long ago, and made on none of the days before one without records."""
    deals = making.deals
    near = pd.Series(False, deals.index)
    for day in making.quiet:
        near |= deals.created_at.between(day - 14 * _DAY, day + _DAY)
    return (deals.closed_at < NOW - days * _DAY) & ~near


def _untouched(making: Making) -> None:
    deals = making.deals
    told = _open(making) & deals.next_task_at.notna()
    bad = making.take(
        "deals", told & deals.created_at.between(NOW - 20 * _DAY, NOW - 2 * _DAY), 0.05
    )
    # Made within the hours that are given for it.
    new = making.take("deals", told & (deals.created_at >= NOW - _DAY), 0.3, least=1)
    making.drop_acts(making.acts_of([*bad, *new]))
    making.tell("lead_untouched", "deals", bad)


def _no_next_task(making: Making) -> None:
    deals = making.deals
    bad = making.take("deals", _open(making) & deals.next_task_at.notna(), 0.05)
    making.put("deals", bad, "next_task_at", pd.NaT)
    more = making.take("deals", _open(making) & deals.next_task_at.isna(), 0.05)
    # Their task lies ahead and is done already.
    ahead = making.acts_of(more) & (making.acts.status == "planned")
    making.acts.loc[ahead, "status"] = "done"
    making.acts.loc[ahead, "done_at"] = making.acts.ts[ahead]
    making.acts.loc[ahead, "comment"] = "ok"
    making.tell("deal_no_next_task", "deals", [*bad, *more])


def _stalled(making: Making) -> None:
    bad = making.take("deals", _open(making), 0.05)
    _move(making, bad, np.repeat(56, len(bad)))
    making.tell("deal_stalled", "deals", bad)
    # Their row is as old, and the log of activities knows of yesterday.
    well = making.take("deals", _open(making), 0.02)
    _move(making, well, np.repeat(56, len(well)))
    touch = making.deals.loc[well, ["deal_id", "owner"]].rename(columns={"deal_id": "object_id"})
    making.add(
        "activities",
        touch.assign(
            ts=NOW - _DAY, activity_type="note", done_at=NOW - _DAY, status="done", origin="person"
        ),
    )
    # The last sign of these is as long ago as may be.
    edge = making.take("deals", _open(making), 0.02)
    signs = making.deals.loc[edge, ["updated_at", "last_activity_at", "created_at"]].max(axis=1)
    _move(making, edge, ((signs.dt.normalize() - NOW).dt.days + 30).to_numpy())


def _move(making: Making, own: list[int], days: np.ndarray) -> None:
    """Everything of these deals so many days earlier, but what is planned."""
    by_id = dict(zip(making.deals.deal_id[own], pd.to_timedelta(days, unit="D"), strict=True))
    for name in ("created_at", "updated_at", "last_activity_at"):
        making.deals.loc[own, name] -= making.deals.deal_id[own].map(by_id)
    acts = making.acts
    theirs = acts.object_id.isin(by_id)
    for name in ("ts", "done_at"):
        acts.loc[theirs, name] -= acts.object_id[theirs].map(by_id)


def _slow(making: Making) -> None:
    """First touches after a week, a minute too late, and to the second as late as may be."""
    for share, late in ((0.03, None), (0.005, pd.Timedelta(minutes=1)), (0.005, pd.Timedelta(0))):
        own = making.take("deals", _old(making, 20), share)
        acts, deals = making.acts, making.deals
        first = acts[acts.origin == "person"].groupby("object_id").ts.min()
        made = zip(deals.deal_id[own], deals.created_at[own], strict=True)
        later = {
            deal: 7 * _DAY if late is None else created + _DAY + late - first[deal]
            for deal, created in made
        }
        theirs = acts.object_id.isin(later) & (acts.origin == "person")
        for name in ("ts", "done_at"):
            acts.loc[theirs, name] += acts.object_id[theirs].map(later)
        if late != pd.Timedelta(0):
            making.tell("first_touch_slow", "deals", own)


def _history(making: Making) -> None:
    """Deals that went back, or left a stage out; others stood at one stage twice."""
    log = making.acts[making.acts.activity_type == CHANGE]
    came = making.deals.deal_id.map(log.groupby("object_id").ts.count()).fillna(0)
    far = _old(making, 10) & (came >= 3)
    back, twice, skipped = (making.take("deals", far, share) for share in (0.03, 0.02, 0.03))
    # Before any row is added: later ones are told of by their place.
    named = {stage: place for own in STAGES.values() for place, stage in enumerate(own)}
    stage = making.acts.result.map(named)
    ids = making.deals.deal_id
    making.drop_acts(
        making.acts.object_id.isin(ids[skipped])
        & (making.acts.activity_type == CHANGE)
        & (stage == 1)
    )
    last = making.acts[making.acts.activity_type == CHANGE].groupby("object_id").ts.max()
    for own, steps in ((back, 1), (twice, 0)):
        rows = making.deals.loc[own]
        lists = [STAGES["en" if one in OWNERS["en"] else "ru"] for one in rows.owner]
        at = came[own].astype(int) - 1 - steps
        making.add(
            "activities",
            pd.DataFrame(
                {
                    "ts": rows.deal_id.map(last) + _DAY,
                    "activity_type": CHANGE,
                    "object_id": rows.deal_id,
                    "owner": rows.owner,
                    "result": [names[place] for names, place in zip(lists, at, strict=True)],
                    "status": "done",
                    "origin": "bot",
                }
            ),
        )
    making.tell("stage_backwards", "deals", back)
    making.tell("stage_skipped", "deals", skipped)


def _owners(making: Making) -> None:
    bad = making.take("deals", _open(making), 0.05)
    making.put("deals", bad, "owner", making.any_of(BLANKS))
    making.tell("owner_missing", "deals", bad)
    by_id = pd.Series(making.contacts.index, making.contacts.customer_id)

    def give(deals: list[int], owner: str) -> None:
        making.put("contacts", by_id[making.deals.customer_id[deals]], "owner", owner)

    for gone in (SILENT, NEVER):
        own = making.take("deals", _open(making), 0.05)
        making.put("deals", own, "owner", gone)
        give(own, gone)
        making.tell("owner_inactive", "deals", own)
    other = making.take("deals", _open(making), 0.05)
    making.tell("owner_mismatch", "deals", other)
    # What is closed may have gone to another since.
    closed = making.take("deals", _lost(making), 0.02)
    for own in (other, closed):
        owners = (*OWNERS["ru"], *OWNERS["en"])
        for place in own:
            give([place], next(one for one in owners if one != making.deals.owner[place]))
    _load(making, give)


def _load(making: Making, give: object) -> None:
    heavy = OWNERS["ru"][0]
    theirs = _open(making) & making.deals.owner.isin([*OWNERS["ru"][1:], *OWNERS["en"]])
    used = making.used["deals"]
    free = theirs & ~making.deals.index.isin(used)
    own = [int(one) for one in making.random.permutation(np.flatnonzero(free))[: free.sum() // 2]]
    # Their tenders and sales in English go with them; nothing else looks at the language.
    making.put("deals", own, "owner", heavy)
    give(own, heavy)
    making.crm.tell("load_skew", "deals", [heavy])


def _overdue(making: Making) -> None:
    bad = making.take("deals", _open(making), 0.06)
    making.put("deals", bad, "expected_close_at", days_ago(making, 1, 60, len(bad)))
    making.tell("deal_overdue", "deals", bad)


def _closing(making: Making) -> None:
    """What is said, or not, where a deal ends."""
    making.spoil(
        "won_without_amount",
        "deals",
        "amount",
        making.any_of([None, 0.0]),
        share=0.03,
        of=_won(making),
    )
    # A lost deal may be without an amount.
    making.put("deals", making.take("deals", _lost(making), 0.02), "amount", 0.0)
    decided = ~_open(making)
    making.spoil("closed_without_day", "deals", "closed_at", pd.NaT, share=0.02, of=decided)
    making.spoil(
        "lost_reason_missing",
        "deals",
        "lost_reason",
        making.any_of(BLANKS),
        share=0.05,
        of=_lost(making),
    )
    vague = making.take("deals", _lost(making), 0.35)
    making.put("deals", vague, "lost_reason", making.any_of(["Другое", "прочее", "Other", "misc"]))
    making.tell("stage_missing", "deals", [])
    making.spoil(
        "stage_missing", "deals", "stage", making.any_of((None, "", "-")), share=0.01, of=decided
    )
    own = making.spoil("stage_invalid", "deals", "stage", "Архив 2023", share=0.01, of=decided)
    making.put("deals", own, "status", None)
    own = making.spoil("stage_vs_status", "deals", "is_closed", False, share=0.01, of=decided)
    own = making.spoil("stage_vs_status", "deals", "is_closed", True, share=0.03, of=_open(making))
    own = making.spoil(
        "stage_vs_status", "deals", "lost_reason", "Дорого", share=0.02, of=_won(making)
    )
    own = making.spoil("stage_vs_status", "deals", "status", "lost", share=0.02, of=_won(making))
    making.put("deals", own, "lost_reason", "Дорого")
    # A lost deal that keeps the stage at which it stopped.
    making.put("deals", making.take("deals", _lost(making), 0.02), "stage", STAGES["ru"][2])


def _titles(making: Making) -> None:
    """Titles that name another product or type; some name two, or a longer word."""
    deals = making.deals
    plain = ~_open(making) & deals.title.str.contains("№|#")
    words = [*PRODUCTS["ru"], *PRODUCTS["en"]]

    def another(row: pd.Series) -> str:
        return f"{next(one for one in words if one != row['product'])}, {row.deal_id}"

    making.spoil(
        "deal_misclassified", "deals", "title", another, share=0.03, of=plain, part="product"
    )
    kinds = [*TYPES["ru"], *TYPES["en"]]
    making.spoil(
        "deal_misclassified",
        "deals",
        "title",
        lambda row: f"{next(one for one in kinds if one != row.deal_type)} {row.deal_id}",
        share=0.02,
        of=plain,
        part="deal_type",
    )
    well = making.take("deals", plain, 0.03)
    making.put("deals", well[::3], "title", lambda row: f"{row['product']} / {row.deal_id}")
    making.put("deals", well[1::3], "title", "Подписка и обучение")
    making.put("deals", well[2::3], "title", "Предподписка")
