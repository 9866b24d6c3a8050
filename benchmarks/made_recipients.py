"""Made-up recipients with known shape: seeded, of any number of rows, written by DuckDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.made import made
from crm_metrics.facts.building import ROW_GROUP
from crm_metrics.store import Dataset

FIRST_DAY = date(2025, 1, 1)
DAYS = 400
CAMPAIGNS = 200
PEOPLE = 1_000_000
_TRIGGERED = 50  # campaigns that run every day; the others are sent within three days

# Every column is a hash of the row's number, so that threads and versions change nothing.
_ROWS = """
  WITH numbered AS (
    SELECT i, (hash(i, 7) % {people})::INTEGER AS person, (i * {days} // {rows})::INTEGER AS day
    FROM range({rows}) r(i)
  ), sent AS (
    SELECT *, (CASE WHEN hash(i, 1) % 10 < 4 THEN hash(i, 2) % {triggered} ELSE
        {triggered} + (day // 3 + hash(i, 3) % 2) % ({campaigns} - {triggered}) END)::INTEGER AS c,
      (hash(i, 4) % 1000)::INTEGER AS u, (hash(i, 5) % 1000)::INTEGER AS w,
      (hash(i, 6) % 1000)::INTEGER AS b
    FROM numbered
  ), people AS (
    SELECT *, c % 5 AS k, person % 6 AS s, b >= 30 AS got,
      b >= 30 AND u < 200 + 20 * (c % 7) AS saw
    FROM sent
  )
  SELECT i + 2 AS __line, (DATE '{first}' + day)::DATE AS date,
    ['email', 'sms', 'push', 'whatsapp', 'telegram'][k + 1] AS channel,
    ['Mailing house', 'Text house'][(k > 1)::INT + 1] AS platform,
    CASE WHEN k = 1 THEN NULL ELSE 'EUR' END AS currency,
    'C-' || c AS campaign_id, 'Campaign ' || c AS campaign_name,
    CASE WHEN c < {triggered} THEN 'triggered' ELSE 'bulk' END AS message_type,
    ['new', 'active', 'loyal', 'sleeping', 'lost', NULL][s + 1] AS segment,
    ['A', 'B'][(hash(person, 8) % 2)::INT + 1] AS variant,
    'p' || person AS customer_id,
    CASE WHEN hash(i, 9) % 50 = 0 THEN NULL ELSE got END AS delivered,
    CASE WHEN k IN (0, 2) THEN saw END AS opened,
    CASE WHEN k = 0 THEN saw AND hash(i, 10) % 10 < 3 END AS open_is_machine,
    got AND w < 30 + c % 11 AS clicked,
    got AND hash(i, 11) % 400 = 0 AS unsubscribed,
    CASE WHEN k = 0 THEN got AND hash(i, 12) % 3000 = 0 END AS complained,
    got AND w < 4 AS converted,
    CASE WHEN got AND w < 4 THEN 10 + (hash(i, 13) % 9000) / 100.0 END AS revenue
  FROM people
"""


def recipients(folder: Path, rows: int) -> Dataset:
    """A data set of so many recipients in `folder`, made unless it is there."""
    select = _ROWS.format(
        rows=rows,
        people=PEOPLE,
        days=DAYS,
        campaigns=CAMPAIGNS,
        triggered=_TRIGGERED,
        first=FIRST_DAY,
    )
    options = f"PARQUET_VERSION v2, ROW_GROUP_SIZE {ROW_GROUP}"
    return made(folder, "recipients", rows, select, first=FIRST_DAY, days=DAYS, options=options)
