"""The checks of names, phones and e-mails over a few contacts, counted by hand."""

from __future__ import annotations

import pandas as pd

from crm_metrics.audit import catalogue
from crm_metrics.audit.catalogue import emails, names, phones
from tests.audit.made import audited, found

KEYS = " ".join(check.key for part in (names, phones, emails) for check in part.CHECKS)
ROWS = [
    ("Anna Ivanova", "+79165821374", "anna@mail.ru", "Россия"),
    ("Anna Ivanova", "8 916 582-13-74", "anna@mial.ru", "Россия"),
    ("Клиент 12", "030 901820", "info@acme.de", "Germany"),
    ("ПЕТРОВ ИВАН", "123", "ivan@", "Россия"),
    (None, None, None, None),
    ("Olga", "0000000", "o@mailinator.com", "Россия"),
]
FRAME = pd.DataFrame(ROWS, columns=["full_name", "phone", "email", "country"])


def test_counts_and_bases():
    told = found(audited(KEYS, contacts=FRAME))
    assert told == {
        "name_missing contacts": (1, 6),
        "name_incomplete contacts": (1, 4),
        "name_junk contacts": (1, 5),
        "name_case_script contacts": (1, 5),
        "phone_invalid contacts": (1, 5),
        "phone_placeholder contacts": (1, 5),
        "phone_not_e164 contacts": (2, 3),
        "email_invalid contacts": (1, 5),
        "email_typo_domain contacts": (1, 4),
        "email_disposable contacts": (1, 4),
        "email_role contacts": (1, 4),
        "channel_unreachable contacts": (2, 6),
    }


def test_suggestions_are_masked_as_what_they_replace():
    told = audited("phone_not_e164 name_case_script email_typo_domain", contacts=FRAME)
    suggested = {one.check: [row["suggestion"] for row in one.examples] for one in told.findings}
    assert suggested == {
        "phone_not_e164": ["+7 *** ** 74", "+4 *** ** 20"],
        "name_case_script": ["П*** И***"],
        "email_typo_domain": ["a***@mail.ru"],
    }


def test_first_names_alone_are_no_halves():
    frame = pd.DataFrame({"full_name": ["Anna", "Olga", "Ivan Petrov"], "phone": [None] * 3})
    told = audited("name_incomplete", contacts=frame)
    assert [(one.check, one.reason) for one in told.not_run] == [("name_incomplete", "nothing")]
    halves = pd.DataFrame({"first_name": ["Anna", "Ivan"], "last_name": ["Orlova", None]})
    assert found(audited("name_incomplete", contacts=halves)) == {
        "name_incomplete contacts": (1, 2)
    }
    assert {check.grain for check in catalogue() if check.key.startswith("name_")} == {"contacts"}
