"""Totals of a mailing in the service's report against the list of its recipients."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.catalogue.sales import MISMATCH_SHARE
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Violations
from crm_metrics.metrics.expressions import NO, first_known, folded
from crm_metrics.store.together.record_keys import part_of_key

_NAMED = "campaign_id|campaign_name"
_TOTALS = {"delivered": "delivered", "clicks_unique": "clicked", "unsubscribes": "unsubscribed"}
_WHY = {"delivered": "delivered_differ", "clicks_unique": "clicks_differ"}
_WHY |= {"unsubscribes": "unsubscribes_differ"}
# Reports and lists count the last day in zones of their own.
_DAYS_APART = 1


def _mailing(table: ir.Table) -> dict[str, ir.Value]:
    """What makes rows of the two tables the same mailing."""
    return {
        "channel": table.channel,
        "mailing": first_known(
            "id:" + part_of_key(table, "campaign_id"), "name:" + folded(table.campaign_name)
        ),
    }


def _reports(ground: Ground) -> ir.Table:
    """The mailings of reports: their totals, first day and first line."""
    table = ground.rows_with("campaigns", _NAMED)
    rows = table.select(
        **places(table),
        **_mailing(table),
        day=table.date.cast("date"),
        **{name: table[name].cast("float64") for name in _TOTALS},
    )
    rows = rows.filter(rows.mailing.notnull() & rows.day.notnull())
    return rows.group_by("channel", "mailing").aggregate(
        **{FILE: rows[FILE].min(), LINE: rows[LINE].min()},
        files=rows[FILE].nunique(),
        date=rows.day.min(),
        **{name: rows[name].sum() for name in _TOTALS},
    )


def _lists(ground: Ground) -> ir.Table:
    """The mailings of lists of recipients: what is counted of each; null where a list can't tell.

    Where everybody opened or clicked it is a list of those who did, which tells nothing of others.
    """
    table = ground.rows_with("recipients", _NAMED)
    flags = {name: table[flag].cast("boolean") for name, flag in _TOTALS.items()}
    rows = table.select(
        **_mailing(table),
        day=table.date.cast("date"),
        active=(table.opened.fill_null(NO) | table.clicked.fill_null(NO)),
        **flags,
    )
    rows = rows.filter(rows.mailing.notnull() & rows.day.notnull())
    each = rows.group_by("channel", "mailing").aggregate(
        began=rows.day.min(),
        whole=~rows.active.all(),
        **{f"n_{name}": rows[name].sum() for name in _TOTALS},
    )
    return each.filter(each.whole)


def _mismatch(ground: Ground) -> Violations:
    """Mailings of which a total and the rows behind it differ by more than the share, and by two.

    The total that differs most is told.
    """
    reports = _reports(ground)
    rows = reports.inner_join(_lists(ground), ["channel", "mailing"])
    # A name that comes again is another mailing; several files tell of the same one.
    near = (rows.date.epoch_seconds() - rows.began.epoch_seconds()).abs() <= _DAYS_APART * 86400
    rows = rows.filter(near & (rows.files == 1))
    share = ground.settings.of(MISMATCH_SHARE)
    off = {}
    for name in _TOTALS:
        apart = (rows[name] - rows[f"n_{name}"]).abs()
        over = (apart > share * rows[name]) & (apart >= 2)
        larger = ibis.greatest(rows[name], rows[f"n_{name}"])
        off[f"off_{name}"] = ibis.ifelse(over.fill_null(NO), apart / larger, 0.0)
    known = rows.filter(
        ibis.or_(*((rows[name].notnull() & rows[f"n_{name}"].notnull()) for name in _TOTALS))
    )
    known = known.mutate(**off)
    most = ibis.greatest(*(known[name] for name in off))
    bad = known.mutate(most=most).filter(most > 0)
    cases = [(bad[f"off_{name}"] == bad.most, name) for name in _TOTALS]
    found = bad.select(
        FILE,
        LINE,
        "date",
        why=ibis.cases(*((case, _WHY[name]) for case, name in cases), else_=""),
        told=ibis.cases(*((case, bad[name]) for case, name in cases), else_=0.0),
        counted=ibis.cases(
            *((case, bad[f"n_{name}"].cast("float64")) for case, name in cases), else_=0.0
        ),
    )
    return Violations(rows=found, base=known.select("date"))


CHECKS = (
    Check(
        key="report_mismatch",
        grain="campaigns",
        needs=(_NAMED, "date|sent_at", "|".join(_TOTALS)),
        also=(f"recipients.{_NAMED}", "recipients.date|sent_at"),
        severity=1,
        effort="M",
        rule=_mismatch,
        thresholds=(MISMATCH_SHARE,),
    ),
)
