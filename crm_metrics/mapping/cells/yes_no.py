"""Yes and no as exports write them, in Russian and English, and what a field's own words say."""

from __future__ import annotations

import re

YES: tuple[str, ...] = (
    *("yes", "y", "true", "t", "1", "1.0", "on", "+", "x", "✓", "✔", "✔️", "☑", "☑️", "✅", "v"),
    *("да", "д", "истина", "есть", "вкл", "вкл.", "включено", "enabled"),
)
NO: tuple[str, ...] = (
    *("no", "n", "false", "f", "0", "0.0", "off", "✗", "✘", "✕", "✖", "❌", "☐", "⬜"),
    *("нет", "н", "ложь", "not", "never", "никогда", "выкл", "выкл.", "выключено", "disabled"),
)
_ANSWERED = "answer|connect|отвеч|принят|состоял"
_MISSED = "miss|unanswer|no.?answer|busy|abandon|пропущ|неотвеч|занят|потерян|недозвон"
# By field: how the words that say it begin, and those that deny it.
_SAID: dict[str, tuple[str, str]] = {
    "opened": ("open|read|seen|откры|прочита|прочёл|просмотр", ""),
    "clicked": ("click|клик|переш|перех", ""),
    "delivered": ("deliver|доставл", "bounce|undeliver|недоставл"),
    "bounced": ("bounce|undeliver|недоставл|возврат", "deliver|доставл"),
    "unsubscribed": ("unsubscrib|отпис", "subscrib|подпис"),
    "complained": ("complain|spam|жалоб|спам", ""),
    "converted": ("convert|purchase|bought|ordered|купил|заказ|сконверт|конверт", ""),
    "attended": (
        "attended|joined|checked.?in|present|присут|посет|пришёл|пришел|пришл|был|явил|дошёл|дошел|дошл",
        "not attending|absent|no.?show|did not|didn.t|отсут|неяв",
    ),
    "is_missed": (_MISSED, _ANSWERED),
    "is_answered": (_ANSWERED, _MISSED),
    "consent": (
        "subscrib|granted|opted.?in|opt.?in|allow|agree|express|подпис|соглас|дано|разреш",
        "unsubscrib|denied|opted.?out|opt.?out|revoked|withdrawn|disagree|отпис|отказ|отозва|запре",
    ),
    "is_control": (
        "control|hold.?out|baseline|контрол|кг",
        "test|variant|treatment|exposed|target|тест|вариант|эксперимент|целев|основн|рассыл",
    ),
    "open_is_machine": ("machine|bot|proxy|prefetch|auto|робот|бот|авто", "human|person|человек"),
    "click_is_machine": ("machine|bot|scanner|auto|робот|бот|авто", "human|person|человек"),
    "is_paid": ("paid|sponsor|оплач|платн", "organic|органи|бесплат"),
    "is_return": ("return|refund|возвра", ""),
    "is_closed": ("close|закры|заверш", "open|откры"),
}
_REST = "[a-zа-яё0-9 _-]*"
_NOT = "(?:not|not yet|un|no|non|никогда не|не|ещё не|еще не)[ -]?"


def said_patterns(field: str | None) -> tuple[str, str]:
    """Patterns of the words that say yes and no in a column of this field; "" where none do.

    A denial goes before what it denies: "unsubscribed" begins with no word of subscribing.
    """
    said, denied = _SAID.get(field or "", ("", ""))
    if not said:
        return "", ""
    negated = f"{_NOT}(?:{said}){_REST}"
    return f"(?:{said}){_REST}", f"(?:{denied}){_REST}|{negated}" if denied else negated


def yes_or_no(text: str, field: str | None = None) -> bool | None:
    """What a folded cell says in a column of this field; None where it says neither."""
    if text in YES or text in NO:
        return text in YES
    said, denied = said_patterns(field)
    if said and re.fullmatch(said, text):
        return True
    return False if denied and re.fullmatch(denied, text) else None
