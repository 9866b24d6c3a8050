"""Records without a card: which keys are held against which, and when they tell nothing."""

from __future__ import annotations

import pandas as pd

from crm_metrics.audit import Settings
from tests.audit.made import TODAY, audited, found, lines

CONTACTS = pd.DataFrame(
    {
        "contact_id": [f"{number:03}" for number in range(1, 10)],
        "email": [f"c{number}@x.ru" for number in range(1, 10)],
        "created_at": "2026-05-01",
    }
)


def test_a_client_found_by_any_key_has_a_card():
    orders = pd.DataFrame(
        {
            # A spreadsheet dropped the zeros; the tenth client is in no table.
            "customer_id": ["1", "2", "3", "4", "5", "6", "7", "77", "10", None],
            "email": [
                *("C1@x.ru ", "c2@x.ru", "c3@x.ru", None, None),
                *("c6@x.ru", None, "c8@x.ru", "c10@x.ru", None),
            ],
            "amount": 1.0,
            "created_at": "2026-04-01",
        }
    )
    low = Settings(today=TODAY, thresholds={"linked_share": 0.7})
    told = audited("orphan_record", low, orders=orders, contacts=CONTACTS)
    assert found(told) == {"orphan_record orders": (1, 9)}
    assert lines(told, "orphan_record") == [10]
    # By fewer than eight of ten ids, and five of six e-mails: only rows with an e-mail are asked.
    told = audited("orphan_record", orders=orders, contacts=CONTACTS)
    assert found(told) == {"orphan_record orders": (1, 6)}


def test_ids_of_another_system_and_later_rows_are_no_orphans():
    orders = pd.DataFrame(
        {"customer_id": ["A1", "A2", "001"], "amount": 1.0, "created_at": "2026-04-01"}
    )
    told = audited("orphan_record", orders=orders, contacts=CONTACTS)
    assert {one.reason for one in told.not_run if one.grain == "orders"} == {"nothing"}
    sends = pd.DataFrame(
        {
            "email": ["c1@x.ru", "c2@x.ru", "new@x.ru"],
            "sent_at": ["2026-05-01", "2026-04-01", "2026-05-02"],
            "delivered": True,
        }
    )
    told = audited("orphan_record", recipients=sends, contacts=CONTACTS)
    assert found(told) == {"orphan_record recipients": (0, 2)}


def test_activities_are_asked_of_deals_and_contacts_together():
    acts = pd.DataFrame(
        {"activity_type": "call", "object_id": ["1", "D1", "D1", "D2", "D9"], "ts": "2026-04-01"}
    )
    deals = pd.DataFrame({"deal_id": ["D1", "D2"], "status": "open", "created_at": "2026-05-01"})
    told = audited("orphan_record", activities=acts, deals=deals, contacts=CONTACTS)
    assert found(told) == {"orphan_record activities": (1, 5)}
    told = audited("orphan_record", activities=acts, deals=deals)
    assert "activities" not in {one.grain for one in told.findings}
