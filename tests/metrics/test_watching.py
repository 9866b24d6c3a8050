"""Until when a data set knows of its rows: the slow way in pandas, and never by a mistyped year."""

from __future__ import annotations

from datetime import datetime

import ibis
import pandas as pd
import pyarrow as pa

from crm_metrics.metrics.watching import watched_until, with_watched
from crm_metrics.metrics.worked_out import WATCHED_UNTIL

COLUMNS = ("created_at", "closed_at")


def made() -> pd.DataFrame:
    days = pd.date_range("2025-01-01 10:00", periods=300, freq="D")
    one = pd.DataFrame(
        {"__dataset": "one", "created_at": days, "closed_at": days + pd.Timedelta("2h")}
    )
    other = one.assign(__dataset="other", closed_at=pd.NaT).iloc[:100]
    none = one.assign(__dataset="none", created_at=pd.NaT, closed_at=pd.NaT).iloc[:5]
    return pd.concat([one, other, none], ignore_index=True)


def until(frame: pd.DataFrame) -> dict[str, datetime]:
    rows = ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))
    return watched_until(rows, {name: rows[name] for name in COLUMNS})


def test_the_last_moment_of_any_column_ends_each_data_set():
    frame = made()
    slow = frame.groupby("__dataset")[list(COLUMNS)].max().max(axis=1).dropna()
    assert until(frame) == {name: end.to_pydatetime() for name, end in slow.items()}
    assert "none" not in until(frame)


def test_a_mistyped_year_moves_no_end():
    frame = made()
    right = until(frame)
    frame.loc[7, "closed_at"] = pd.Timestamp("2031-05-01")
    frame.loc[310, "created_at"] = pd.Timestamp("2052-05-01")
    frame.loc[20, "created_at"] = pd.Timestamp("1970-01-01")
    assert until(frame) == right
    rows = ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))
    kept = with_watched(rows, {name: rows[name] for name in COLUMNS})
    ends = kept.select("__dataset", WATCHED_UNTIL).distinct().to_pyarrow().to_pandas()
    assert ends.dropna().set_index("__dataset")[WATCHED_UNTIL].to_dict() == right
    assert len(ends) == 3


def test_several_years_of_rows_end_with_the_last():
    frame = made()
    late = frame[frame["__dataset"] == "one"].copy()
    late["closed_at"] += pd.Timedelta("800D")
    assert until(late)["one"] == late["closed_at"].max()
