"""Defects of cells: dates, amounts, damage on the way, spellings, blanks, fields of no use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.crm import lines_of
from tests.audit.made_sales import NOW, PRODUCTS
from tests.audit.spoiling import BLANKS, Making

_DAY = pd.Timedelta(days=1)
_VAGUE = (*BLANKS, "Прочее", "other")
_ACCENTS = (
    *("Café Zürich", "ТОВ «СІРІУС»", "Señor Núñez, ESPAÑA", "Ærøskøbing № 5", "Łódź — Київ"),
    *("Перезвонить???", "ООО «Ёлка» №7", "façade déjà vu", "100 °C ± 2"),
)
_NOTHING = (pd.Timestamp("1970-01-01"), pd.Timestamp("1900-01-01"))

_WAYS = (
    ("deals", "source", ("САЙТ", "сайт", "Сайт.")),
    ("deals", "product", ("ПОДПИСКА", "подписка")),
    ("deals", "deal_type", ("первичная", "ПЕРВИЧНАЯ")),
    ("deals", "stage", ("УСПЕШНО РЕАЛИЗОВАНО", "успешно реализовано", "ПЕРЕГОВОРЫ")),
    ("deals", "pipeline", ("ПРОДАЖИ", "продажи")),
    ("deals", "owner", ("пётр зимин", "Петр Зимин", "ПЁТР ЗИМИН")),
    ("activities", "owner", ("пётр зимин", "Петр Зимин", "ПЁТР ЗИМИН")),
    ("activities", "activity_type", ("Note", "NOTE")),
    ("contacts", "city", ("г. Москва", "москва", "МОСКВА", "город Москва")),
    ("contacts", "source", ("САЙТ", "сайт")),
    ("contacts", "owner", ("пётр зимин", "Петр Зимин")),
)
_MAY_BE_BLANK = (
    ("source_missing", "deals", ("source", "utm_source")),
    ("product_missing", "deals", ("product",)),
    ("type_missing", "deals", ("deal_type",)),
    ("source_missing", "contacts", ("source",)),
    ("type_missing", "contacts", ("type",)),
    ("location_missing", "contacts", ("city", "region", "country")),
)


def spoil_cells(making: Making) -> None:
    """All of them, those that add rows last."""
    _dates(making)
    _damage(making)
    _amounts(making)
    _blanks(making)
    _spellings(making)
    _fields(making)
    _repeated(making)
    _tell_cells(making)


def _dates(making: Making) -> None:
    lost = (making.deals.status == "lost") & making.deals.closed_at.notna()
    ahead = NOW + 2 * _DAY
    for grain, of, column, other in (
        ("deals", lost, "created_at", "closed_at"),
        ("contacts", _alone(making), "created_at", "last_activity_at"),
    ):
        making.spoil("date_impossible", grain, column, making.any_of(_NOTHING), share=0.01, of=of)
        making.spoil(
            "date_impossible",
            grain,
            column,
            lambda _: ahead + int(making.random.integers(200)) * _DAY,
            share=0.01,
            of=of,
        )
        making.spoil(
            "date_impossible",
            grain,
            other,
            lambda row: row.created_at - 3 * _DAY,
            share=0.01,
            of=of,
        )
        # Of the same day, though of an earlier hour.
        same = making.take(grain, of, 0.01)
        making.put(grain, same, other, lambda row: row.created_at.normalize())
    # Clocks differ by a day.
    making.put("deals", making.take("deals", lost, 0.01), "updated_at", NOW + _DAY)
    notes = making.acts.activity_type == "note"
    making.spoil(
        "date_impossible", "activities", "ts", making.any_of(_NOTHING), share=0.02, of=notes
    )
    making.spoil("date_impossible", "activities", "ts", ahead + 9 * _DAY, share=0.02, of=notes)


def _alone(making: Making) -> pd.Series:
    """Contacts that are in no deal and no double of another."""
    contacts, persons = making.contacts, pd.Series(making.crm.persons)
    return ~contacts.customer_id.isin(making.deals.customer_id) & ~persons.duplicated(keep=False)


def _by_excel(text: str) -> str:
    return f"{float(text):.5E}".replace(".", ",")


def _damage(making: Making) -> None:
    deals, acts = making.deals, making.acts
    closed = deals.status != "open"
    making.spoil(
        "id_damaged", "deals", "deal_id", lambda row: _by_excel(row.deal_id), share=0.01, of=closed
    )
    making.spoil(
        "id_damaged",
        "deals",
        "deal_id",
        lambda row: f"{row.deal_id}450012340000"[:18].ljust(18, "0"),
        share=0.005,
        of=closed,
    )
    notes = (acts.activity_type == "note") & acts.object_id.notna()
    making.spoil(
        "id_damaged",
        "activities",
        "object_id",
        lambda row: _by_excel(row.object_id),
        share=0.02,
        of=notes,
    )
    own = making.take("contacts", _alone(making), 0.01)
    making.put("contacts", own, "customer_id", lambda row: _by_excel(row.customer_id))
    making.tell("id_damaged", "contacts", own)
    # Read as a number and written again.
    led = np.flatnonzero(_alone(making) & making.contacts.customer_id.str.startswith("0"))
    own = [int(one) for one in led if one not in making.used["contacts"]][: max(len(led) // 90, 4)]
    making.used["contacts"].update(own)
    making.put("contacts", own, "customer_id", lambda row: row.customer_id.lstrip("0"))
    making.tell("id_damaged", "contacts", own)
    phones = making.contacts.phone.astype("string").str.fullmatch(r"\d[.,]\d+E\+\d+").fillna(False)
    making.tell("id_damaged", "contacts", making.contacts.index[phones])
    for grain, column, of in (
        ("deals", "title", deals.title.str.contains("№") & closed),
        ("deals", "comment", deals.comment.notna()),
        ("activities", "comment", acts.comment.notna()),
        ("contacts", "comment", making.contacts.comment.notna()),
    ):
        cyrillic = making.crm.frames[grain][column].astype("string").str.contains("[а-яё]{3}")
        making.spoil(
            "encoding_damaged",
            grain,
            column,
            lambda row, column=column: _misread(making, row[column]),
            share=0.01,
            of=of & cyrillic.fillna(False),
        )
        well = making.take(grain, of, 0.01)
        making.put(grain, well, column, making.any_of(_ACCENTS))


def _misread(making: Making, text: str) -> str:
    """The text as a program writes it that took one encoding for another."""
    kind = making.random.integers(4)
    if kind == 0:
        return text.encode("utf-8").decode("cp1251", "replace")
    if kind == 1:
        return text.encode("utf-8").decode("cp1252", "replace")
    if kind == 2:
        return text.encode("cp1251").decode("cp1252", "replace")
    return text[:2] + "\N{REPLACEMENT CHARACTER}" * 3 + text[5:]


def _amounts(making: Making) -> None:
    deals = making.deals
    good = (deals.amount > 0) & (deals.status != "open")
    middle = deals.amount.groupby(deals.pipeline).median()
    for times in (1000, 1 / 2000):
        making.spoil(
            "amount_outlier",
            "deals",
            "amount",
            lambda row, times=times: middle[row.pipeline] * times,
            share=0.004,
            of=good,
        )
    large = making.take("deals", good, 0.004)
    making.put("deals", large, "amount", lambda row: middle[row.pipeline] * 6)
    making.spoil("amount_negative", "deals", "amount", lambda row: -row.amount, share=0.01, of=good)
    making.spoil(
        "currency_mixed", "deals", "currency", making.any_of(["USD", "EUR"]), share=0.01, of=good
    )


def _blanks(making: Making) -> None:
    """Categories that tell nothing, in rows that may have any other defect."""
    for _, grain, columns in _MAY_BE_BLANK:
        frame = making.crm.frames[grain]
        count = max(len(frame) // 50, 4)
        kept = {"deals": "deal_misclassified", "contacts": "lead_and_contact"}[grain]
        allowed = ~frame.index.isin(_told(making, kept))
        if "country" in columns:
            # A phone as it is dialled at home needs its country.
            allowed &= frame.phone.astype("string").str.startswith("+7").fillna(False)
        allowed = np.flatnonzero(allowed)
        own = making.random.permutation(allowed)[:count]
        for column in columns:
            making.put(grain, own, column, making.any_of(_VAGUE))
        # The first of the columns alone: the other one tells.
        some = making.random.permutation(allowed)[:count]
        if columns[1:]:
            making.put(grain, some, columns[0], None)


def _told(making: Making, check: str) -> set[int]:
    """The places of what a check should find, in all of its scopes."""
    each = (lines for (own, _), lines in making.crm.bad.items() if own == check)
    return {int(str(line)) - 2 for lines in each for line in lines}


def _tell_cells(making: Making) -> None:
    """What is blank or written in another way in the end: copies and cleared fields as well."""
    for check, grain, columns in _MAY_BE_BLANK:
        frame = making.crm.frames[grain][list(columns)]
        blank = frame.isin(_VAGUE) | frame.isna()
        making.tell(check, grain, frame.index[blank.all(axis=1)])
    for grain, column, ways in _WAYS:
        frame = making.crm.frames[grain]
        own = lines_of(frame.index[frame[column].isin(ways)])
        making.crm.tell("near_duplicate_category", f"{grain}:{column}", own)
    lost = making.deals[making.deals.status == "lost"]
    told = lost.lost_reason.str.strip().str.lower().isin(["другое", "прочее", "other", "misc"])
    making.tell("lost_reason_vague", "deals", lost.index[told])


def _spellings(making: Making) -> None:
    """A value of most rows, written in other ways in a few."""
    for grain, column, ways in _WAYS:
        frame = making.crm.frames[grain]
        for way in ways:
            plain = way.removeprefix("г. ").removeprefix("город ").removesuffix(".")
            plain = " ".join(plain.split()).casefold().replace("ё", "е")
            same = frame[column].astype("string").str.casefold().str.replace("ё", "е") == plain
            usual = frame[column][same.fillna(False)].mode()[0]
            own = making.random.permutation(np.flatnonzero(frame[column] == usual))
            own = own[: max(len(own) // 60, 2)]
            making.put(grain, own, column, way)


def _fields(making: Making) -> None:
    """Fields that next to nobody fills, or in which next to all have one value; and just not so."""
    for grain, unused, used in (
        ("deals", "utm_campaign", "comment"),
        ("activities", "tags", None),
        ("contacts", "region", "comment"),
    ):
        frame = making.crm.frames[grain]
        for column, share in ((unused, 0.09), (used, 0.11)):
            if column:
                filled = np.flatnonzero(frame[column].notna())
                keep = int(len(frame) * share)
                drop = making.random.permutation(filled)[keep:]
                told = {line - 2 for line in making.crm.bad.get(("encoding_damaged", grain), ())}
                making.put(grain, [one for one in drop if one not in told], column, None)
        making.crm.tell("field_unused", grain, [unused])
        own = making.random.permutation(len(frame))
        making.put(grain, own, "segment", "A")
        making.put(grain, own[int(len(own) * 0.85) :], "segment", "B")
        making.crm.tell("field_default", grain, ["segment"])
    # Of what is filled at all not quite so many have one value.
    own = np.flatnonzero(making.contacts.region.notna())
    making.put("contacts", own, "region", "Север")
    making.put("contacts", own[int(len(own) * 0.78) :], "region", "Юг")


def _repeated(making: Making) -> None:
    """Deals that stand twice; others differ in the day, the amount or the product."""
    deals = making.deals
    closed = (deals.status != "open") & (deals.amount > 0) & deals["product"].isin(PRODUCTS["ru"])
    number = iter(range(900_001, 999_999))
    last = []
    for share, change in (
        (0.01, {}),
        (0.01, {"deal_id": True}),
        (0.005, {"deal_id": True, "created_at": -7 * _DAY}),
        (0.005, {"deal_id": True, "amount": 1000.0}),
        (0.005, {"deal_id": True, "product": "Аудит"}),
    ):
        rows = deals.loc[making.take("deals", closed & (deals.index < len(deals)), share)].copy()
        if "deal_id" in change:
            rows["deal_id"] = [str(next(number)) for _ in range(len(rows))]
        for name in ("created_at", "amount"):
            if name in change:
                rows[name] += change[name]
        if "product" in change:
            rows["product"] = change["product"]
            rows["title"] = "Сделка № " + rows.deal_id
        last.append((rows, len(change) < 2))
    for rows, twice in last:
        own = making.add("deals", rows)
        if twice:
            making.tell("dup_deal", "deals", own)
