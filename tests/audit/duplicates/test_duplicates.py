"""Groups of a few contacts, their tiers, what stays, and what is left apart."""

from __future__ import annotations

import pandas as pd

from crm_metrics.audit import Settings, check_of, records_of
from crm_metrics.audit.ground import Ground
from crm_metrics.findings.audit_words import passed_texts
from tests.audit.made import TODAY, audited, engine, found

COLUMNS = ["full_name", "phone", "email", "company", "city", "type", "last_activity_at"]
ROWS = [
    (
        "Наталья Соловьёва",
        "+79165821374",
        "n.s@mail.ru",
        "ООО Вега",
        "Тула",
        "Клиент",
        "2026-06-01",
    ),
    ("Natalya Solovyova", "8 916 582-13-74", None, None, None, "Лид", "2026-06-02"),
    ("Олег Щукин", "+79037712046", None, None, None, "Клиент", "2026-06-01"),
    ("Олег Щуикн", "+79037712046", None, None, None, "Клиент", "2026-06-03"),
    ("Олег Щукин", "+79037712046", "shch@gmail.com", None, None, "Клиент", "2026-05-01"),
    ("Анна Щукина", "+79037712046", None, None, None, "Клиент", "2026-06-01"),
    ("Zoe Quill", None, "zoe.q@gmail.com", None, None, "Клиент", None),
    ("Zoe Quill", None, "ZOEQ@googlemail.com", None, None, "Клиент", None),
    ("Zoe Quill", None, "zoe.q@gmial.com", None, None, "Клиент", None),
]
FRAME = pd.DataFrame(ROWS, columns=COLUMNS)


def listed(key: str) -> list[tuple[str | None, ...]]:
    ground = Ground(engine(contacts=FRAME), Settings(today=TODAY))
    check = check_of(key, "contacts")
    told = records_of(ground, check, check.scope())
    names = [
        name for name in ("__line", "group", "survivor", "tier", "why") if name in told.columns
    ]
    return [
        tuple(batch.column(name)[place].as_py() for name in names)
        for batch in told.batches
        for place in range(batch.num_rows)
    ]


def test_the_list_has_group_tier_why_and_what_stays():
    rows = {row[0]: row[2:] for row in listed("dup_fuzzy")}
    assert rows == {
        "2": ("yes", None, None),
        "3": ("no", "sure", "same_phone"),
        "6": ("yes", None, None),
        "4": ("no", "sure", "same_phone"),
        "5": ("no", "likely", "same_phone"),
        "8": ("yes", None, None),
        "9": ("no", "sure", "same_mailbox"),
        "10": ("no", "sure", "meant_mailbox"),
    }
    # His wife has the same phone, and is no duplicate by name.
    assert "7" not in rows


def test_one_mailbox_or_phone_in_several():
    assert [row[:3] for row in listed("dup_exact_email")] == [("8", "1", "yes"), ("9", "1", "no")]
    phones = listed("dup_exact_phone")
    assert sorted(row[0] for row in phones) == ["2", "3", "4", "5", "6", "7"]
    assert [row[0] for row in phones if row[2] == "yes"] == ["2", "6"]


def test_leads_who_are_contacts_and_the_numbers_of_sentences():
    told = audited("lead_and_contact dup_exact_email dup_exact_phone dup_fuzzy", contacts=FRAME)
    assert found(told)["lead_and_contact contacts"] == (1, 1)
    numbers = {one.check: one.numbers for one in told.findings}
    assert numbers["dup_exact_phone"] == {"groups": 2, "surplus": 4}
    fuzzy = numbers["dup_fuzzy"]
    assert (fuzzy["groups"], fuzzy["sure"], fuzzy["likely"], fuzzy["ask"]) == (3, 4, 1, 0)
    assert fuzzy["skipped"] == 0
    assert fuzzy["duplicate_block"] == 100


def test_namesakes_of_one_city_who_are_too_many_are_said_each_once():
    pair = [("Zoe Quill", "Bonn", "+493090182011")] * 2
    many = [("Олег Игоревич Щукин", "Тула", None)] * 7
    frame = pd.DataFrame([*pair, *many], columns=["full_name", "city", "phone"])
    (fuzzy,) = audited("dup_fuzzy", contacts=frame).findings
    assert (fuzzy.count, fuzzy.numbers["skipped"]) == (2, 7)


def test_a_value_that_too_many_share_is_said():
    frame = pd.DataFrame({"full_name": ["Олег Щукин"] * 12, "phone": ["+79037712046"] * 12})
    settings = Settings(today=TODAY, thresholds={"duplicate_block": 10})
    told = audited("dup_fuzzy dup_exact_phone", settings, contacts=frame)
    assert [(one.check, one.base) for one in told.passed] == [("dup_fuzzy", 12)]
    assert found(told)["dup_exact_phone contacts"] == (12, 12)
    assert told.passed[0].numbers["skipped"] == 12
    assert passed_texts(told, "en") == {
        ("dup_fuzzy", "contacts"): "12 contacts were not compared by a value that too many share."
    }


def test_a_lead_that_was_not_compared_is_said():
    frame = pd.DataFrame(
        {"full_name": ["Олег Щукин"] * 12, "phone": ["+79037712046"] * 12, "type": "Лид"}
    )
    settings = Settings(today=TODAY, thresholds={"duplicate_block": 10})
    told = audited("lead_and_contact", settings, contacts=frame)
    assert passed_texts(told, "ru") == {
        ("lead_and_contact", "contacts"): "По слишком частому значению не сравнивали 12 контактов."
    }
    near = audited("lead_and_contact", contacts=frame)
    assert not passed_texts(near, "ru")
