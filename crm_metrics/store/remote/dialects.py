"""SQL where an engine takes what Ibis makes for it otherwise than it is meant, or not at all."""

from __future__ import annotations

from string import whitespace
from typing import Any, ClassVar, Final

import ibis.expr.datatypes as dt
import sqlglot.expressions as sge
from ibis.backends.sql.compilers import (
    ClickHouseCompiler,
    PostgresCompiler,
    PySparkCompiler,
    SQLiteCompiler,
)

_NUMBER: Final = r"^[+-]?([0-9]{1,15}([.][0-9]{0,15})?|[.][0-9]{1,15})$"
# A day that each month has, or that at least this one has: no cast of it can fail.
_DAY: Final = (
    "("
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    "|[0-9]{4}-(0[13-9]|1[0-2])-(29|30)"
    "|[0-9]{4}-(0[13578]|1[02])-31"
    "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
    ")"
)
_TIME: Final = "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?"
_MOMENT: Final = f"^(?!0000){_DAY}{_TIME}$"


class ForPostgres(PostgresCompiler):
    """Numbers stay what Ibis says that they are, and a cell that is no number is no error."""

    __slots__ = ()

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        """A fraction as a double: Postgres reads 1.0 as a numeric, and adds these."""
        found = super().visit_NonNullLiteral(op, value=value, dtype=dtype)
        if not dtype.is_floating():
            return found
        plain = (
            found
            if found is not None
            else super().visit_DefaultLiteral(op, value=value, dtype=dtype)
        )
        return self.cast(plain, dtype)

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:
        """A yes or no becomes a number only by way of an integer."""
        if op.arg.dtype.is_boolean() and to.is_numeric():
            arg = self.cast(arg, dt.int32)
        return super().visit_Cast(op, arg=arg, to=to)

    def visit_Divide(self, op: Any, *, left: Any, right: Any) -> Any:
        """Whole numbers over whole numbers have a fraction."""
        return super().visit_Divide(op, left=self.cast(left, dt.float64), right=right)

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> Any:
        """Null where text is of no form that can be cast: Postgres has no try."""
        form = _NUMBER if to.is_floating() else _MOMENT if to.is_timestamp() else None
        if form is None or not op.arg.dtype.is_string():
            return self.visit_Cast(op, arg=arg, to=to)
        fits = sge.RegexpLike(this=arg, expression=sge.convert(form))
        return self.if_(fits, self.cast(arg, to), self.cast(sge.Null(), to))

    def visit_Sum(self, op: Any, *, arg: Any, where: Any) -> Any:
        """Sums of whole numbers are whole, not numeric."""
        found = super().visit_Sum(op, arg=arg, where=where)
        return self.cast(found, op.dtype) if op.dtype.is_integer() else found


class ForClickHouse(ClickHouseCompiler):
    """A yes or no stays one where it is the largest of several."""

    __slots__ = ()
    # Ibis makes methods of these anew for each class, over those that are written out.
    SIMPLE_OPS: ClassVar[dict[type, str]] = {}

    def visit_Any(self, op: Any, *, arg: Any, where: Any) -> Any:
        """Whether any is true: the largest of conditions is a small number there."""
        return self.cast(self.agg.max(arg, where=where), op.dtype)


MEDIAN_OF_SQLITE: Final = "median_of_group"
"""The aggregate that has to be given to a connection to SQLite, which has no median."""


class ForSQLite(SQLiteCompiler):
    """A median, and moments from seconds, of which Ibis knows no way there."""

    __slots__ = ()
    # As above; and of these too.
    SIMPLE_OPS: ClassVar[dict[type, str]] = {}
    UNSUPPORTED_OPS: ClassVar[tuple[type, ...]] = ()

    def visit_Median(self, _op: Any, *, arg: Any, where: Any) -> Any:
        """By the connection's own aggregate."""
        return self.agg[MEDIAN_OF_SQLITE](arg, where=where)

    def visit_TimestampFromUNIX(self, op: Any, *, arg: Any, unit: Any) -> Any:
        """From whole seconds since 1970."""
        if unit.short != "s":
            return super().visit_Undefined(op, arg=arg, unit=unit)
        return self.f.anon.strftime("%Y-%m-%d %H:%M:%f", arg, "unixepoch")


class ForSpark(PySparkCompiler):
    """Spaces around a text are cut off, and no letters."""

    __slots__ = ()
    # As above.
    SIMPLE_OPS: ClassVar[dict[type, str]] = {}

    def visit_Strip(self, _op: Any, *, arg: Any) -> Any:
        """Without white space around; Spark reads the escapes of two of its signs as v and f."""
        named = (self.f.chr(ord(sign)) for sign in whitespace)
        return sge.Trim(this=arg, expression=self.f.concat(*named))
