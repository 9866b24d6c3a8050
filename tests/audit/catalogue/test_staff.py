"""The CRM's list of its staff: owners it does not know, who have left, and access without a use."""

from __future__ import annotations

import pandas as pd

from tests.audit.made import audited, found, lines

STAFF = pd.DataFrame(
    [
        # first, last, email, active, last login
        ("Анна", "Ким", "anna@firm.ru", True, "2026-06-29"),
        ("Иван", "Орлов", "ivan@firm.ru", False, "2026-02-01"),
        ("Ольга", "Лис", "olga@firm.ru", True, "2026-03-01"),
        ("Пётр", "Шаг", "petr@firm.ru", True, None),
        ("Роман", "Бор", "roman@firm.ru", True, "2026-05-01"),
    ],
    columns=["first_name", "last_name", "email", "is_active", "last_login_at"],
)
DEALS = pd.DataFrame(
    [
        ("Анна Ким", "open", 10.0),
        ("Ким Анна ", "open", 20.0),
        ("ANNA@firm.ru", "open", 30.0),
        ("Орлов Иван", "open", 40.0),
        ("Иван Орлов", "won", 50.0),
        ("Кто Тоэтов", "open", 60.0),
        ("Кто Тоэтов", "won", 70.0),
        (None, "open", 80.0),
    ],
    columns=["owner", "status", "amount"],
)
ACTS = pd.DataFrame(
    {
        "activity_type": "call",
        "owner": ["Бор Роман", "Анна Ким", "Лис Ольга"],
        "ts": ["2026-06-25", "2026-06-25", "2026-01-25"],
    }
)
OWNERS = "owner_unknown owner_dismissed"


def test_owners_of_open_deals_who_are_unknown_or_have_left():
    told = audited(OWNERS, deals=DEALS, staff=STAFF)
    assert found(told) == {"owner_unknown deals": (1, 5), "owner_dismissed deals": (1, 4)}
    assert lines(told, "owner_unknown") == [7]
    assert lines(told, "owner_dismissed") == [5]
    money = {one.check: one.money for one in told.findings}
    assert money == {"owner_unknown": ((None, 60.0),), "owner_dismissed": ((None, 40.0),)}


def test_owners_of_contacts_and_a_status_in_words():
    staff = pd.DataFrame({"owner": ["Анна Ким", "Иван Орлов"], "status": ["Работает", "Уволен"]})
    contacts = pd.DataFrame({"email": list("abcd"), "owner": ["Анна Ким", "иван орлов", "Я", None]})
    told = audited(OWNERS, contacts=contacts, staff=staff)
    assert found(told) == {"owner_unknown contacts": (1, 3), "owner_dismissed contacts": (1, 2)}


def test_names_are_the_same_with_another_letter_or_blank():
    staff = pd.DataFrame({"owner": ["Пётр  Лёвин", "Анна Ким"], "is_active": [False, True]})
    contacts = pd.DataFrame({"email": list("abc"), "owner": ["Петр Левин", "Анна  Ким", "Я"]})
    told = audited(OWNERS, contacts=contacts, staff=staff)
    assert found(told) == {"owner_unknown contacts": (1, 3), "owner_dismissed contacts": (1, 2)}


def test_a_list_of_other_people_tells_nothing_of_owners():
    ids = DEALS.assign(owner=["17", "17", "18", "19", "20", "21", "22", None])
    told = audited(OWNERS, deals=ids, staff=STAFF)
    assert {(one.check, one.reason) for one in told.not_run if one.grain == "deals"} == {
        ("owner_unknown", "nothing"),
        ("owner_dismissed", "nothing"),
    }


def test_namesakes_of_whom_one_works_have_not_left():
    staff = pd.concat([STAFF, STAFF.iloc[[1]].assign(is_active=True, email="i2@firm.ru")])
    told = audited("owner_dismissed", deals=DEALS, staff=staff.reset_index(drop=True))
    assert found(told) == {"owner_dismissed deals": (0, 4)}


def test_access_without_logins_or_records():
    told = audited("licence_unused", staff=STAFF, activities=ACTS)
    # Roman's record of June speaks for him; Ivan has no access.
    assert found(told) == {"licence_unused staff": (2, 4)}
    whys = {row["line"]: row["why"] for row in told.findings[0].examples}
    assert whys == {"4": "no_login_lately", "5": "never_logged_in"}


def test_access_without_records_where_no_login_is_told():
    staff = STAFF.drop(columns="last_login_at")
    told = audited("licence_unused", staff=staff, activities=ACTS)
    assert found(told) == {"licence_unused staff": (1, 4)}
    assert lines(told, "licence_unused") == [5]
    told = audited("licence_unused", staff=staff)
    assert [one.reason for one in told.not_run] == ["nothing"]


def test_staff_are_no_customers():
    contacts = pd.DataFrame({"email": ["anna@firm.ru"], "consent": [False]})
    sends = pd.DataFrame({"email": ["x@x.ru"], "sent_at": ["2026-06-01"], "delivered": [True]})
    told = audited("consent_missing", contacts=contacts, recipients=sends, staff=STAFF)
    assert [one.reason for one in told.not_run] == ["nothing"]
