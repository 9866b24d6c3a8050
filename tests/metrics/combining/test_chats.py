"""Chats of messengers: who is ours is told, and the rest follows from the messages, by a loop."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from crm_metrics.metrics import Filters, Limits, compute
from crm_metrics.metrics.chat_authors import Author, chat_authors, group_chats, likely_ours
from crm_metrics.metrics.ground import grains_of
from crm_metrics.store import Authors, Workspace

OURS = ("Shop", "Магазин «Дом»")
DAY = timedelta(days=1)
Message = tuple[datetime, str, str]


def chat(seed: int, client: str, ours: str = "Shop", bot: str = "") -> list[Message]:
    """A client and a shop that write in turns and by chance, to the minute, some days apart."""
    random = np.random.default_rng(seed)
    at, found = datetime(2026, 3, 14, 9, 0), []
    for number in range(60):
        who = ours if random.random() < 0.45 else client
        if bot and random.random() < 0.1:
            who = bot
        found.append(
            (at, who, f"message {number}: it's ok" + ("\nsecond line" if number % 9 == 0 else ""))
        )
        at += timedelta(minutes=int(random.integers(1, 90)))
        if random.random() < 0.3:
            at += timedelta(minutes=int(random.integers(200, 6 * 1440)))
    return found


def android_ru(messages: list[Message]) -> str:
    head = "14.03.2026, 08:59 - Сообщения и звонки защищены сквозным шифрованием.\n"
    return head + "".join(f"{at:%d.%m.%Y, %H:%M} - {who}: {text}\n" for at, who, text in messages)


def android_en(messages: list[Message]) -> str:
    head = "3/14/26, 8:59 AM - Messages and calls are end-to-end encrypted.\n"
    lines = [
        f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M}\u202f{at:%p} - {who}: {text}\n"
        for at, who, text in messages
    ]
    return head + "".join(lines)


def iphone_ru(messages: list[Message]) -> str:
    first = messages[0][1]
    notice = "\u200eСообщения и звонки защищены сквозным шифрованием."
    head = f"[14.03.2026, 08:59:00] {first}: {notice}\r\n"
    return head + "".join(
        f"[{at:%d.%m.%Y, %H:%M:%S}] {who}: {text}\r\n" for at, who, text in messages
    )


def telegram(chats: dict[str, list[Message]]) -> str:
    listed = [
        {
            "name": name,
            "type": "personal_chat",
            "id": number,
            "messages": [
                {
                    "id": place,
                    "type": "message",
                    "date": f"{at:%Y-%m-%dT%H:%M:%S}",
                    "date_unixtime": "1",
                    "from": who,
                    "from_id": f"user{len(who)}",
                    "text": [text, {"type": "bold", "text": "!"}] if place % 5 == 0 else text,
                    "text_entities": [],
                }
                for place, (at, who, text) in enumerate(messages)
            ]
            + [
                {
                    "id": 999,
                    "type": "service",
                    "date": f"{messages[-1][0]:%Y-%m-%dT%H:%M:%S}",
                    "date_unixtime": "1",
                    "actor": "Shop",
                    "actor_id": "user4",
                    "action": "pin_message",
                    "text": "",
                    "text_entities": [],
                }
            ],
        }
        for number, (name, messages) in enumerate(chats.items())
    ]
    return json.dumps({"chats": {"list": listed}}, ensure_ascii=False)


def talks_of(messages: list[Message], ours: tuple[str, ...], bots: tuple[str, ...] = ()):
    """The talks of a chat, one message after the other."""
    talks: list[list[tuple[datetime, str]]] = []
    for at, who, _ in messages:
        side = "agent" if who in ours else "bot" if who in bots else "client"
        gap = at - talks[-1][-1][0] if talks else None
        sides = {one for _, one in talks[-1]} if talks else set()
        waits = "client" in sides and "agent" not in sides
        if gap is None or (gap > DAY and not (side == "agent" and waits and gap <= 7 * DAY)):
            talks.append([])
        talks[-1].append((at, side))
    return talks


def slow(chats: list[list[Message]], ours: tuple[str, ...], bots: tuple[str, ...] = ()):
    """First replies of the talks that clients began (None: none came), and all next replies."""
    first, turns = [], []
    for messages in chats:
        for talk in talks_of(messages, ours, bots):
            people = [one for one in talk if one[1] != "bot"]
            waits_from = None
            for at, side in people:
                if side == "client" and waits_from is None:
                    waits_from = at
                if side == "agent" and waits_from is not None:
                    turns.append((at - waits_from).total_seconds())
                    waits_from = None
            if people and people[0][1] == "client":
                began = people[0][0]
                reply = next((at for at, side in people if side == "agent"), None)
                first.append((began, None if reply is None else (reply - began).total_seconds()))
    return first, turns


def answers(space: Workspace, limits: Limits | None = None) -> dict:
    with space.engine() as engine:
        found = compute(engine, limits=limits).values
        return {one.metric: one for one in found if one.grain in ("conversations", "events")}


def checked(space: Workspace, chats: list[list[Message]], ours, bots=()) -> None:
    first, turns = slow(chats, ours, bots)
    end = max(messages[-1][0] for messages in chats)
    found = answers(space)
    replied = [wait for _, wait in first if wait is not None]
    assert found["frt_median"].value == pytest.approx(np.median(replied))
    assert found["frt_median"].n == len(replied)
    assert found["next_reply_median"].value == pytest.approx(np.median(turns))
    assert found["next_reply_median"].n == len(turns)
    old = [wait for at, wait in first if (end - at).total_seconds() >= 7200]
    within = sum(wait is not None and wait <= 7200 for wait in old)
    assert found["answered_within"].components == {"x": within, "n": len(old)}
    silent = sum(wait is None for wait in old)
    assert found["unanswered_rate"].components == {"x": silent, "n": len(old)}
    assert {"from_messages", "by_silence"} <= set(found["answered_within"].flags)


@pytest.mark.parametrize("write", [android_ru, android_en, iphone_ru])
def test_whatsapp_chats_give_replies_once_it_is_told_who_is_ours(tmp_path: Path, write):
    space = Workspace(tmp_path / "space")
    chats = [chat(1, "Анна Ли"), chat(2, "Борис: брат", "Магазин «Дом»"), chat(3, "Kim")]
    for number, messages in enumerate(chats):
        path = tmp_path / f"WhatsApp Chat {number}.txt"
        path.write_text(write(messages), encoding="utf-8")
        space.add(path, path.name)
    with space.engine() as engine:
        assert "conversations" not in grains_of(engine)
        authors = chat_authors(engine)
        counts = {one.name: (one.messages, one.files) for one in authors}
        assert sum(messages for messages, _ in counts.values()) == 180
        assert authors[0].name == "Shop"
        assert likely_ours(authors) == ("Shop",)
        missing = compute(engine, ("next_reply_median",)).values
        assert missing[0].value is None
    space.together.set_authors(Authors(ours=OURS))
    checked(space, chats, OURS)
    # Told anew, nothing of what was made before is taken for it.
    space.together.set_authors(Authors(ours=("kim",)))
    assert answers(space)["frt_median"].value != pytest.approx(0)
    first, _ = slow(chats, ("Kim",))
    assert answers(space)["conversations"].value >= len(first)


def test_a_telegram_export_of_many_chats(tmp_path: Path):
    chats = {"Pat": chat(4, "Pat", bot="HelpBot"), "Ким": chat(5, "Ким", bot="HelpBot")}
    path = tmp_path / "result.json"
    path.write_text(telegram(chats), encoding="utf-8")
    space = Workspace(tmp_path / "space")
    space.add(path, path.name)
    space.together.set_authors(Authors(ours=("Shop",), bots=("HelpBot",)))
    checked(space, list(chats.values()), ("Shop",), ("HelpBot",))
    # Kept with the data, and read again.
    again = Workspace(tmp_path / "space")
    assert again.together.choices.authors == Authors(("Shop",), ("HelpBot",))
    with again.engine() as engine:
        by = compute(engine, ("conversations",), by=("agent",), filters=Filters()).values
        # Who was never answered has no agent: a client is none.
        assert {one.group["agent"] for one in by} == {"Shop", None}


def test_names_are_one_whatever_their_case_and_guesses_need_several_files():
    assert likely_ours(()) == ()
    every = (Author("Shop", 5, 2), Author("Anna", 3, 2))
    assert likely_ours(every) == ()
    assert likely_ours((*every[:1], Author("Anna", 3, 1))) == ("Shop",)


def test_a_log_of_messages_neither_stays_open_nor_leaves_its_scores_out(tmp_path: Path):
    """It tells of no resolution and asks for no score: only tickets, as alone, count there."""
    lines = ["Ticket ID,Created at,Solved at,Satisfaction score"]
    for number in range(8):
        solved = f"2026-04-{number + 1:02} {10 + number}:00" if number < 6 else ""
        lines.append(f"T-{number},2026-04-{number + 1:02} 09:00,{solved},{'5' * (number < 2)}")
    log = ["Conversation ID,Sent at,Author type,Author,Text"]
    for number in range(20):
        for minute, who in ((0, "client"), (5, "agent")):
            log.append(f"C-{number},2026-04-01 10:{minute:02}:00,{who},{who},text")
    space, found = Workspace(tmp_path / "space"), []
    for name, rows in (("tickets.csv", lines), ("messages.csv", log)):
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n")
        space.add(path, name)
        found.append(answers(space))
    alone, both = found
    assert both["conversations"].value == 28
    # Four of eight are solved within 4 h, so that half of all are.
    median, rate = both["resolution_km_median"], both["survey_response_rate"]
    assert (median.value, median.n) == (4 * 3600, 8)
    assert rate.components == {"x": 2, "n": 8}
    for one in (median, rate):
        assert (one.value, one.low, one.high) == (
            alone[one.metric].value,
            alone[one.metric].low,
            alone[one.metric].high,
        )


def test_a_chat_of_several_clients_is_a_group(tmp_path):
    space = Workspace(tmp_path / "home")
    for name, clients in (("one.txt", ("Kim",)), ("group.txt", ("Kim", "Lee"))):
        messages = [one for seed, who in enumerate(clients) for one in chat(seed, who)]
        path = tmp_path / f"WhatsApp {name}"
        path.write_text(android_en(sorted(messages)), encoding="utf-8")
        space.add(path, path.name)
    ids = {item.table.file_name: item.id for item in space.datasets()}
    with space.engine() as engine:
        assert group_chats(engine) == ()  # nobody told yet who is ours
    space.together.set_authors(Authors(ours=("shop ",)))
    with space.engine() as engine:
        assert group_chats(engine) == (ids["WhatsApp group.txt"],)
    space.together.set_authors(Authors(ours=("Shop", "Lee")))
    with space.engine() as engine:
        assert group_chats(engine) == ()
