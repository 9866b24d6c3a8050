"""A made-up CRM as the files that people export: a Russian and an English one of each kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tests.audit.crm import Crm
from tests.audit.made_sales import ENDS, OWNERS

_HEADERS = {
    "contacts": {
        "customer_id": ("ID контакта", "Contact ID"),
        "full_name": ("ФИО", "Full name"),
        "email": ("E-mail", "Email"),
        "phone": ("Телефон", "Phone Number"),
        "company": ("Компания", "Company name"),
        "city": ("Город", "City"),
        "country": ("Страна", "Country"),
        "region": ("Регион", "Region"),
        "type": ("Тип контакта", "Contact type"),
        "source": ("Источник", "Lead Source"),
        "owner": ("Ответственный", "Contact owner"),
        "created_at": ("Дата создания", "Create Date"),
        "last_activity_at": ("Последняя активность", "Last Activity Date"),
        "comment": ("Комментарий", "Comment"),
        "segment": ("Сегмент", "Segment"),
    },
    "deals": {
        "deal_id": ("ID сделки", "Deal ID"),
        "customer_id": ("ID клиента", "Customer ID"),
        "title": ("Название сделки", "Deal Name"),
        "pipeline": ("Воронка", "Pipeline"),
        "stage": ("Стадия сделки", "Deal Stage"),
        "probability": ("Вероятность", "Deal probability"),
        "amount": ("Сумма", "Amount"),
        "currency": ("Валюта", "Currency"),
        "owner": ("Ответственный", "Deal owner"),
        "created_at": ("Дата создания", "Create Date"),
        "closed_at": ("Дата закрытия", "Close Date"),
        "expected_close_at": ("Предполагаемая дата закрытия", "Expected close date"),
        "updated_at": ("Дата изменения", "Last Modified Date"),
        "last_activity_at": ("Последняя активность", "Last Activity Date"),
        "next_task_at": ("Дата следующей задачи", "Next Activity Date"),
        "lost_reason": ("Причина отказа", "Closed Lost Reason"),
        "deal_type": ("Тип сделки", "Deal Type"),
        "product": ("Товар", "Product"),
        "source": ("Источник", "Original Source"),
        "utm_source": ("utm_source", "utm_source"),
        "utm_campaign": ("utm_campaign", "utm_campaign"),
        "is_closed": ("Сделка закрыта", "Closed"),
        "segment": ("Сегмент", "Segment"),
        "comment": ("Комментарий", "Comment"),
    },
    "activities": {
        "ts": ("Дата и время", "Activity date"),
        "activity_type": ("Тип дела", "Activity type"),
        "object_id": ("Связано с", "Related to"),
        "owner": ("Ответственный", "Owner"),
        "due_at": ("Срок", "Due date"),
        "done_at": ("Дата выполнения", "Completed at"),
        "result": ("Результат", "Result"),
        "status": ("Статус", "Status"),
        "origin": ("Происхождение", "Origin"),
        "comment": ("Комментарий", "Comment"),
        "tags": ("Теги", "Tags"),
        "segment": ("Сегмент", "Segment"),
    },
}
_SAID = {
    "status": {
        "won": ("Выиграна", "Won"),
        "lost": ("Проиграна", "Lost"),
        "open": ("В работе", "Open"),
        "done": ("Выполнено", "Done"),
        "planned": ("Запланировано", "Planned"),
    },
    "activity_type": {
        "call": ("Звонок", "Call"),
        "email": ("Письмо", "Email"),
        "meeting": ("Встреча", "Meeting"),
        "task": ("Задача", "Task"),
        "note": ("Заметка", "Note"),
    },
    "origin": {
        "person": ("Человек", "Person"),
        "bot": ("Робот", "Bot"),
        "import": ("Импорт", "Import"),
    },
    "is_closed": {True: ("да", "yes"), False: ("нет", "no")},
}
_NAMES = {
    "contacts": ("kontakty", "contacts"),
    "deals": ("sdelki", "deals"),
    "activities": ("dela", "activities"),
}


def write_files(crm: Crm, folder: Path) -> list[Path]:
    """Each grain as two CSV files with headers and words of their language, by their owner's."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for grain, frame in crm.frames.items():
        english = frame.owner.isin(OWNERS["en"])
        for lang, rows in enumerate((frame[~english], frame[english])):
            said = rows[list(_HEADERS[grain])].copy()
            for name, words in _SAID.items():
                if name in said:
                    said[name] = said[name].map(
                        lambda cell, words=words, lang=lang: (
                            words[cell][lang] if cell in words else cell
                        )
                    )
            said = said.rename(columns={name: own[lang] for name, own in _HEADERS[grain].items()})
            path = folder / f"{_NAMES[grain][lang]}.csv"
            said.to_csv(path, index=False, sep=",;"[lang == 0], date_format="%Y-%m-%d %H:%M:%S")
            paths.append(path)
    return paths


def as_exported(crm: Crm) -> Crm:
    """The CRM with the states of deals that a file without a status tells, by its stages alone."""
    deals = crm.frames["deals"].copy()
    stage = deals.stage.astype("string").str.casefold()
    won, lost = ([ends[place].casefold() for ends in ENDS.values()] for place in (0, 1))
    blank = stage.isna() | stage.isin(["", "-"])
    state = np.select([blank, stage.isin(won), stage.isin(lost)], ["", "won", "lost"], "open")
    deals["status"] = pd.Series(state, dtype=object).where(~blank, None)
    return replace(crm, frames={**crm.frames, "deals": deals})
