"""Counting where every line of a table went, while it is being read."""

from __future__ import annotations

from crm_metrics.intake.limits import MAX_EXAMPLE_TEXT, MAX_EXAMPLES
from crm_metrics.intake.table import REASONS, Account, Issue, Reason, SetAside

# Blank lines and continuations say little: they may not push the others out of the examples.
_DULL: frozenset[Reason] = frozenset({"blank", "continuation"})
_MAX_DULL = 100
_MAX_ISSUE_EXAMPLES = 3
_MAX_ISSUE_TEXT = 200


class Ledger:
    """The account of one table in the making: records, lines set aside, doubts."""

    def __init__(self) -> None:
        self.records = 0
        self.repaired = 0
        self._counts: dict[Reason, int] = {}
        self._examples: list[SetAside] = []
        self._kept: dict[Reason, int] = {}
        self._issues: dict[str, tuple[int, list[str]]] = {}

    def set_aside(self, line: int, reason: Reason, text: str = "") -> None:
        """Count one line that is not a record."""
        self._counts[reason] = self._counts.get(reason, 0) + 1
        kept = self._kept.get(reason, 0)
        most = _MAX_DULL if reason in _DULL else MAX_EXAMPLES
        if kept < most and len(self._examples) < MAX_EXAMPLES:
            self._kept[reason] = kept + 1
            self._examples.append(SetAside(line, reason, text[:MAX_EXAMPLE_TEXT]))

    def issue(self, code: str, example: str = "", *, count: int = 1) -> None:
        """Note a doubt that the user should see."""
        if count <= 0:
            return
        before, examples = self._issues.get(code, (0, []))
        if example and len(examples) < _MAX_ISSUE_EXAMPLES:
            examples.append(example[:_MAX_ISSUE_TEXT])
        self._issues[code] = (before + count, examples)

    def account(self) -> Account:
        """The finished account; `lines` is by construction records plus everything set aside."""
        counts = {reason: self._counts[reason] for reason in REASONS if self._counts.get(reason)}
        return Account(
            lines=self.records + sum(counts.values()),
            records=self.records,
            set_aside=counts,
            repaired=self.repaired,
            examples=tuple(sorted(self._examples, key=lambda item: item.line)),
        )

    def issues(self) -> tuple[Issue, ...]:
        """The doubts noted so far."""
        return tuple(
            Issue(code, count, tuple(examples)) for code, (count, examples) in self._issues.items()
        )
