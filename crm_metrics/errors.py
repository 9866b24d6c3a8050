"""Errors that a user can meet: a code and its parameters; the sentence is made in `texts`.

CrmMetricsError
├── InputError (ValueError)        the file or the typed input can't be used
│   └── LimitError                 it is larger than the product takes
├── NotFoundError (LookupError)    a named column, field, metric or data set does not exist
├── UsageError (TypeError)         options that contradict each other
└── Cancelled                      the user stopped it
"""

from __future__ import annotations


class CrmMetricsError(Exception):
    """Base of all errors shown to a user.

    `code` names the sentence `error.<code>` in `texts`; `params` fill its placeholders.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.code}({details})"

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border: workbooks are read in a child process."""
        return _rebuild, (type(self), self.code, self.params)


class InputError(CrmMetricsError, ValueError):
    """A file or a typed value can't be used."""


class LimitError(InputError):
    """The input is larger than a stated limit."""


class NotFoundError(CrmMetricsError, LookupError):
    """A named column, field, metric or data set does not exist."""


class UsageError(CrmMetricsError, TypeError):
    """Options that contradict each other or are incomplete."""


class Cancelled(CrmMetricsError):  # noqa: N818 - no error: a wish
    """The user stopped what was being done; raised from a `progress` callback."""

    def __init__(self, code: str = "cancelled", **params: object) -> None:
        super().__init__(code, **params)


def _rebuild(kind: type[CrmMetricsError], code: str, params: dict[str, object]) -> CrmMetricsError:
    return kind(code, **params)
