"""Expressions without what is null throughout: most fields of a grain stand in no file.

A backend does not see through a view that a field is null, and plans a join for each list of words
that it is compared with. Shorter expressions are also sooner turned into a query.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from crm_metrics.schema import fields_of, kind_of

# Null where the first argument is.
_NULL_IN_NULL_OUT = (
    *(ops.Cast, ops.Not, ops.StringUnary, ops.NumericBinary),
    *(ops.Equals, ops.NotEquals, ops.Less, ops.LessEqual, ops.Greater, ops.GreaterEqual),
)
# They look at other rows, and take columns alone.
OVER_ROWS = (ops.WindowFunction, ops.Reduction, ops.Analytic)


@lru_cache(maxsize=64)
def unmapped_fields(grain: str, mapped: frozenset[str]) -> frozenset[str]:
    """The fields of a grain that are null throughout; flags are not, other fields complete them."""
    known = (name for name in fields_of(grain) if name not in mapped)
    return frozenset(name for name in known if kind_of(name, grain) != "flag")


def without_unmapped(value: ir.Value, table: ir.Table, absent: Collection[str]) -> ir.Value:
    """The same value of each row of `table`, whose columns `absent` are null throughout."""
    whole = table.op()

    def simpler(node: ops.Node, made: Mapping[str, Any] | None) -> ops.Node:
        if isinstance(node, ops.Field) and node.rel == whole and node.name in absent:
            return _null(node)
        if not isinstance(node, ops.Value):
            return node
        if made is not None:
            node = node.__recreate__(made)
        if isinstance(node, _NULL_IN_NULL_OUT) and any(map(_is_null, node.__args__)):
            return _null(node)
        return _RULES.get(type(node), _as_is)(node)

    return value.op().replace(simpler, filter=_can_be_simpler).to_expr()


def _can_be_simpler(node: ops.Node) -> bool:
    return isinstance(node, ops.Value) and not isinstance(node, OVER_ROWS)


def _presence(node: ops.IsNull | ops.NotNull) -> ops.Node:
    wants_null = isinstance(node, ops.IsNull)
    arg = node.arg
    while isinstance(arg, ops.Cast) and _is_whole(arg.arg):
        arg = arg.arg
    if isinstance(arg, ops.Literal):
        return _literal((arg.value is None) == wants_null)
    if _is_known(arg):
        return _literal(not wants_null)
    return type(node)(arg)


def _is_whole(node: ops.Value) -> bool:
    """Whether it is a flag or a whole number, which every number can be made of."""
    return node.dtype.is_boolean() or node.dtype.is_integer()


def _is_known(node: ops.Value) -> bool:
    """Whether a value can't be null, as far as it says so itself."""
    match node:
        case ops.Literal():
            return node.value is not None
        case ops.IsNull() | ops.NotNull():
            return True
        case ops.Coalesce():
            return any(map(_is_known, node.arg))
        case ops.Cast():
            return _is_whole(node.arg) and _is_known(node.arg)
        case ops.Not() | ops.And() | ops.Or():
            return all(map(_is_known, node.__args__))
    return False


def _denied(node: ops.Not) -> ops.Node:
    match node.arg:
        case ops.Literal():
            return _literal(not node.arg.value)
        case ops.IsNull():
            return ops.NotNull(node.arg.arg)
        case ops.NotNull():
            return ops.IsNull(node.arg.arg)
    return node


def _differing(node: ops.NotEquals) -> ops.Node:
    """`x is not true` and `x is not false` of flags."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, ops.Literal) and one.dtype.is_boolean() and other.dtype.is_boolean():
            return _denied(ops.Not(other)) if one.value else other
    return node


def _chosen(node: ops.IfElse) -> ops.Node:
    if not isinstance(node.bool_expr, ops.Literal):
        return node
    return _as(node.true_expr if node.bool_expr.value else node.false_null_expr, node)


def _as_is(node: ops.Node) -> ops.Node:
    return node


def _coalesced(node: ops.Coalesce) -> ops.Node:
    parts: list[ops.Value] = []
    for one in node.arg:
        parts += one.arg if isinstance(one, ops.Coalesce) and one.dtype == node.dtype else [one]
    parts = [one for one in parts if not _is_null(one)]
    last = next((place for place, one in enumerate(parts) if _is_known(one)), len(parts))
    parts = parts[: last + 1]
    if not parts:
        return _null(node)
    return _as(parts[0] if len(parts) == 1 else ops.Coalesce(parts), node)


def _case(node: ops.SearchedCase) -> ops.Node:
    pairs = [
        (met, result)
        for met, result in zip(node.cases, node.results, strict=True)
        if not (isinstance(met, ops.Literal) and not met.value)
    ]
    if not pairs:
        return _as(node.default, node)
    cases, results = zip(*pairs, strict=True)
    return _as(ops.SearchedCase(cases, results, node.default), node)


def _joined(node: ops.And | ops.Or) -> ops.Node:
    """`x and true` is x, `x and false` is false; of `or` the other way round."""
    neutral = isinstance(node, ops.And)
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, ops.Literal) and one.value is not None:
            return other if one.value == neutral else one
    return node


def _as(value: ops.Value, node: ops.Value) -> ops.Node:
    if _is_null(value):
        return _null(node)
    return value if value.dtype == node.dtype else ops.Cast(value, node.dtype)


def _is_null(node: object) -> bool:
    return isinstance(node, ops.Literal) and node.value is None


def _literal(holds: bool) -> ops.Node:  # noqa: FBT001 - a value
    return ibis.literal(value=holds).op()


def _null(node: ops.Value) -> ops.Node:
    return ibis.null(node.dtype).op()


_RULES: dict[type[ops.Node], Callable[..., ops.Node]] = {
    ops.Coalesce: _coalesced,
    ops.IsNull: _presence,
    ops.Not: _denied,
    ops.NotEquals: _differing,
    ops.NotNull: _presence,
    ops.SearchedCase: _case,
    ops.IfElse: _chosen,
    ops.And: _joined,
    ops.Or: _joined,
    ops.InValues: lambda node: _null(node) if _is_null(node.value) else node,
}
