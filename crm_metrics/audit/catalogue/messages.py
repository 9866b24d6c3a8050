"""Messages that should not have gone out, that came too often, too seldom, or twice a day."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.catalogue.suppressed import unsubscribed_day
from crm_metrics.audit.conditions import LIMITS, day_before, within
from crm_metrics.audit.ground import FILE, LINE, Ground, table_of
from crm_metrics.audit.model import Check, Settings, Threshold, Violations
from crm_metrics.audit.people import PERSON, last_of_each, names_someone, with_person
from crm_metrics.metrics.catalogue.orders import sale
from crm_metrics.metrics.compute import compute
from crm_metrics.metrics.expressions import NO, YES, first_known, folded
from crm_metrics.metrics.people import PERSON as NAMED
from crm_metrics.metrics.people import person_of

WEEKLY_CAP = Threshold("weekly_cap", 3, 1, 30, "count")
SILENT_DAYS = Threshold("silent_days", 90, 14, 365, "days")
ACTIVE_DAYS = Threshold("active_days", 365, 30, 1095, "days")
COMPLAINT_LIMIT = Threshold("complaint_limit_share", 0.003, 0.0001, 0.05, "share")
MACHINE_SHARE = Threshold("machine_share", 0.2, 0.01, 1, "share")
_SENT = "date|sent_at"
# Where somebody of the firm turns to a client, beside its messages.
_SPOKEN = ("calls", "conversations", "activities")


def _sends(ground: Ground) -> ir.Table:
    """The messages to people, worked out once: who, when, in which channel, and what came back."""
    return ground.engine.once("audit_sends", lambda: _read_sends(ground))


def _read_sends(ground: Ground) -> ir.Table:
    table = ground.table("recipients")
    rows = with_person(
        ground,
        "recipients",
        date=table.date.cast("date"),
        channel=table.channel,
        address=person_of(table, ("email", "phone", "customer_id")),
        campaign=first_known(table.campaign_id.cast("string"), table.campaign_name),
        moment=first_known(table.sent_at.cast("timestamp"), table.date.cast("timestamp")),
        hard=table.bounced.fill_null(NO) & (folded(table.bounce_type) == "hard").fill_null(NO),
        left=table.unsubscribed.fill_null(NO) | table.complained.fill_null(NO),
        left_day=first_known(table.unsubscribed_at.cast("date"), table.date.cast("date")),
    )
    return ground.engine.saved("audit_sends", rows)


def _after(sends: ir.Table, first: ir.Table, whom: str) -> Violations:
    """Sends to somebody on a later day than the one (`stop`) on which it was clear not to."""
    rows = sends.left_join(first, [whom, "channel"])
    bad = rows.filter((rows.date > rows.stop).fill_null(NO))
    return Violations(rows=bad.select(FILE, LINE, "date"), base=sends.select("date"))


def _to_dead(ground: Ground) -> Violations:
    """Sends to an address that had bounced for good; another of the same person may well live."""
    sends = _sends(ground)
    dead = sends.filter(sends.hard)
    first = dead.group_by("address", "channel").aggregate(stop=dead.date.min())
    return _after(sends, first, "address")


def _to_gone(ground: Ground) -> Violations:
    """Sends after an unsubscription or a complaint in the log, or one that the contact has."""
    sends = _sends(ground)
    gone = sends.filter(sends.left).select(PERSON, "channel", day="left_day")
    if ground.has("contacts", "unsubscribed_at") and names_someone(ground, "contacts"):
        contacts = ground.table("contacts")
        said = with_person(ground, "contacts", day=unsubscribed_day(contacts))
        channel = ibis.literal("email").name("channel")
        gone = gone.union(said.filter(said.day.notnull()).select(PERSON, channel, "day"))
    return _after(sends, gone.group_by(PERSON, "channel").aggregate(stop=gone.day.min()), PERSON)


def _without_consent(ground: Ground) -> Violations:
    """Contacts who were written to, and of whom no card notes a consent or its day."""
    contacts = ground.rows_with("contacts", "consent|consent_at")
    agreed = first_known(contacts.consent, contacts.consent_at.notnull())
    own = with_person(ground, "contacts", contacts, date=contacts.date, agreed=agreed)
    own = own.mutate(agreed=own.agreed.any().over(ibis.window(group_by=PERSON)))
    sent = _sends(ground).select(PERSON).distinct()
    rows = own.semi_join(sent, PERSON)
    return Violations(
        rows=rows.filter(~rows.agreed).select(FILE, LINE, "date"), base=rows.select("date")
    )


def _too_often(ground: Ground) -> Violations:
    """Messages beyond so many a calendar week to one person, over all channels."""
    sends = _sends(ground).filter(ibis._.date.notnull())
    sends = sends.mutate(week=sends.date.truncate("W"))
    window = ibis.window(group_by=[PERSON, "week"], order_by=["moment", FILE, LINE])
    numbered = sends.mutate(place=ibis.row_number().over(window))
    bad = numbered.filter(numbered.place >= ground.settings.of(WEEKLY_CAP))
    return Violations(rows=bad.select(FILE, LINE, "date"), base=sends.select("date"))


def _same_day(ground: Ground) -> Violations:
    """Messages of one campaign to a person on the day on which another channel brought it."""
    sends = _sends(ground).filter(ibis._.date.notnull() & ibis._.campaign.notnull())
    whole = ibis.window(group_by=[PERSON, "date", "campaign"])
    window = ibis.window(group_by=[PERSON, "date", "campaign"], order_by=["moment", FILE, LINE])
    marked = sends.mutate(
        channels=sends.channel.nunique().over(whole), first=sends.channel.first().over(window)
    )
    bad = marked.filter((marked.channels > 1) & (marked.channel != marked["first"]))
    return Violations(rows=bad.select(FILE, LINE, "date"), base=sends.select("date"))


def _silence(ground: Ground) -> Violations:
    """The last order of each client of the last year to whom nobody turned for long.

    Who became a client since then had no such time, and who does not want to hear is not asked.
    """
    since = day_before(ground.settings, SILENT_DAYS)
    orders = ground.table("orders")
    orders = orders.filter(sale(orders, LIMITS))
    bought = with_person(ground, "orders", orders, date=orders.date.cast("date"))
    first = bought.group_by(PERSON).aggregate(first=bought.date.min())
    bought = bought.filter(bought.date >= day_before(ground.settings, ACTIVE_DAYS))
    last = last_of_each(bought, "date")
    last = last.semi_join(first.filter(first.first <= since), PERSON)
    sends = _sends(ground)
    (line,) = sends.aggregate(first=sends.date.min()).to_pyarrow().to_pylist()
    # A log that begins later does not tell of those days.
    if line["first"] is None or line["first"] > since:
        last = last.limit(0)
    last = last.anti_join(_refusing(ground), PERSON)
    lately = sends.filter(sends.date >= since).select(PERSON)
    for grain in _SPOKEN:
        if names_someone(ground, grain):
            table = ground.table(grain)
            said = table.filter(table.date.cast("date") >= ibis.literal(since))
            lately = lately.union(with_person(ground, grain, said).select(PERSON))
    bad = last.anti_join(lately.distinct(), PERSON)
    return Violations(rows=bad.select(FILE, LINE, "date"), base=last.select("date"))


def _refusing(ground: Ground) -> ir.Table:
    """People who unsubscribed or complained, or whose card says that they do not agree."""
    sends = _sends(ground)
    people = sends.filter(sends.left).select(PERSON)
    if names_someone(ground, "contacts"):
        cards = ground.table("contacts")
        said_no = ~cards.consent.fill_null(YES) | unsubscribed_day(cards).notnull()
        cards = cards.filter(said_no)
        people = people.union(with_person(ground, "contacts", cards).select(PERSON))
    return people.distinct()


def _uncovered(ground: Ground) -> Violations:
    """Stages of the contacts' lifecycle none of whose people got a message."""
    contacts = ground.rows_with("contacts", "lifecycle_stage")
    own = with_person(ground, "contacts", contacts, stage=contacts.lifecycle_stage)
    own = own.filter(own.stage.notnull())
    sent = _sends(ground).select(PERSON).distinct().mutate(got=YES)
    rows = own.left_join(sent, PERSON)
    each = rows.group_by("stage").aggregate(
        contacts=rows.count(), reached=rows.got.fill_null(NO).sum()
    )
    return Violations(
        rows=each.filter(each.reached == 0), base=int(each.count().to_pyarrow().as_py())
    )


