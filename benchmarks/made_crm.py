"""A made-up CRM of a million contacts with what a working one has: deals, activities, orders, mail.

Numbers come from hashes, so that the same rows are made again; what is wrong with them is in
shares that a real base has. The values of contacts are spoilt a little as well.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from benchmarks.made import made
from crm_metrics.store import Dataset

TODAY = date(2026, 6, 30)
_FIRST, _DAYS = date(2024, 1, 1), 912
_OWNERS = 60
_CONTACTS = """
  SELECT row_number() OVER ()::INTEGER + 1 AS __line, created_at::DATE AS date,
    'C' || row_number() OVER () AS customer_id,
    * EXCLUDE (lang, first, last, middle) REPLACE (
      CASE WHEN hash(phone) % 100 = 0 THEN left(phone, -1)
        WHEN hash(phone) % 100 = 2 THEN NULL
        WHEN hash(phone) % 3 = 0 THEN replace(phone, '+7', '8') ELSE phone END AS phone,
      CASE WHEN hash(email) % 100 = 1 THEN replace(email, '@', '') ELSE email END AS email,
      CASE WHEN hash(email) % 20 = 3 THEN NULL ELSE source END AS source),
    CASE WHEN hash(email) % 10 < 8 THEN hash(email) % 10 < 7 END AS consent,
    ['lead', 'customer', 'partner'][1 + (hash(email) % 3)::INTEGER] AS lifecycle_stage,
    CASE WHEN hash(email) % 50 = 4 THEN TIMESTAMP '2026-01-01' END AS unsubscribed_at
  FROM read_parquet('{people}')
"""
# Moments are minutes after the first day; {h} is a hash of the row and a word.
_DEALS = """
  SELECT i::INTEGER + 2 AS __line, made::DATE AS date, 'D' || i AS deal_id,
    'Поставка ' || i AS title, 'Продажи' AS pipeline, status,
    CASE WHEN h(i, 'stage') % 50 > 0 THEN
      ['Новая', 'Переговоры', 'Счёт', 'Договор'][1 + (h(i, 'stage') % 4)::INTEGER] END AS stage,
    CASE WHEN h(i, 'amount') % 40 > 0 THEN (1000 + h(i, 'amount') % 500000)::DOUBLE END AS amount,
    'RUB' AS currency, made AS created_at,
    made + to_days((20 + h(i, 'plan') % 60)::INTEGER) AS expected_close_at,
    CASE WHEN status <> 'open' AND h(i, 'closed') % 30 > 0
      THEN made + to_days((1 + h(i, 'closed') % 40)::INTEGER) END AS closed_at,
    least(made + to_days((h(i, 'seen') % 60)::INTEGER), TIMESTAMP '2026-06-30 12:00') AS updated_at,
    CASE WHEN status = 'lost' AND h(i, 'why') % 10 > 0 THEN
      ['Дорого', 'Нет денег', 'Другое'][1 + (h(i, 'why') % 3)::INTEGER] END AS lost_reason,
    CASE WHEN h(i, 'product') % 15 > 0 THEN 'Товар ' || h(i, 'product') % 40 END AS product,
    CASE WHEN h(i, 'owner') % 70 > 0 THEN 'Менеджер ' || h(i, 'owner') % {owners} END AS owner,
    'C' || (1 + h(i, 'who') % {contacts}) AS customer_id
  FROM (
    SELECT i, TIMESTAMP '2024-01-01' + to_minutes((h(i, 'made') % 1310000)::INTEGER) AS made,
      CASE WHEN h(i, 'state') % 10 < 2 THEN 'won' WHEN h(i, 'state') % 10 < 6 THEN 'lost'
        ELSE 'open' END AS status
    FROM range({rows}) AS all_rows(i))
