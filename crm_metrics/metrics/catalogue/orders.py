"""Orders, one row per order or per line of one: amounts per order and per buyer are two things."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, any_of, at, folded
from crm_metrics.metrics.model import Distinct, Limits, Metric

_AMOUNT = "amount|revenue"
# An order's status is free text in every shop's own words; these say that the money went back.
_NOT_A_SALE = (
    *("cancelled", "canceled", "cancelled by customer", "returned", "refunded", "return", "refund"),
    *(
        "отменен",
        "отменён",
        "отмена",
        "отменено",
        "аннулирован",
        "возврат",
        "возвращен",
        "возвращён",
    ),
)
_ORDER = Distinct("order_id")
_CATEGORY = Distinct("category")


def returned(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the row is a return or a cancellation."""
    back = table.is_return.fill_null(NO)
    return back | folded(table.status).isin(_NOT_A_SALE).fill_null(NO)


def sale(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the row is a sale that stands."""
    return ~returned(table, limits)


def amount_paid(table: ir.Table) -> ir.Value:
    """What the row says was paid."""
    return ibis.coalesce(table.amount, table.revenue).cast("float64")


def went_back(table: ir.Table) -> ir.BooleanValue:
    """Whether money went back: a return, a cancellation, or an amount below zero."""
    return returned(table, Limits()) | (amount_paid(table) < 0).fill_null(NO)


def _nameless(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.customer_id.isnull()


def _bought(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return sale(table, limits) & ~_nameless(table, limits)


def _nameless_sale(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return any_of(_nameless)(table, limits) & sale(table, limits)


def _categorised(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _bought(table, limits) & table.category.notnull()


def own_profit(table: ir.Table, _: Limits) -> ir.Value:
    """The profit that an order tells (FLOAT64): its margin, else the amount less the cost."""
    less_cost = amount_paid(table) - table.cost.cast("float64")
    return ibis.coalesce(table.margin.cast("float64"), less_cost)


_RETURNS = (("returns_left_out", returned),)
_OF_BUYERS = (*_RETURNS, ("nameless_left_out", _nameless_sale))

METRICS = (
    Metric(
        key="orders",
        grain="orders",
        kind="total",
        numerator=_ORDER,
        unit="count",
        direction="up",
        needs=(),
        variant="sum",
        formula="count(distinct order_id)",
        where=sale,
        left_out=_RETURNS,
    ),
    Metric(
        key="revenue",
        grain="orders",
        kind="total",
        numerator=at("amount", "revenue"),
        unit="money",
        direction="up",
        needs=(_AMOUNT,),
        variant="sum",
        formula="sum(amount)",
        where=sale,
        left_out=_RETURNS,
        money=True,
    ),
    Metric(
        key="aov",
        grain="orders",
        kind="ratio",
        numerator=at("amount", "revenue"),
        denominator=_ORDER,
        per="customer_id|order_id",
        unit="money",
        direction="up",
        needs=(_AMOUNT,),
        variant="of_orders",
        formula="sum(amount) / count(distinct order_id)",
        where=sale,
        left_out=_RETURNS,
        money=True,
    ),
    Metric(
        key="revenue_per_buyer",
        grain="orders",
        kind="ratio",
        numerator=at("amount", "revenue"),
        per="customer_id",
        unit="money",
        direction="up",
        needs=(_AMOUNT, "customer_id"),
        variant="of_buyers",
        formula="sum(amount) / count(distinct customer_id)",
        where=_bought,
        left_out=_OF_BUYERS,
        money=True,
    ),
    Metric(
        key="orders_per_customer",
        grain="orders",
        kind="ratio",
        numerator=_ORDER,
        per="customer_id",
        unit="times",
        direction="up",
        needs=("customer_id",),
        variant="of_buyers",
        formula="count(distinct order_id) / count(distinct customer_id)",
        where=_bought,
        left_out=_OF_BUYERS,
    ),
    Metric(
        key="repeat_purchase_rate",
        grain="orders",
        kind="proportion",
        numerator=_ORDER,
        at_least=2,
        per="customer_id",
        unit="share",
        direction="up",
        needs=("customer_id",),
        variant="of_buyers",
        formula="count(customer_id: orders >= 2) / count(distinct customer_id)",
        where=_bought,
        left_out=_OF_BUYERS,
    ),
    Metric(
        key="cross_sell_rate",
        grain="orders",
        kind="proportion",
        numerator=_CATEGORY,
        at_least=2,
        per="customer_id",
        unit="share",
        direction="up",
        needs=("customer_id", "category"),
        variant="of_buyers",
        formula="count(customer_id: categories >= 2) / count(distinct customer_id)",
        where=_categorised,
        left_out=_OF_BUYERS,
    ),
    Metric(
        key="cross_sell_basket_rate",
        grain="orders",
        kind="proportion",
        numerator=_CATEGORY,
        at_least=2,
        per="order_id",
        unit="share",
        direction="up",
        needs=("order_id", "category"),
        variant="of_orders",
        formula="count(order_id: categories >= 2) / count(distinct order_id)",
        where=lambda table, limits: sale(table, limits) & table.category.notnull(),
        left_out=_RETURNS,
    ),
    Metric(
        key="profit_per_customer",
        grain="orders",
        kind="ratio",
        numerator=own_profit,
        per="customer_id",
        unit="money",
        direction="up",
        needs=("margin|cost", "customer_id"),
        variant="of_buyers",
        formula="sum(margin or amount - cost) / count(distinct customer_id)",
        where=_bought,
        left_out=_OF_BUYERS,
        money=True,
    ),
)
