"""What the Customers page asks of 5,000,000 orders of 1,000,000 customers: ours and pandas.

    python -m benchmarks.customers_page [--rows 5000000] [--runs 2] [--folder F]

`page` is the customers' history with retention by month, the times between purchases, churn, RFM
and the best fifth's share; `filter` the same of the customers of one channel, with the page seen
before; `value` lifetime value, simple and by both models with their holdout (ours alone: pandas has
none).
Every way is a process of its own, and both must give the same numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.made_orders import orders
from benchmarks.measuring import compare, report

CHANNEL = "email"
WAYS = {"page": ("ours", "pandas"), "filter": ("ours", "pandas"), "value": ("ours",)}
Answer = list[tuple[str, str]]


def main() -> None:
    """Run the ways of each step in turn, print the least times, the highest peaks and ratios."""
    compare("benchmarks.customers_page", __doc__, WAYS, orders, rows=5_000_000, runs=2)


def _ours(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    from crm_metrics.metrics import Filters, cohorts
    from crm_metrics.metrics.value.lifetime import ltv_model
    from crm_metrics.metrics.value.simple import ltv_simple
    from crm_metrics.store import Engine

    engine = Engine([orders(folder, rows)])

    def page(filters: Filters) -> Answer:
        found = cohorts.history(engine, filters)
        assert found
        kept, back, scored = cohorts.retention(found), cohorts.returning(found), cohorts.rfm(found)
        assert scored
        cells = [cell.components.get("x", -1) for one in kept.cohorts for cell in one.cells]
        return [
            ("people", str(found.people)),
            ("cells", f"{sum(place * cell for place, cell in enumerate(cells)):.0f}"),
            ("between", f"{back.between.value} {back.long_gap.value}"),
            ("gone", f"{back.churn.components['x']:.0f} of {back.churn.n:.0f}"),
            ("rfm", f"{scored.recency.sizes} {scored.frequency.sizes} {scored.money.sizes}"),
            ("top", f"{cohorts.pareto_share(found).value:.6f}"),
        ]

    def value() -> Answer:
        found = cohorts.history(engine)
        assert found
        model = ltv_model(found)
        return [
            ("simple", f"{ltv_simple(found, cohorts.returning(found).limit).value:.4f}"),
            ("model", str(model.refused)),
        ]

    if step == "page":
        return lambda: page(Filters())
    # The page was seen before, so what is known of the customers is known.
    page(Filters())
    return value if step == "value" else lambda: page(Filters(channels=(CHANNEL,)))


def _pandas(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    import numpy as np
    import pandas as pd

    path = orders(folder, rows).facts.path  # type: ignore[union-attr]
    columns = ["customer_id", "date", "amount", "is_return", "channel"]

    def page(data: pd.DataFrame) -> Answer:
        data = data[~data.is_return]
        if step == "filter":
            data = data[data.channel == CHANNEL]
        data = data.assign(date=pd.to_datetime(data.date)).sort_values(["customer_id", "date"])
        end = data.date.max()
        arrived = data.groupby("customer_id").date.transform("min")
        ages = (data.date.dt.year - arrived.dt.year) * 12 + data.date.dt.month - arrived.dt.month
        cohort = arrived.dt.to_period("M")
        active = data.groupby([cohort, ages]).customer_id.nunique().unstack(fill_value=0)  # noqa: PD010 - of a series
        whole = end.to_period("M") if end.day > end.days_in_month - 4 else end.to_period("M") - 1
        last = min(max((whole - active.index[0]).n, 0), 36)
        cells = [
            -1 if age > (whole - month).n else int(line.get(age, 0))
            for month, line in active.iterrows()
            for age in range(1, last + 1)
        ]
        gap = data.groupby("customer_id").date.diff().dt.days
        gaps = np.sort(gap[gap > 0].to_numpy())
        between = [float(gaps[int(np.ceil(len(gaps) * share - 1e-9)) - 1]) for share in (0.5, 0.9)]
        each = data.groupby("customer_id").agg(
            arrived=("date", "min"), last=("date", "max"), days=("date", "nunique"),
            amount=("amount", "sum"),
        )  # fmt: skip
        each["amount"] = each.amount.round(4)
        old = each[(end - each.arrived).dt.days > between[1]]
        gone = ((end - old["last"]).dt.days > between[1]).sum()
        sizes = []
        for own in (-(end - each["last"]).dt.days, each.days, each.amount):
            cuts = own.quantile([0.2, 0.4, 0.6, 0.8]).to_numpy()
            score = 1 + sum((own > cut).astype(int) for cut in cuts)
            sizes.append(tuple(int((score == one).sum()) for one in range(1, 6)))
        best = each.amount.nlargest(int(np.ceil(0.2 * len(each)))).sum()
        return [
            ("people", str(len(each))),
            ("cells", f"{sum(place * cell for place, cell in enumerate(cells)):.0f}"),
            ("between", f"{between[0]} {between[1]}"),
            ("gone", f"{gone} of {len(old)}"),
            ("rfm", f"{sizes[0]} {sizes[1]} {sizes[2]}"),
            ("top", f"{best / each.amount.sum():.6f}"),
        ]

    if step == "page":
        return lambda: page(pd.read_parquet(path, columns=columns))
    data = pd.read_parquet(path, columns=columns)
    return lambda: page(data)


def _work(argument: str, rows: int, folder: Path) -> None:
    way, step = argument.split(":")
    make = {"ours": _ours, "pandas": _pandas}[way]
    modules = {
        "ours": ("crm_metrics.metrics.cohorts", "crm_metrics.store", "scipy.optimize"),
        "pandas": ("pandas",),
    }
    work = make(step, folder, rows)
    report(work, modules=modules[way])


if __name__ == "__main__":
    if "--way" in sys.argv:
        _work(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
