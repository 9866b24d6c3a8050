"""A made-up shop as the files that its systems export, in both languages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.audit.crm import Crm

_ORDERS = {
    "order_id": "Номер заказа",
    "created_at": "Дата заказа",
    "customer_id": "ID клиента",
    "amount": "Сумма",
    "currency": "Валюта",
    "status": "Статус",
    "is_return": "Возврат",
    "product": "Товар",
    "category": "Категория",
    "city": "Город",
    "comment": "Комментарий",
    "segment": "Сегмент",
    "owner": "Ответственный",
}
_DEALS = {
    "deal_id": "Deal ID",
    "customer_id": "Customer ID",
    "amount": "Amount",
    "currency": "Currency",
    "status": "Status",
    "created_at": "Created at",
    "closed_at": "Closed at",
}
_CARDS = {
    "contact_id": "ID контакта",
    "customer_id": "ID клиента",
    "full_name": "ФИО",
    "email": "Email",
    "phone": "Телефон",
    "source": "Источник",
    "type": "Тип контакта",
    "city": "Город",
    "country": "Страна",
    "consent": "Согласие на рассылку",
    "lifecycle_stage": "Стадия жизненного цикла",
    "unsubscribed_at": "Дата отписки",
    "created_at": "Дата создания",
    "last_activity_at": "Последняя активность",
}
_LOG = {
    "customer_id": "Customer ID",
    "email": "Email",
    "phone": "Phone",
    "channel": "Channel",
    "campaign_name": "Campaign",
    "sent_at": "Sent at",
    "delivered": "Delivered",
    "bounced": "Bounced",
    "bounce_type": "Bounce type",
    "opened": "Opened",
    "open_is_machine": "Machine open",
    "clicked": "Clicked",
    "unsubscribed": "Unsubscribed",
    "complained": "Complained",
}
_SURVEYS = {
    "response_id": "Response ID",
    "survey_type": "Survey type",
    "customer_id": "Customer ID",
    "invited_at": "Invited at",
    "responded_at": "Responded at",
    "score": "Score",
    "comment": "Comment",
}
_TICKETS = {
    "conversation_id": "Ticket ID",
    "customer_id": "Customer ID",
    "channel": "Channel",
    "created_at": "Created at",
    "first_reply_at": "First reply at",
}
_CALLS = {
    "call_id": "Call ID",
    "customer_id": "Customer ID",
    "started_at": "Started at",
    "direction": "Direction",
}
_VISITS = {"date": "Дата", "source": "Источник", "sessions": "Визиты"}
_RUSSIAN = {True: "да", False: "нет"}
_ENGLISH = {True: "yes", False: "no"}


def exported(crm: Crm, folder: Path) -> list[Path]:
    """Write the grains as CSV: Russian ones as Excel there does, English ones with commas."""
    return [
        _russian(crm.frames["orders"], _ORDERS, folder / "orders.csv"),
        _russian(crm.frames["contacts"], _CARDS, folder / "contacts.csv"),
        _english(crm.frames["deals"], _DEALS, folder / "deals.csv"),
        _english(crm.frames["recipients"], _LOG, folder / "recipients.csv"),
        _english(crm.frames["surveys"], _SURVEYS, folder / "surveys.csv"),
        _english(crm.frames["conversations"], _TICKETS, folder / "tickets.csv"),
        _english(crm.frames["calls"], _CALLS, folder / "calls.csv"),
        _russian(crm.frames["traffic"], _VISITS, folder / "visits.csv"),
    ]


def _russian(frame: pd.DataFrame, headers: dict[str, str], path: Path) -> Path:
    own = _told(frame, headers, _RUSSIAN, "%d.%m.%Y %H:%M:%S")
    own.to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig")
    return path


def _english(frame: pd.DataFrame, headers: dict[str, str], path: Path) -> Path:
    _told(frame, headers, _ENGLISH, "%Y-%m-%d %H:%M:%S").to_csv(path, index=False)
    return path


def _told(
    frame: pd.DataFrame, headers: dict[str, str], flags: dict[bool, str], moment: str
) -> pd.DataFrame:
    """The columns of a file as text and numbers, under its headers."""
    own = frame[list(headers)].copy()
    for name in own:
        if name.endswith("_at") or name == "date":
            form = moment if name.endswith("_at") else moment.partition(" ")[0]
            own[name] = pd.to_datetime(own[name]).dt.strftime(form)
        elif own[name].dropna().isin([True, False]).all():
            own[name] = own[name].map(flags)
    return own.rename(columns=headers)