def _complaints(ground: Ground) -> Violations:
    """Channels of which the complaint rate is not shown to lie below the limit."""
    limit = ground.settings.of(COMPLAINT_LIMIT)
    told = compute(ground.engine, ["complaint_rate"], by=("channel",)).values
    known = [one for one in told if one.value is not None and one.high is not None]
    over = [
        {
            "channel": one.group["channel"],
            "complaint_share": one.value,
            "low": one.low,
            "high": one.high,
            "n": int(one.n),
            "why": "surely_over" if (one.low or 0) > limit else "perhaps_over",
        }
        for one in known
        if one.value and (one.high or 0) > limit
    ]
    number = pa.float64()
    kinds = {"complaint_share": number, "low": number, "high": number, "n": pa.int64()}
    rows = table_of(over, channel=pa.string(), **kinds, why=pa.string())
    return Violations(rows=rows, base=len(known))


def _opened_by_program(table: ir.Table, _: Settings) -> ir.BooleanValue:
    return within(table.opened, table.open_is_machine)


CHECKS = (
    Check(
        key="email_hard_bounced",
        grain="recipients",
        needs=(NAMED, _SENT, "bounce_type"),
        severity=1,
        effort="S",
        rule=_to_dead,
    ),
    Check(
        key="suppressed_but_mailed",
        grain="recipients",
        needs=(NAMED, _SENT, "unsubscribed|unsubscribed_at|complained"),
        severity=1,
        effort="S",
        rule=_to_gone,
    ),
    Check(
        key="consent_missing",
        grain="contacts",
        needs=(NAMED, "consent|consent_at"),
        also=(f"recipients.{NAMED}",),
        severity=1,
        effort="L",
        rule=_without_consent,
    ),
    Check(
        key="complaint_over_limit",
        grain="recipients",
        needs=("complained",),
        severity=1,
        effort="M",
        rule=_complaints,
        counted="channels",
        thresholds=(COMPLAINT_LIMIT,),
    ),
    Check(
        key="comms_overload",
        grain="recipients",
        needs=(NAMED, _SENT),
        severity=2,
        effort="M",
        rule=_too_often,
        thresholds=(WEEKLY_CAP,),
    ),
    Check(
        key="comms_conflict",
        grain="recipients",
        needs=(NAMED, _SENT, "campaign_id|campaign_name"),
        severity=2,
        effort="M",
        rule=_same_day,
    ),
    Check(
        key="comms_silence",
        grain="orders",
        needs=(NAMED, "date|created_at"),
        also=(f"recipients.{NAMED}", f"recipients.{_SENT}"),
        severity=2,
        effort="M",
        ages=("orders", "recipients"),
        rule=_silence,
        counted="clients",
        thresholds=(SILENT_DAYS, ACTIVE_DAYS),
    ),
    Check(
        key="segment_uncovered",
        grain="contacts",
        needs=(NAMED, "lifecycle_stage"),
        also=(f"recipients.{NAMED}",),
        severity=2,
        effort="L",
        rule=_uncovered,
        counted="stages",
    ),
    Check(
        key="bot_or_mpp_share",
        grain="recipients",
        needs=("opened", "open_is_machine"),
        severity=2,
        effort="M",
        broken=_opened_by_program,
        above=MACHINE_SHARE,
    ),
)