"""
_ACTIVITIES = """
  SELECT i::INTEGER + 2 AS __line, ts::DATE AS date, ts,
    ['call', 'email', 'meeting', 'task'][1 + (h(i, 'type') % 4)::INTEGER] AS activity_type,
    'D' || h(i, 'deal') % {deals} AS object_id,
    'C' || (1 + h(i, 'who') % {contacts}) AS customer_id,
    CASE WHEN h(i, 'type') % 4 = 3 THEN ts + to_days((h(i, 'due') % 14)::INTEGER) END AS due_at,
    CASE WHEN h(i, 'done') % 10 > 0 THEN ts + to_hours((h(i, 'done') % 90)::INTEGER) END AS done_at,
    CASE WHEN h(i, 'said') % 3 > 0 THEN 'Договорились' END AS result,
    'Менеджер ' || h(i, 'owner') % {owners} AS owner
  FROM (
    SELECT i, TIMESTAMP '2024-01-01' + to_minutes((h(i, 'ts') % 1310000)::INTEGER) AS ts
    FROM range({rows}) AS all_rows(i))
"""
# One order in 200 is there twice; one in 50 has another amount than its deal, if it has a deal.
_ORDERS = """
  SELECT line::INTEGER + 2 AS __line, made::DATE AS date, made AS created_at, 'D' || i AS order_id,
    (1000 + h(i, 'amount') % 500000)::DOUBLE
      + CASE WHEN h(i, 'off') % 50 = 0 THEN 77777 ELSE 0 END AS amount, 'RUB' AS currency,
    'Товар ' || h(i, 'product') % 40 AS product,
    'C' || (1 + h(i, 'who') % {contacts}) AS customer_id
  FROM (
    SELECT line, i, TIMESTAMP '2024-01-01' + to_minutes((h(i, 'made') % 1310000)::INTEGER) AS made
    FROM (
      SELECT line,
        CASE WHEN h(line, 'again') % 200 = 0 THEN greatest(line - 1, 0) ELSE line END AS i
      FROM range({rows}) AS all_rows(line)))
"""
_RECIPIENTS = """
  SELECT i::INTEGER + 2 AS __line, sent_at::DATE AS date, sent_at, 'M' || i AS message_id,
    'Рассылка ' || h(i, 'mailing') % 300 AS campaign_name,
    CASE WHEN h(i, 'way') % 4 = 0 THEN 'sms' ELSE 'email' END AS channel,
    'C' || (1 + h(i, 'who') % {people}) AS customer_id,
    h(i, 'back') % 40 > 0 AS delivered, h(i, 'back') % 40 = 0 AS bounced,
    CASE WHEN h(i, 'back') % 80 = 0 THEN 'hard' WHEN h(i, 'back') % 40 = 0 THEN 'soft' END
      AS bounce_type,
    h(i, 'open') % 4 = 0 AS opened, h(i, 'click') % 30 = 0 AS clicked,
    h(i, 'gone') % 200 = 0 AS unsubscribed, h(i, 'spam') % 900 = 0 AS complained
  FROM (
    SELECT i, TIMESTAMP '2025-06-01' + to_minutes((h(i, 'sent') % 560000)::INTEGER) AS sent_at
    FROM range({rows}) AS all_rows(i))
"""


def contacts(folder: Path, rows: int) -> Dataset:
    """So many made-up contacts, each of another person, made unless they are there."""
    people = folder / f"people_{rows}.parquet"
    if not people.exists():
        from tests.audit.made_people import people as made_people

        made_people(rows, 5).to_parquet(people)
    return made(folder, "contacts", rows, _CONTACTS.format(people=people), first=_FIRST, days=_DAYS)


def crm(folder: Path, rows: int) -> list[Dataset]:
    """The contacts and what is kept beside them.

    For a million: 400,000 deals, 1,000,000 activities, 500,000 orders, 500,000 messages.
    """
    own = {"contacts": rows, "deals": rows * 2 // 5, "owners": _OWNERS, "people": rows // 4}
    each = {
        "deals": (own["deals"], _DEALS),
        "activities": (rows, _ACTIVITIES),
        "orders": (rows // 2, _ORDERS),
        "recipients": (rows // 2, _RECIPIENTS),
    }
    found = [contacts(folder, rows)]
    for grain, (count, select) in each.items():
        text = _hashed(select.format(rows=count, **own))
        found.append(made(folder, grain, count, text, first=_FIRST, days=_DAYS))
    return found


def _hashed(select: str) -> str:
    """The query with h(row, word) written out."""
    return re.sub(r"\bh\((\w+), '", r"hash(\1::VARCHAR || '", select)
