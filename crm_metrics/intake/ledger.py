"""Counting where every line of a table went, while it is being read."""

from __future__ import annotations

from pathlib import Path

from crm_metrics.intake.aside import AsideFile
from crm_metrics.intake.limits import MAX_EXAMPLE_TEXT, MAX_EXAMPLES
from crm_metrics.intake.table import REASONS, Account, Issue, Reason, SetAside

# Blank lines and continuations say little: they may not push the others out of the examples.
_DULL: frozenset[Reason] = frozenset({"blank", "continuation"})
_MAX_DULL = 100
_MAX_ISSUE_EXAMPLES = 3
_MAX_ISSUE_TEXT = 200
_MAX_TEXT = 100_000


class Ledger:
    """The account of one table in the making: records, lines set aside, doubts.

    What does not fit among the examples is kept in a file in `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self._all = AsideFile(folder)
        self.records = 0
        self.repaired = 0
        self._counts: dict[Reason, int] = {}
        self._examples: list[SetAside] = []
        self._kept: dict[Reason, int] = {}
        self._issues: dict[str, tuple[int, list[str]]] = {}

    def set_aside(self, line: int, reason: Reason, text: str = "") -> None:
        """Count one line that is not a record."""
        self._counts[reason] = self._counts.get(reason, 0) + 1
        self._all.add(SetAside(line, reason, text[:_MAX_TEXT]))
        kept = self._kept.get(reason, 0)
        most = _MAX_DULL if reason in _DULL else MAX_EXAMPLES
        if kept < most and len(self._examples) < MAX_EXAMPLES:
            self._kept[reason] = kept + 1
            self._examples.append(SetAside(line, reason, text[:MAX_EXAMPLE_TEXT]))

    def absorb(self, other: Ledger) -> None:
        """Take over the lines and doubts of a part that turned out to hold no record."""
        for item in other._all.taken():
            self.set_aside(item.line, item.reason, item.text)
        for issue in other.issues():
            for example in issue.examples:
                self.issue(issue.code, example)
            self.issue(issue.code, count=issue.count - len(issue.examples))

    def all_lines(self) -> Path | None:
        """The file of all lines set aside; None where the examples are all of them."""
        complete = sum(self._counts.values()) <= len(self._examples)
        return None if complete else self._all.close()

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
