"""What no file shows: questions to answer by looking and asking, kept apart from the checks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, get_args

from crm_metrics.audit.keeping import read_kept, write_kept

Reply = Literal["yes", "partly", "no", "unknown"]
REPLIES: Final[tuple[Reply, ...]] = get_args(Reply)
_FILE = "audit_questionnaire.json"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a subject; its words are `audit.question.<key>` and `.look` in texts.

    `look` says what would prove the answer. `guide` is the code of the guide that asks it.
    """

    key: str
    subject: str
    guide: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found on a question, and the note on what shows it."""

    question: str
    reply: Reply
    note: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The audit's goal in a person's words, and the answers given; a question without one is open.

    Goal and notes may name people: they stay in the workspace, and in no snapshot.
    """

    goal: str = ""
    answers: tuple[Answer, ...] = ()

    def answer(self, question: str) -> Answer | None:
        """The answer to a question, None where it is open."""
        return next((one for one in self.answers if one.question == question), None)

    def counted(self) -> dict[Reply, int]:
        """How many questions have each reply, those of the list alone."""
        given = [one.reply for one in self.answers if one.question in _KEYS]
        return {reply: given.count(reply) for reply in REPLIES}

    @property
    def open(self) -> int:
        """How many questions of the list nobody has answered."""
        return len(QUESTIONS) - sum(self.counted().values())


def _of(subject: str, guide: str, *keys: str) -> tuple[Question, ...]:
    return tuple(Question(key, subject, guide) for key in keys)


QUESTIONS: Final = (
    *_of("goals", "S0", "goal_measurable", "strategy_document", "baseline_known"),
    *_of("goals", "S2", "kpi_document", "benefits_expected"),
    *_of("journey", "S0", "journey_described", "stages_covered", "channels_by_stage"),
    *_of("process", "S0", "reply_rules", "frequency_policy", "complaints_handled"),
    *_of("process", "S2", "stage_rules", "required_fields", "owner_rules"),
    *_of("use", "S2", "users_watched", "users_asked", "training", "licences_match"),
    *_of("integrations", "S2", "calls_mail_site", "accounting", "one_source_of_truth"),
    *_of("reports", "S2", "reports_used", "reports_true"),
    *_of("voice", "S0", "interviews", "reviews_read", "survey_regular"),
    *_of("follow_up", "S0", "plan_owned", "remeasure_dated"),
)
_KEYS = frozenset(one.key for one in QUESTIONS)
SUBJECTS: Final = tuple(dict.fromkeys(one.subject for one in QUESTIONS))


def answered(kept: Questionnaire, answer: Answer) -> Questionnaire:
    """The questionnaire with this answer in the place of an earlier one to the same question."""
    others = tuple(one for one in kept.answers if one.question != answer.question)
    return replace(kept, answers=(*others, answer))


def unanswered(kept: Questionnaire, question: str) -> Questionnaire:
    """The questionnaire with a question open again."""
    others = tuple(one for one in kept.answers if one.question != question)
    return replace(kept, answers=others)


def read_questionnaire(folder: Path) -> Questionnaire:
    """What is kept in a workspace's folder; an empty one where there is none."""
    return read_kept(folder / _FILE, Questionnaire) or Questionnaire()


def write_questionnaire(folder: Path, kept: Questionnaire) -> None:
    """Keep it in a workspace's folder."""
    write_kept(folder / _FILE, kept)
