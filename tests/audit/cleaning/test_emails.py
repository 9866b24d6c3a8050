"""E-mails as they stand in real bases, and the quick way held equal to email-validator."""

from __future__ import annotations

import random

import pyarrow as pa
from email_validator import EmailNotValidError, validate_email

from crm_metrics.audit.cleaning.emails import INVALID, is_free, read_emails
from crm_metrics.audit.cleaning.typo_domains import corrections


def told(*emails: str) -> list[dict[str, object]]:
    return read_emails(pa.array(emails)).to_pylist()


def slow(text: str) -> bool:
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def test_valid_is_what_email_validator_takes():
    seed = random.Random(8)
    letters = "abc123xyz._-+%'@ ;"
    texts = {
        "".join(seed.choices(letters, k=seed.randint(1, 8)))
        + seed.choice(["@mail.ru", "@a.b-c.com", "@-a.ru", "@a..ru", "@a", "@localhost", "@a.1"])
        for _ in range(400)
    }
    texts |= {"a" * 64 + "@mail.ru", "a" * 65 + "@mail.ru", "a@" + "b" * 64 + ".ru"}
    texts = {text for text in texts if text.strip()}
    verdicts = [one["verdict"] for one in told(*sorted(texts))]
    expected = [None if slow(text) else INVALID for text in sorted(texts)]
    assert verdicts == expected
    assert 30 < expected.count(None) < len(expected) - 30


def test_what_was_meant():
    cases = {
        "ivan@gmial.com": (None, "ivan@gmail.com"),
        "p@mail.ri": (None, "p@mail.ru"),
        "p@yandex.ry": (None, "p@yandex.ru"),
        "p@gmail.con": (None, "p@gmail.com"),
        "p@gmail.ru": (None, "p@gmail.com"),
        "p@mial.ru": (None, "p@mail.ru"),
        "p@outlok.com": (None, "p@outlook.com"),
        "p@mai.ru": (None, None),
        "p@ymail.com": (None, None),
        "p@yandex.by": (None, None),
        "p@acme.com": (None, None),
        "p@gmail,com": (INVALID, "p@gmail.com"),
        "p@@mail.ru": (INVALID, "p@mail.ru"),
        "p@mail.ru; q@mail.ru": (INVALID, "p@mail.ru"),
        "ivаn@mail.ru": (INVALID, "ivan@mail.ru"),
        "иван@mail.ru": (INVALID, None),
        "p@gmail": (INVALID, None),
        "нет почты": (INVALID, None),
    }
    found = [(one["verdict"], one["suggestion"]) for one in told(*cases)]
    assert dict(zip(cases, found, strict=True)) == cases


def test_a_slip_of_a_company_that_the_base_is_full_of():
    counts = {"romashka.ru": 500, "romashk.ru": 2, "romahska.ru": 30, "vasilek.ru": 1}
    assert corrections(counts, ["mail.ru"], []) == {"romashk.ru": "romashka.ru"}


def test_mailboxes_roles_and_disposable_domains():
    same = ("I.Petrov+shop@gmail.com", "ipetrov@googlemail.com", "ip@ya.ru", "IP@yandex.com")
    assert [one["mailbox"] for one in told(*same)] == (
        ["ipetrov@gmail.com"] * 2 + ["ip@yandex.ru"] * 2
    )
    plain = ("i.petrov@mail.ru", "ipetrov@mail.ru")
    assert [one["mailbox"] for one in told(*plain)] == list(plain)
    marked = ("info@acme.ru", "sales+x@acme.ru", "infoline@acme.ru", "x@mailinator.com")
    assert [(one["role"], one["disposable"]) for one in told(*marked)] == [
        (True, False),
        (True, False),
        (False, False),
        (False, True),
    ]
    assert is_free("mail.ru")
    assert not is_free("acme.ru")
