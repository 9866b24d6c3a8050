"""Totals of mailings against lists of their recipients."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.audit import Settings
from tests.audit.made import TODAY, audited, found, lines

# Of each: delivered by the report, rows of the list that were delivered, the list's day.
MAILINGS = [
    ("same", 200, 200, "2026-05-01"),
    ("near", 200, 197, "2026-05-02"),
    ("far", 200, 190, "2026-05-01"),
    ("small", 5, 4, "2026-05-01"),
    ("again", 200, 100, "2026-06-01"),
    ("openers", 200, 50, "2026-05-01"),
]


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    campaigns = pd.DataFrame(
        {
            "sent_at": "2026-05-01",
            "campaign_name": [name.title() for name, *_ in MAILINGS] + ["alone"],
            "channel": "email",
            "delivered": [told for _, told, *_ in MAILINGS] + [300],
            "clicks_unique": [10, 10, 10, 2, 10, 10, 1],
        }
    )
    rows = [
        {
            "sent_at": day,
            "campaign_name": name,
            "email": f"{name}{number}@x.ru",
            "channel": "email",
            "delivered": number < count,
            "opened": name == "openers" or number < (2 if name == "small" else 20),
            "clicked": number < (2 if name == "small" else 10),
        }
        for name, _, count, day in MAILINGS
        for number in range(count + (0 if name == "openers" else 3))
    ]
    return campaigns, pd.DataFrame(rows)


def test_a_total_that_the_list_does_not_have():
    campaigns, recipients = frames()
    told = audited("report_mismatch", campaigns=campaigns, recipients=recipients)
    # "near" differs by 1.5 %, "small" by one person, "again" went out on another day.
    assert found(told) == {"report_mismatch campaigns": (1, 4)}
    assert lines(told, "report_mismatch") == [4]
    (row,) = told.findings[0].examples
    assert (row["why"], float(row["told"]), float(row["counted"])) == ("delivered_differ", 200, 190)
    wide = Settings(today=TODAY, thresholds={"mismatch_share": 0.06})
    told = audited("report_mismatch", wide, campaigns=campaigns, recipients=recipients)
    assert found(told) == {"report_mismatch campaigns": (0, 4)}


@pytest.mark.parametrize(("clicks", "why"), [(20, "clicks_differ"), (11, None)])
def test_the_total_that_differs_most_is_told(clicks: int, why: str | None):
    campaigns, recipients = frames()
    campaigns.loc[2, ["delivered", "clicks_unique"]] = [190, clicks]
    told = audited("report_mismatch", campaigns=campaigns, recipients=recipients)
    assert [row["why"] for one in told.findings for row in one.examples] == ([why] if why else [])


def test_mailings_by_their_ids_whatever_their_names():
    campaigns, recipients = frames()
    campaigns["campaign_id"] = [str(number) for number in range(len(campaigns))]
    numbers = {name: f"0{place}" for place, (name, *_) in enumerate(MAILINGS)}
    recipients["campaign_id"] = recipients.campaign_name.map(numbers)
    recipients["campaign_name"] = None
    told = audited("report_mismatch", campaigns=campaigns, recipients=recipients)
    assert found(told) == {"report_mismatch campaigns": (1, 4)}


def test_a_total_of_nothing_where_the_list_has_many():
    campaigns, recipients = frames()
    campaigns.loc[0, "clicks_unique"] = 0
    told = audited("report_mismatch", campaigns=campaigns, recipients=recipients)
    assert lines(told, "report_mismatch") == [2, 4]
    assert told.findings[0].examples[0]["why"] == "clicks_differ"
