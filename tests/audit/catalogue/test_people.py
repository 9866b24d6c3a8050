"""Clients and messages to them: what each check finds in tables made by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import binomtest

from crm_metrics.audit import Settings
from tests.audit.made import TODAY, audited, found, lines

SENDS = pd.DataFrame(
    [
        # email, campaign, channel, day, bounced, bounce_type, unsubscribed, complained
        ("a@x.ru", "spring", "email", "2026-03-02", True, "hard", False, False),
        ("a@x.ru", "summer", "email", "2026-06-01", True, "hard", False, False),
        ("a@x.ru", "summer", "sms", "2026-06-01", False, None, False, False),
        ("b@x.ru", "spring", "email", "2026-03-02", False, None, True, False),
        ("b@x.ru", "summer", "email", "2026-06-01", False, None, False, False),
        ("c@x.ru", "spring", "email", "2026-03-02", True, "soft", False, True),
        ("c@x.ru", "summer", "email", "2026-06-02", False, None, False, False),
        ("d@x.ru", "one", "email", "2026-06-01", False, None, False, False),
        ("d@x.ru", "two", "email", "2026-06-02", False, None, False, False),
        ("d@x.ru", "three", "email", "2026-06-04", False, None, False, False),
        ("d@x.ru", "four", "push", "2026-06-07", False, None, False, False),
        ("d@x.ru", "five", "push", "2026-06-08", False, None, False, False),
        ("e@x.ru", "summer", "email", "2026-06-01", False, None, False, False),
    ],
    columns=[
        *("email", "campaign_name", "channel", "sent_at"),
        *("bounced", "bounce_type", "unsubscribed", "complained"),
    ],
)
CONTACTS = pd.DataFrame(
    {
        "email": ["A@x.ru", "b@x.ru", "e@x.ru", "f@x.ru"],
        "consent": pd.array([True, False, None, None], dtype="boolean"),
        "unsubscribed_at": [None, None, "2026-05-01", None],
        "lifecycle_stage": ["client", "lead", "lead", "lost"],
    }
)


def test_messages_that_should_not_have_gone_out():
    keys = "email_hard_bounced suppressed_but_mailed consent_missing segment_uncovered"
    told = audited(keys, recipients=SENDS, contacts=CONTACTS)
    assert found(told) == {
        "email_hard_bounced recipients": (1, 13),
        "suppressed_but_mailed recipients": (3, 13),
        "suppressed_but_mailed contacts": (1, 1),
        "consent_missing contacts": (2, 3),
        "segment_uncovered contacts": (1, 3),
    }
    assert lines(told, "email_hard_bounced") == [3]
    assert lines(told, "suppressed_but_mailed") == [6, 8, 14]
    assert lines(told, "consent_missing") == [3, 4]


def test_messages_too_often_and_twice_a_day():
    told = audited("comms_overload comms_conflict", recipients=SENDS)
    # The fourth of d's week from 1 June; a's summer came by mail and by SMS.
    assert found(told) == {
        "comms_overload recipients": (1, 13),
        "comms_conflict recipients": (1, 13),
    }
    assert lines(told, "comms_overload") == [12]
    assert lines(told, "comms_conflict") == [4]


def test_a_complaint_rate_at_the_limit_and_opens_by_programs():
    frame = pd.DataFrame(
        {
            "channel": ["email"] * 2000 + ["sms"] * 2000 + ["push"] * 500,
            "complained": [True] * 4 + [False] * 1996 + [False] * 2000 + [True] * 9 + [False] * 491,
            "delivered": True,
            "opened": [True] * 10 + [False] * 4490,
            "open_is_machine": [True] * 3 + [False] * 4497,
        }
    )
    told = audited("complaint_over_limit bot_or_mpp_share", recipients=frame)
    assert found(told) == {
        "complaint_over_limit recipients": (2, 3),
        "bot_or_mpp_share recipients": (3, 10),
    }
    (over,) = (one for one in told.findings if one.check == "complaint_over_limit")
    rows = {row["channel"]: row for row in over.examples}
    assert rows["email"]["why"] == "perhaps_over"
    assert rows["push"]["why"] == "surely_over"
    ends = binomtest(4, 2000).proportion_ci(method="wilson")
    assert float(rows["email"]["high"]) == pytest.approx(ends.high)


def test_clients_who_were_forgotten_or_left_in_silence():
    orders = pd.DataFrame(
        {
            "order_id": list("123456"),
            "email": ["a@x.ru", "f@x.ru", "f@x.ru", "g@x.ru", "h@x.ru", None],
            "amount": [100.0, 50.0, 25.0, 500.0, 70.0, 9.0],
            "created_at": [
                *("2025-01-10", "2025-09-01", "2025-10-01"),
                *("2025-02-01", "2026-06-01", "2025-01-01"),
            ],
        }
    )
    told = audited("customer_forgotten comms_silence", orders=orders, recipients=SENDS)
    # a got a message in June, h bought in June for the first time; of last year's f got none.
    assert found(told) == {"customer_forgotten orders": (2, 4), "comms_silence orders": (1, 1)}
    assert lines(told, "customer_forgotten") == [5, 4]
    forgotten = next(one for one in told.findings if one.check == "customer_forgotten")
    assert forgotten.money == ((None, 575.0),)
    late = Settings(today=TODAY, thresholds={"silent_days": 130})
    told = audited("comms_silence", late, orders=orders, recipients=SENDS)
    assert [one.reason for one in told.not_run] == ["nothing"]


def test_sales_that_the_crm_does_not_know_or_knows_otherwise():
    deals = pd.DataFrame(
        {
            "deal_id": ["a1", "A2", "a3"],
            "status": "won",
            "amount": [100.0, 205.0, 300.0],
            "created_at": ["2026-06-01", "2026-06-02", "2026-06-10"],
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": ["A1", "a2", "a3", "a4", "a5"],
            "amount": [100.0, 200.0, 299.0, 50.0, 60.0],
            "created_at": ["2026-06-01", "2026-06-02", "2026-06-10", "2026-06-05", "2026-01-01"],
        }
    )
    told = audited("unregistered_sales report_mismatch", deals=deals, orders=orders)
    assert found(told) == {"unregistered_sales orders": (1, 4), "report_mismatch orders": (1, 3)}
    assert lines(told, "unregistered_sales") == [5]
    assert lines(told, "report_mismatch") == [3]
    apart = orders.assign(order_id=["9", "8", "7", "6", "5"])
    told = audited("unregistered_sales report_mismatch", deals=deals, orders=apart)
    assert {one.reason for one in told.not_run if one.grain == "orders"} == {"nothing"}


def test_contacts_whose_card_says_to_stop():
    contacts = pd.DataFrame(
        [
            # Of each: e-mail, status, consent, unsubscribed, card changed.
            ("a@x.ru", "subscribed", True, None, "2026-06-10"),
            ("b@x.ru", "unsubscribed", True, None, "2026-05-31"),
            ("c@x.ru", "unsubscribed", None, None, "2026-06-02"),
            ("d@x.ru", "bounced", None, "2026-06-07", "2026-06-01"),
            ("e@x.ru", None, False, None, "2026-05-01"),
            ("f@x.ru", "complained", None, None, None),
        ],
        columns=["email", "email_status", "consent", "unsubscribed_at", "updated_at"],
    )
    contacts["consent"] = contacts.consent.astype("boolean")
    contacts["created_at"] = "2026-01-01"
    contacts = contacts[["created_at", *contacts.columns[:-1]]]
    sends = SENDS.drop(columns=["unsubscribed", "complained"])
    told = audited("suppressed_but_mailed", recipients=sends, contacts=contacts)
    # d's push of 8 June is no e-mail; f's card names no day at all.
    assert found(told) == {"suppressed_but_mailed contacts": (2, 4)}
    assert lines(told, "suppressed_but_mailed") == [3, 6]


def test_who_agreed_again_after_unsubscribing_may_be_written_to():
    contacts = pd.DataFrame(
        {
            "email": ["a@x.ru", "b@x.ru", "d@x.ru"],
            "consent": True,
            "unsubscribed_at": "2026-04-01",
            "consent_at": ["2026-05-01", "2026-04-01", "2026-03-01"],
        }
    )
    told = audited("suppressed_but_mailed", recipients=SENDS, contacts=contacts)
    assert found(told) == {
        "suppressed_but_mailed recipients": (5, 13),
        "suppressed_but_mailed contacts": (2, 2),
    }


def test_messages_before_the_day_of_a_consent():
    contacts = pd.DataFrame(
        {
            "created_at": "2026-01-01",
            "email": ["A@x.ru", "b@x.ru", "c@x.ru", "e@x.ru", "g@x.ru"],
            "consent_at": ["2026-03-02", "2026-03-03", "2026-07-01", None, "2026-07-01"],
        }
    )
    told = audited("consent_late consent_missing", recipients=SENDS, contacts=contacts)
    assert found(told) == {"consent_late contacts": (2, 3), "consent_missing contacts": (1, 4)}
    assert lines(told, "consent_late") == [3, 4]
    assert lines(told, "consent_missing") == [5]
