"""Deals, their owners and amounts: what each check finds in a table made by hand, by its lines."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_metrics.audit import Settings, check_of
from crm_metrics.audit.ground import Ground
from tests.audit.made import TODAY, audited, engine, found, lines

HEAD = "deal_id title stage status owner amount currency created_at closed_at lost_reason email"
HEAD += " expected_close_at last_activity_at next_task_at is_closed"
# As of 30 June 2026; lines begin with 2.
ROWS = [
    "1|Rugs|Talk|open|Ann|100|RUB|2026-06-01||| a@x.ru|2026-07-10|2026-06-20|2026-07-01|no",
    "2|Rugs|Talk|open||200|RUB|2026-02-01||| b@x.ru|2026-06-29|2026-05-30|2026-06-01|no",
    "3|Lamps|Talk|open|Bob|300|USD|2026-02-02||| c@x.ru|2026-06-30|2026-05-31||no",
    "4|Lamps|Talk|open|Ann|300|RUB|2026-03-03||Price|d@x.ru||2026-06-29|2026-07-02|no",
    "5|Lamps|Paid|won|Ann|0|RUB|2026-03-04|2026-04-01|| d@x.ru||2026-04-01||yes",
    "6|Lamps|Paid|won|Ann|250|RUB|2026-03-05|||e@x.ru||2026-04-01||no",
    "7|Lamps|lost|won|Bob|150|RUB|2026-03-06|2026-04-01|| f@x.ru||2026-04-01||yes",
    "8|Lamps||lost|Bob|150|RUB|2026-03-07|2026-04-01||g@x.ru||2026-04-01||yes",
    "9|Lamps|Talk|lost|Bob|150|RUB|2026-03-08|2026-04-01|Other|h@x.ru||2026-04-01||yes",
    "10|Lamps|Talk|lost|Cat|150|RUB|2026-03-08|2026-04-01|Price|h@x.ru||2026-04-01||yes",
    "11|Rugs|?|won|Ann|-5|RUB|2026-03-09|2026-04-01||i@x.ru||2026-04-01||yes",
]


def deals() -> pd.DataFrame:
    cells = [[cell.strip() or None for cell in row.split("|")] for row in ROWS]
    frame = pd.DataFrame(cells, columns=HEAD.split())
    frame["amount"] = frame["amount"].astype(float)
    frame["is_closed"] = (frame["is_closed"] == "yes").astype("boolean")
    return frame


# Check, the lines that it finds, and its base.
EXPECTED = {
    "deal_overdue": ([3], 3),
    # The last task of line 3 is past, line 4 has none; by amount.
    "deal_no_next_task": ([4, 3], 4),
    # 31 and 30 days ago: only more than 30 are too many.
    "deal_stalled": ([3], 4),
    "owner_missing": ([3], 4),
    "stage_missing": ([9, 12], 11),
    # Line 5 is open with a reason, 7 is won and not closed, 8 is won and lost.
    "stage_vs_status": ([5, 7, 8], 11),
    "won_without_amount": ([6], 4),
    "closed_without_day": ([7], 7),
    "lost_reason_missing": ([9], 3),
    "lost_reason_vague": ([10], 2),
    "dup_deal": ([11], 10),
    "currency_mixed": ([4], 11),
    "amount_negative": ([12], 11),
}


def standing(*counts: tuple[str, str, int]) -> pd.DataFrame:
    """Deals of a stage and a status, so many of each."""
    rows = [(stage, status) for stage, status, n in counts for _ in range(n)]
    return pd.DataFrame(rows, columns=["stage", "status"])


def test_open_deals_at_a_stage_of_work_where_years_of_lost_ones_stay_are_no_contradiction():
    old = standing(
        *(
            ("Talk", "lost", 300),
            ("Talk", "open", 15),
            ("Offer", "lost", 100),
            ("Offer", "open", 9),
        ),
        ("Paid", "won", 50),
    )
    assert found(audited("stage_vs_status", deals=old)) == {"stage_vs_status deals": (0, 474)}
    # Where lost deals have a stage of their own, an open one there is in two states.
    apart = standing(
        *(("Refused", "lost", 300), ("Refused", "open", 2), ("Talk", "open", 60)),
        *(("Paid", "won", 50), ("Paid", "lost", 1), ("Offer", "open", 20)),
    )
    told = audited("stage_vs_status", deals=apart)
    assert found(told) == {"stage_vs_status deals": (3, 433)}
    assert lines(told, "stage_vs_status") == [302, 303, 414]


def test_what_each_check_finds_in_deals():
    told = audited(" ".join(EXPECTED), deals=deals())
    counts = found(told)
    assert counts == {f"{key} deals": (len(own), base) for key, (own, base) in EXPECTED.items()}
    assert {key: lines(told, key) for key in EXPECTED} == {
        key: own for key, (own, _) in EXPECTED.items()
    }
    why = {
        (one.check, example["line"]): example["why"]
        for one in told.findings
        for example in one.examples
        if "why" in example
    }
    assert why["stage_vs_status", "5"] == "reason_without_loss"
    assert why["stage_vs_status", "7"] == "closed_flag_differs"
    assert why["stage_vs_status", "8"] == "stage_and_status_differ"
    assert why["dup_deal", "11"] == "same_client_amount_day"


def test_a_share_under_its_limit_is_no_finding():
    settings = Settings(today=TODAY, thresholds={"other_reason_share": 0.5})
    told = audited("lost_reason_vague", settings, deals=deals())
    assert found(told) == {"lost_reason_vague deals": (0, 2)}


def test_a_touch_or_a_task_among_activities_counts_for_the_deal():
    acts = pd.DataFrame(
        {
            "activity_type": ["call", "task", "task"],
            "object_id": ["2", "3", "2"],
            "ts": ["2026-06-25", "2026-06-01", "2026-05-01"],
            "due_at": [None, "2026-07-05", "2026-07-06"],
            "done_at": [None, None, "2026-06-25"],
        }
    )
    told = audited("deal_stalled deal_no_next_task", deals=deals(), activities=acts)
    assert found(told) == {"deal_stalled deals": (0, 4), "deal_no_next_task deals": (1, 4)}
    assert lines(told, "deal_no_next_task") == [3]
    # Two audits of other days share an engine, and neither changes what the other found.
    both = engine(deals=deals().drop(columns="next_task_at"), activities=acts)
    check = check_of("deal_no_next_task", "deals")
    asked = [
        (ground := Ground(both, Settings(today=day)), check.rule(ground))
        for day in (date(2026, 7, 4), date(2026, 7, 9))
    ]
    assert [one.rows.count().to_pyarrow().as_py() for _, one in asked] == [3, 0]
    # Of a log without tasks ahead nobody knows whether tasks are in it at all.
    past = acts.assign(due_at=None)
    without = deals().drop(columns="next_task_at")
    told = audited("deal_no_next_task", deals=without, activities=past)
    assert not told.findings


def test_owners_who_are_away_or_not_the_client_s_or_overloaded():
    acts = pd.DataFrame(
        {
            "activity_type": "call",
            "owner": [" ann", "Bob", "Cat"],
            "ts": ["2026-06-29", "2026-04-01", "2026-06-29"],
        }
    )
    contacts = pd.DataFrame(
        {"email": ["A@x.ru", "c@x.ru", "c@x.ru"], "owner": ["Dan", "Bob", "Ann"]}
    )
    told = audited(
        "owner_inactive owner_mismatch", deals=deals(), activities=acts, contacts=contacts
    )
    # Deals of line 2, 4 and 5 are open and have an owner; the client of 4 has two of them.
    assert found(told) == {"owner_inactive deals": (1, 3), "owner_mismatch deals": (1, 1)}
    (away,) = (one for one in told.findings if one.check == "owner_inactive")
    assert (away.examples[0]["line"], away.examples[0]["why"]) == ("4", "owner_silent")
    (differs,) = (one for one in told.findings if one.check == "owner_mismatch")
    # Contacts of a CRM have a number of their own, by which deals name them.
    numbered = contacts.rename(columns={"email": "contact_id"})
    named = deals().rename(columns={"email": "customer_id"})
    same = audited("owner_mismatch", deals=named, contacts=numbered)
    assert found(same) == {"owner_mismatch deals": (1, 1)}
    assert (differs.examples[0]["line"], differs.examples[0]["suggestion"]) == ("2", "Dan")
    many = pd.DataFrame({"status": "open", "owner": list("aaaaabbc")})
    told = audited("load_skew", deals=many)
    assert found(told) == {"load_skew deals": (1, 3)}
    assert told.findings[0].examples == ({"owner": "a", "deals": "5", "share": "0.625"},)


def test_deals_in_work_longer_than_nine_of_ten_won_ones():
    random = np.random.default_rng(7)
    took = random.integers(1, 60, 50)
    age = np.array([5, 40, 55, 90])
    created = pd.Timestamp(TODAY) - pd.to_timedelta([*took, *age], unit="D")
    frame = pd.DataFrame(
        {
            "status": ["won"] * 50 + ["open"] * 4,
            "created_at": created,
            "closed_at": [pd.Timestamp(TODAY)] * 50 + [pd.NaT] * 4,
        }
    )
    told = audited("deal_older_than_won", deals=frame)
    late = (age > np.quantile(took, 0.9)).sum()
    assert found(told) == {"deal_older_than_won deals": (late, 4)}
    few = audited("deal_older_than_won", deals=frame.iloc[30:])
    assert [one.reason for one in few.not_run] == ["nothing"]


@pytest.mark.parametrize("grain", ["deals", "orders"])
def test_amounts_out_of_measure(grain):
    random = np.random.default_rng(3)
    amounts = np.exp(random.normal(8, 0.5, 200))
    amounts[17] *= 1000
    amounts[50] = 0
    logs = np.log(amounts[amounts > 0])
    off = np.abs(logs - np.median(logs))
    slow = int((off / (1.4826 * np.median(off)) > 5).sum())
    told = audited("amount_outlier", **{grain: pd.DataFrame({"amount": amounts})})
    assert found(told) == {f"amount_outlier {grain}": (slow, 199)}
    assert lines(told, "amount_outlier")[0] == 19


def test_an_amount_is_held_against_its_own_pipeline():
    sizes = [float(one) for one in np.random.default_rng(3).lognormal(0, 0.4, 80)]
    frame = pd.DataFrame(
        {
            "amount": [one * 1000 for one in sizes[:40]] + [one * 1_000_000 for one in sizes[40:]],
            "pipeline": ["Sales"] * 40 + ["Tenders"] * 40,
        }
    )
    frame.loc[3, "amount"] = 900_000.0
    told = audited("amount_outlier", deals=frame)
    assert found(told) == {"amount_outlier deals": (1, 80)}
    assert lines(told, "amount_outlier") == [5]


def test_a_price_of_its_own_is_no_amount_out_of_measure():
    # Months at about one price, a year for five in a hundred, a gift, and a zero too many.
    amounts = [990.0 + place % 20 for place in range(94)] + [9900.0] * 5 + [300.0, 99_000.0]
    told = audited("amount_outlier", orders=pd.DataFrame({"amount": amounts}))
    assert found(told) == {"amount_outlier orders": (1, 101)}
    assert lines(told, "amount_outlier") == [102]


def test_orders_of_several_lines_are_no_duplicates():
    frame = pd.DataFrame(
        {
            "order_id": ["1", "1", "1", "2", "3", None],
            "customer_id": ["a", "a", "a", "a", "b", "b"],
            "product": ["rug", "lamp", "lamp", "rug", "rug", "bed"],
            "amount": [10.0, 5.0, 5.0, 10.0, 10.0, 7.0],
            "created_at": ["2026-06-01"] * 6,
        }
    )
    told = audited("dup_order", orders=frame)
    assert lines(told, "dup_order") == [5, 4]
    assert found(told) == {"dup_order orders": (2, 6)}
