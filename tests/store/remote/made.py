"""A small warehouse made by hand: one table of each kind that people have, and one of bare text."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb

MAILS = """
CREATE TABLE mails (
    "Campaign ID" VARCHAR, "Sent at" TIMESTAMP, "Channel" VARCHAR, "Email" VARCHAR,
    "Delivered" BOOLEAN, "Opened" BOOLEAN, "Clicked" INTEGER, "Segment's" VARCHAR
);
INSERT INTO mails
SELECT 'c' || (i % 5), TIMESTAMP '2026-03-01' + to_hours(CAST(i AS INTEGER)), 'E-Mail',
       'p' || (i % 700) || '@example.com', i % 10 > 0, i % 10 > 0 AND i % 4 = 0,
       CASE WHEN i % 20 = 4 THEN 1 ELSE 0 END, CASE i % 2 WHEN 0 THEN 'new' ELSE 'old' END
FROM range(1400) made(i);
CREATE SCHEMA shop;
CREATE TABLE shop.orders AS
SELECT 'o' || i AS "Order ID", DATE '2026-03-01' + CAST(i % 60 AS INTEGER) AS "Date",
       'p' || (i % 50) AS "Customer ID", CAST(10 + i % 7 AS DECIMAL(10, 2)) AS "Amount"
FROM range(600) made(i);
CREATE TABLE "odd ""name"";--" AS
SELECT i::VARCHAR AS "Sent", CASE WHEN i = 7 THEN 'many' ELSE (i * 2)::VARCHAR END AS "Delivered",
       strftime(DATE '2026-03-01' + CAST(i AS INTEGER), '%d.%m.%Y') AS "Date"
FROM range(30) made(i);
"""


def warehouse_file(folder: Path) -> Path:
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(MAILS)
    return path


def sqlite_file(folder: Path) -> Path:
    path = folder / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(
        'CREATE TABLE orders ("Order ID" TEXT, "Date" DATE, "Customer ID" TEXT, "Amount" REAL)'
    )
    connection.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        [
            (f"o{i}", f"2026-03-{1 + i % 28:02}", f"p{i % 50}", float(10 + i % 7))
            for i in range(600)
        ],
    )
    connection.commit()
    connection.close()
    return path
