"""A whole made-up CRM: contacts, their deals and what was done, clean or with known defects."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tests.audit.crm import Crm
from tests.audit.made import TODAY
from tests.audit.made_defects import made_crm
from tests.audit.made_sales import HOLIDAYS, NOW, OWNERS, clean_sales
from tests.audit.spoiling import Making
from tests.audit.spoilt_cells import spoil_cells
from tests.audit.spoilt_deals import spoil_deals
from tests.audit.spoilt_work import spoil_work


def sales_crm(contacts: int, deals: int, seed: int, *, clean: bool = False) -> Crm:
    """So many contacts and deals with about six activities each, seeded."""
    made = made_crm(contacts, seed, clean=clean)
    random = np.random.default_rng(seed + 2)
    people = _completed(made, random, owners=int(np.clip(deals // 250, 6, 12)))
    # Deals are of people who stand once, so that who is meant is known.
    once = people[~pd.Series(made.persons).duplicated(keep=False)]
    quiet = () if clean else _quiet_days()
    own, acts = clean_sales(deals, once, random, quiet=quiet[:2], no_deals=quiet)
    crm = Crm({"contacts": people, "deals": own, "activities": acts}, made.bad, made.persons)
    if clean:
        return crm
    making = Making(crm, random, quiet=tuple(pd.Timestamp(day) for day in quiet))
    _leads(making)
    spoil_deals(making)
    spoil_work(making)
    spoil_cells(making)
    _off_quiet(making)
    for day in quiet:
        crm.tell("integration_gap", "deals", [day])
    for day in quiet[:2]:
        crm.tell("integration_gap", "activities", [day])
    _older_than_won(making)
    return crm


def _completed(made: Crm, random: np.random.Generator, *, owners: int) -> pd.DataFrame:
    """Contacts with what deals and other checks ask of them, of as many owners as are busy."""
    people = made.frames["contacts"].copy()
    count = len(people)
    people["last_activity_at"] = people[["created_at", "last_activity_at"]].max(axis=1)
    people["customer_id"] = [f"{90_001 + 2 * one:06d}" for one in range(count)]
    russian = owners * 2 // 3
    everyone = [*OWNERS["ru"][:russian], *OWNERS["en"][: owners - russian]]
    everyone = np.array(everyone, dtype=object)
    people["owner"] = pd.Series(random.choice(everyone, count)).where(people.owner.notna(), None)
    kinds = ["Покупатель", "Партнёр", "Поставщик", "Лид"]
    people["type"] = random.choice(kinds, count, p=[0.55, 0.15, 0.1, 0.2])
    doubles = pd.Series(made.persons).duplicated(keep=False).to_numpy()
    people.loc[doubles, "type"] = kinds[0]
    people["region"] = pd.Series(random.choice(["Север", "Юг"], count)).where(
        random.random(count) < 0.4
    )
    people["comment"] = pd.Series(
        random.choice(
            np.array(["Звонить утром", "Ждёт каталог", "Prefers e-mail"], dtype=object), count
        )
    ).where(random.random(count) < 0.4)
    people["segment"] = random.choice(["A", "B", "C"], count, p=[0.6, 0.3, 0.1])
    return people


def _quiet_days() -> list[date]:
    """Two days on which nothing was written, and one more without a new deal."""
    days = [TODAY - timedelta(days=back) for back in (104, 111, 116)]
    assert not HOLIDAYS.intersection(days)
    assert all(day.weekday() < 5 for day in days)
    return days


def _leads(making: Making) -> None:
    """Copies of a contact by the same mailbox that are still kept as leads."""
    people, persons = making.contacts, pd.Series(making.crm.persons)
    mails = {int(line) - 2 for line in making.crm.bad["dup_exact_email", "contacts"]}
    copies = persons.index[persons.duplicated() & persons.index.isin(mails)]
    own = [int(one) for one in copies[: max(len(copies) // 2, 4)]]
    people.loc[own, "type"] = "Лид"
    making.tell("lead_and_contact", "contacts", own)
    making.used["contacts"] = set(persons.index[persons.duplicated(keep=False)])


def _off_quiet(making: Making) -> None:
    """What the moving of deals brought to a day without records goes to the day after."""
    gaps = [*making.quiet]
    for frame, name, days in ((making.acts, "ts", gaps[:2]), (making.deals, "created_at", gaps)):
        there = frame[name].dt.normalize().isin(days)
        frame.loc[there, name] += pd.Timedelta(days=1)


def _older_than_won(making: Making) -> None:
    """Open deals that are older than nine of ten won ones were: counted once all is spoilt."""
    deals = making.deals
    took = (deals.closed_at - deals.created_at)[deals.status == "won"].dt.total_seconds() / 86_400
    limit = took[took >= 0].quantile(0.9)
    age = (NOW - deals.created_at).dt.total_seconds() / 86_400
    own = deals.index[(deals.status == "open") & (age > limit)]
    making.tell("deal_older_than_won", "deals", own)
