"""Made-up orders with known shape: seeded, of any number of rows, written by DuckDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.made import made
from crm_metrics.store import Dataset

FIRST_DAY = date(2023, 1, 1)
DAYS = 1000
ORDERS_OF_ONE = 5

# Every column is a hash of the row's number, so that threads and versions change nothing. Few
# customers buy often, most once or twice; a hundredth comes back.
_ROWS = """
  WITH numbered AS (
    SELECT i, (floor(power((hash(i, 1) % 1000000) / 1000000.0, 1.5) * {customers}))::INTEGER AS c
    FROM range({rows}) r(i)
  )
  SELECT i + 2 AS __line, DATE '{first}' + (hash(i, 2) % {days})::INTEGER AS date,
    ['email', 'ads', 'web', 'social'][(hash(c, 3) % 4)::INT + 1] AS channel,
    'EUR' AS currency, 'C' || c AS customer_id, 'O' || i AS order_id,
    ['Pillows', 'Linen', 'Rugs', 'Lamps'][(hash(i, 4) % 4)::INT + 1] AS category,
    round(10 + power((hash(i, 5) % 10000) / 1000.0, 2), 2)::DOUBLE AS amount,
    hash(i, 6) % 100 = 0 AS is_return
  FROM numbered
"""


def orders(folder: Path, rows: int) -> Dataset:
    """A data set of so many orders in `folder`, made unless it is there."""
    customers = rows // ORDERS_OF_ONE
    select = _ROWS.format(rows=rows, customers=customers, days=DAYS, first=FIRST_DAY)
    return made(folder, "orders", rows, select, first=FIRST_DAY, days=DAYS)
