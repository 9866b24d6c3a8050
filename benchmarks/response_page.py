"""What the Response page asks of 10,000,000 conversations of 40 agents: ours and pandas.

    python -m benchmarks.response_page [--rows 10000000] [--runs 1] [--folder F]

`page` is the share answered in time, the unanswered, median and 90th percentile of the first reply,
and the median resolution, by channel; `agents` each agent's median against all others together;
`hours` the share in time by weekday and hour. Every way is a process of its own, and both must give
the same numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.made import made
from benchmarks.measuring import compare, report
from crm_metrics.store import Dataset

FIRST_DAY = date(2024, 1, 1)
DAYS = 700
WAYS = dict.fromkeys(("page", "agents", "hours"), ("ours", "pandas"))
LIMIT = 7200.0
Answer = list[tuple[str, str]]

# Every column is a hash of the row's number. One in twenty is never answered, and every reply
# comes by the whole minute, as help desks export them.
_ROWS = """
  WITH made AS (
    SELECT i, TIMESTAMP '{first}' + INTERVAL 1 SECOND * (hash(i, 1) % {seconds}) AS created_at,
      hash(i, 2) % 20 > 0 AS answered,
      60.0 * floor(power(1 + (hash(i, 3) % 100000) / 100000.0, 11)) AS wait
    FROM range({rows}) r(i)
  )
  SELECT i + 2 AS __line, created_at::DATE AS date, created_at, 'T' || i AS conversation_id,
    ['chat', 'email', 'messenger'][(hash(i, 4) % 3)::INT + 1] AS channel,
    'Agent ' || (hash(i, 5) % 40) AS agent,
    CASE WHEN answered THEN wait END AS first_reply_time,
    CASE WHEN hash(i, 6) % 10 > 0 THEN wait + 60.0 * (hash(i, 7) % 2000) END AS resolution_time
  FROM made
"""


def main() -> None:
    """Run the ways of each step in turn, print the least times, the highest peaks and ratios."""
    compare("benchmarks.response_page", __doc__, WAYS, conversations, rows=10_000_000, runs=1)


def conversations(folder: Path, rows: int) -> Dataset:
    """A data set of so many conversations in `folder`, made unless it is there."""
    select = _ROWS.format(rows=rows, first=FIRST_DAY, seconds=DAYS * 86400)
    return made(folder, "conversations", rows, select, first=FIRST_DAY, days=DAYS)


def _ours(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    from crm_metrics.metrics import against_the_rest, compute
    from crm_metrics.metrics.comparing import spreads
    from crm_metrics.store import Engine

    engine = Engine([conversations(folder, rows)])
    asked = ("answered_within", "unanswered_rate", "frt_median", "frt_p90", "resolution_median")

    def page() -> Answer:
        found = compute(engine, asked, by=("channel",)).values  # noqa: PD011 - no frame
        return sorted((f"{one.metric} {one.group['channel']}", f"{one.value:.6f}") for one in found)

    def agents() -> Answer:
        found = compute(engine, ("frt_median",), by=("agent",)).values  # noqa: PD011 - no frame
        behind = spreads(engine, "frt_median", by=("agent",))
        compared = against_the_rest(found, spreads=behind)
        return sorted(
            (str(one.value.group["agent"]), f"{one.value.value:.1f} {one.rest:.1f}")
            for one in compared
        )

    def hours() -> Answer:
        found = compute(engine, ("answered_within",), by=("weekday", "hour")).values  # noqa: PD011 - no frame
        return sorted(
            (f"{one.group['weekday']} {one.group['hour']}", f"{one.value:.6f}") for one in found
        )

    return {"page": page, "agents": agents, "hours": hours}[step]


def _pandas(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    import pandas as pd

    path = conversations(folder, rows).facts.path  # type: ignore[union-attr]
    columns = {
        "page": ["created_at", "channel", "first_reply_time", "resolution_time"],
        "agents": ["agent", "first_reply_time"],
        "hours": ["created_at", "first_reply_time"],
    }

    def old(data: pd.DataFrame) -> pd.DataFrame:
        end = data.created_at.max()
        return data[(end - data.created_at).dt.total_seconds() >= LIMIT]

    def page() -> Answer:
        data = pd.read_parquet(path, columns=columns[step])
        found = []
        for channel, own in data.groupby("channel"):
            whole = old(data)
            whole = whole[whole.channel == channel]
            numbers = {
                "answered_within": (whole.first_reply_time <= LIMIT).mean(),
                "unanswered_rate": whole.first_reply_time.isna().mean(),
                "frt_median": own.first_reply_time.median(),
                "frt_p90": own.first_reply_time.quantile(0.9),
                "resolution_median": own.resolution_time.median(),
            }
            found += [(f"{name} {channel}", f"{number:.6f}") for name, number in numbers.items()]
        return sorted(found)

    def agents() -> Answer:
        data = pd.read_parquet(path, columns=columns[step])
        found = []
        for agent, own in data.groupby("agent").first_reply_time:
            rest = data.first_reply_time[data.agent != agent]
            found.append((str(agent), f"{own.median():.1f} {rest.median():.1f}"))
        return sorted(found)

    def hours() -> Answer:
        data = old(pd.read_parquet(path, columns=columns[step]))
        share = (data.first_reply_time <= LIMIT).groupby(
            [data.created_at.dt.day_of_week, data.created_at.dt.hour]
        )
        return sorted((" ".join(map(str, at)), f"{one:.6f}") for at, one in share.mean().items())

    return {"page": page, "agents": agents, "hours": hours}[step]


def _work(argument: str, rows: int, folder: Path) -> None:
    way, step = argument.split(":")
    modules = {"ours": ("crm_metrics.metrics", "crm_metrics.store"), "pandas": ("pandas",)}
    make = {"ours": _ours, "pandas": _pandas}[way]
    report(make(step, folder, rows), modules=modules[way])


if __name__ == "__main__":
    if "--way" in sys.argv:
        _work(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
