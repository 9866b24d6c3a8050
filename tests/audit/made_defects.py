"""A made-up CRM with defects whose number is known, and the same without any.

What is spoilt is written as people, forms, phones' keyboards and spreadsheets spoil it, not as the
checks look for it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.audit.crm import Crm, lines_of
from tests.audit.made_people import MEN, WOMEN, latin, people, words

_JUNK = words(
    "тест|Тест Тестович|test lead 2|Клиент 48217|Новый контакт|qwe qwe|фывфыв|Имя Фамилия|asdasd"
    "|+7 916 240-18-55|petrov@mail.ru|Заявка с сайта|Гость|User 88213|111|......|Без имени|ааа"
    "|John Doe test|Покупатель Авито|Test|Входящий звонок|йцукен|Иван 2|ddd|ТЕСТ!!!|Клиент"
    "|www.romashka.ru|89162401855 Иван|New customer|тестовый заказ|Удалить|test test|фыва олдж",
    "|",
)
_NOBODYS = words(
    "+7 (999) 999-99-99|0000000000|+70000000000|89999999999|1111111|+7 900 000-00-00|1234567"
    "|8 800 555 55 55|+1 555 555 5555|+7 (123) 456-78-90|-|нет телефона|77777777777"
    "|8(000)000-00-00",
    "|",
)
_ROLES = words("info sales office buh zakaz support admin hr noreply director market marketing")
_BRIEF = words(
    "mailinator.com guerrillamail.com 10minutemail.com yopmail.com trashmail.com sharklasers.com"
    " temp-mail.org maildrop.cc getnada.com dispostable.com mintemail.com"
)
_USUAL = words(
    "mail.ru gmail.com yandex.ru rambler.ru hotmail.com yahoo.com outlook.com icloud.com"
)
_ENDS = {"ru": words("ri ry u tu"), "com": words("con cim co vom comm xom")}
_BLANK = (None, "", " ", "-", "нет", "n/a")
_SHORT = {
    "Александр": "Саша",
    "Алексей": "Лёша",
    "Дмитрий": "Дима",
    "Иван": "Ваня",
    "Мария": "Маша",
    "Михаил": "Миша",
    "Екатерина": "Катя",
    "Наталья": "Наташа",
    "Сергей": "Серёжа",
    "Анастасия": "Настя",
    "Владимир": "Вова",
    "Татьяна": "Таня",
    "Юлия": "Юля",
    "Ольга": "Оля",
    "Robert": "Bob",
    "William": "Bill",
    "James": "Jim",
    "Michael": "Mike",
    "Thomas": "Tom",
    "Elizabeth": "Liz",
    "Joseph": "Joe",
    "Daniel": "Dan",
    "Matthew": "Matt",
    "Susan": "Sue",
    "Christopher": "Chris",
    "Richard": "Rick",
    "Margaret": "Peggy",
    "Андрей": "Андрюха",
}
_LOOKS = dict(zip("аеорсух", "aeopcyx", strict=True)) | dict(zip("aeopcyx", "аеорсух", strict=True))
_NEAR = {
    "a": "s",
    "b": "v",
    "c": "v",
    "d": "f",
    "e": "r",
    "g": "h",
    "h": "j",
    "i": "o",
    "k": "l",
    "l": "k",
    "m": "n",
    "n": "m",
    "o": "p",
    "p": "o",
    "r": "t",
    "s": "a",
    "t": "y",
    "u": "i",
    "v": "b",
    "x": "c",
    "y": "t",
    "а": "п",
    "в": "а",
    "е": "н",
    "и": "м",
    "к": "у",
    "л": "д",
    "н": "г",
    "о": "л",
    "п": "р",
    "р": "о",
    "с": "м",
    "т": "и",
    "у": "к",
    "ш": "щ",
    "ы": "в",
    "м": "с",
    "д": "л",
    "г": "н",
}


def made_crm(contacts: int, seed: int, *, clean: bool = False) -> Crm:
    """So many contacts (copies are added), seeded; `clean` without any defect."""
    base = people(contacts, seed)
    random = np.random.default_rng(seed + 1)
    if clean:
        return Crm({"contacts": _columns(base)}, {}, np.arange(contacts))
    maker = _Spoiler(base, random)
    maker.spoil()
    return maker.crm()


def slip(random: np.random.Generator, text: str) -> str:
    """The text with one slip of the hand: a letter lost, doubled, swapped, or of a key beside."""
    place = int(random.integers(1, len(text) - 1))
    kind = random.integers(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    if kind == 2 and text[place] != text[place + 1]:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + _NEAR.get(text[place], "о") + text[place + 1 :]


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=["lang", "first", "last", "middle"])


class _Spoiler:
    """The defects, one after another, each in rows that no other has spoilt."""

    def __init__(self, base: pd.DataFrame, random: np.random.Generator) -> None:
        self.rows = base.copy()
        self.random = random
        self.free = list(random.permutation(len(base)))
        self.bad: dict[str, set[int]] = {}
        self.person = list(range(len(base)))
        self.copies: list[dict[str, object]] = []
        self.phone_of = base.phone.to_numpy(dtype=object).copy()
        self.mail_of = base.email.to_numpy(dtype=object).copy()

    def take(self, share: float) -> list[int]:
        count = max(int(len(self.rows) * share), 4)
        own, self.free = self.free[:count], self.free[count:]
        return own

    def put(
        self, check: str, column: str, share: float, make: Callable[[pd.Series], object]
    ) -> list[int]:
        """Write what `make` gives of a row into the column, in a share of the rows."""
        own = self.take(share)
        self.rows.loc[own, column] = pd.Series(
            [make(self.rows.loc[place]) for place in own], index=own, dtype=object
        )
        self.bad.setdefault(check, set()).update(own)
        return own

    def any_of(self, words: tuple[str | None, ...] | list[str]) -> str | None:
        return words[int(self.random.integers(len(words)))]

    def spoil(self) -> None:
        self.names()
        self.phones()
        self.emails()
        self.duplicates()

    def names(self) -> None:
        self.put("name_missing", "full_name", 0.01, lambda _: self.any_of(_BLANK))
        self.put("name_incomplete", "full_name", 0.02, lambda row: row["first"])
        self.put("name_junk", "full_name", 0.01, lambda _: self.any_of(_JUNK))
        self.put("name_case_script", "full_name", 0.01, lambda row: row.full_name.upper())
        self.put("name_case_script", "full_name", 0.01, self.other_script)

    def other_script(self, row: pd.Series) -> str:
        """One letter of the name typed while the keyboard was in the other language."""
        text = row.full_name
        places = [
            place
            for place, one in enumerate(text)
            if one in _LOOKS and place and text[place - 1].isalpha()
        ]
        place = places[int(self.random.integers(len(places)))]
        return text[:place] + _LOOKS[text[place]] + text[place + 1 :]

    def phones(self) -> None:
        lost = self.put("phone_missing", "phone", 0.02, lambda _: self.any_of(_BLANK))
        wrong = self.put("phone_invalid", "phone", 0.01, lambda row: row.phone[:-1])
        wrong += self.put("phone_invalid", "phone", 0.005, lambda row: row.phone + "1")
        wrong += self.put("phone_invalid", "phone", 0.005, self.by_excel)
        wrong += self.put("phone_placeholder", "phone", 0.01, lambda _: self.any_of(_NOBODYS))
        self.put("phone_not_e164", "phone", 0.1, self.written)
        self.phone_of[lost + wrong] = None
        for place in lost + wrong:
            # "-" and "нет" are blank to one check, and nobody's number to none.
            if self.rows.loc[place, "phone"] == "-":
                self.bad["phone_missing"].add(place)
                self.bad["phone_placeholder"].discard(place)

    def by_excel(self, row: pd.Series) -> str:
        digits = row.phone[1:]
        return f"{float(digits):.5E}".replace(".", self.any_of([".", ","]) or ".")

    def written(self, row: pd.Series) -> str:
        """A number as people write it in their own country, or abroad with spaces."""
        code, end = row.phone[-10:-7], row.phone[-7:]
        parts = f"{end[:3]}-{end[3:5]}-{end[5:]}"
        if row.phone.startswith("+7"):
            shapes = [f"8{code}{end}", f"8 ({code}) {parts}", f"7{code}{end}", f"+7 {code} {parts}"]
        else:
            local = f"({code}) {end[:3]}-{end[3:]}"
            shapes = [f"+1 {local}", f"1{code}{end}", local]
        return str(self.any_of(shapes))

    def emails(self) -> None:
        lost = self.put("email_missing", "email", 0.02, lambda _: self.any_of(_BLANK))
        wrong = self.put("email_invalid", "email", 0.01, self.no_address)
        self.put("email_typo_domain", "email", 0.01, self.slipped)
        roles = self.put("email_role", "email", 0.005, self.role)
        brief = self.put("email_disposable", "email", 0.005, self.brief)
        self.mail_of[lost + wrong] = None
        self.mail_of[roles + brief] = self.rows.loc[roles + brief, "email"]
        both = self.take(0.005)
        for column in ("email", "phone"):
            self.rows.loc[both, column] = None
            self.bad[f"{column}_missing"].update(both)
        self.phone_of[both] = self.mail_of[both] = None
        self.bad["channel_unreachable"] = set(both)

    def no_address(self, row: pd.Series) -> str:
        local, _, home = row.email.partition("@")
        shapes = [
            f"{local}{home}", f"{local}@@{home}", f"{local}@{home.replace('.', ',')}", f"{local}@",
            f"{local}@{home.partition('.')[0]}", f"{local} @{home}.", f"{local}..@{home}",
            "нет почты", f"{local}@{home}1",
            f"{local}@{home}; {local}2@{home}", f"{local.replace('a', 'а', 1)}а@{home}",
        ]  # fmt: skip
        return str(self.any_of(shapes))

    def slipped(self, row: pd.Series) -> str:
        local, _, _ = row.email.partition("@")
        home = str(self.any_of(_USUAL))
        name, _, ending = home.rpartition(".")
        if self.random.random() < 0.3:
            return f"{local}@{name}.{self.any_of(_ENDS[ending])}"
        other = slip(self.random, name)
        return (
            f"{local}@{other}.{ending}" if other != name else f"{local}@{name}{name[-1]}.{ending}"
        )

    def role(self, row: pd.Series) -> str:
        return f"{self.any_of(_ROLES)}@{latin(row['last']).lower()}{row.name}.ru"

    def brief(self, row: pd.Series) -> str:
        return f"{row.email.partition('@')[0]}@{self.any_of(_BRIEF)}"

    def duplicates(self) -> None:
        for place in self.take(0.02):
            self.again(place, email=self.same_mail(self.rows.email[place]), phone=None)
        kinds = (
            self.translated, self.short, self.swapped, self.mistyped, self.without_middle,
            self.looking_alike, self.with_initial, self.mail_mistyped, self.at_work,
        )  # fmt: skip
        for number, place in enumerate(self.take(0.04)):
            kinds[number % len(kinds)](place)
        self.families()

    def again(self, place: int, **cells: object) -> None:
        """Another record of the same person, entered later and filled less."""
        row = self.rows.loc[place].to_dict() | {"source": None, "owner": None} | cells
        row["created_at"] = row["created_at"] + pd.Timedelta(days=30)
        self.copies.append(row)
        self.person.append(place)
        mail = self.mail_of[place] if "email" not in cells or cells["email"] else None
        phone = self.phone_of[place] if "phone" not in cells or cells["phone"] else None
        self.mail_of = np.append(self.mail_of, mail)
        self.phone_of = np.append(self.phone_of, phone)

    def same_mail(self, email: str) -> str:
        local, _, home = email.partition("@")
        if home == "gmail.com" and self.random.random() < 0.5:
            return f"{local.replace('.', '')}@googlemail.com"
        return f" {email.upper()}" if self.random.random() < 0.5 else email

    def rewritten(self, place: int) -> str:
        return self.written(self.rows.loc[place])

    def translated(self, place: int) -> None:
        row = self.rows.loc[place]
        name = latin(f"{row['first']} {row['last']}")
        self.again(place, full_name=name, email=None, phone=self.rewritten(place))

    def short(self, place: int) -> None:
        row = self.rows.loc[place]
        name = f"{_SHORT.get(row['first'], row['first'])} {row['last']}"
        self.again(place, full_name=name, email=None, phone=self.rewritten(place))

    def swapped(self, place: int) -> None:
        row = self.rows.loc[place]
        name = " ".join(reversed(row.full_name.split(" ")[:2]))
        self.again(place, full_name=name, email=None, phone=self.rewritten(place))

    def mistyped(self, place: int) -> None:
        row = self.rows.loc[place]
        name = f"{slip(self.random, row['last'])} {row['first']}"
        self.again(place, full_name=name, email=None, phone=self.rewritten(place))

    def without_middle(self, place: int) -> None:
        row = self.rows.loc[place]
        home = self.rows.email[place].partition("@")[0] + "@inbox.ru"
        self.again(place, full_name=f"{row['last']} {row['first']}", email=home, phone=row.phone)
        self.mail_of[-1] = home

    def looking_alike(self, place: int) -> None:
        self.again(
            place, full_name=self.other_script(self.rows.loc[place]), email=None,
            phone=self.rewritten(place),
        )  # fmt: skip

    def with_initial(self, place: int) -> None:
        row = self.rows.loc[place]
        name = f"{row['last']} {row['first'][0]}."
        self.again(place, full_name=name, email=None, phone=self.rewritten(place))
        self.bad.setdefault("name_incomplete", set()).add(len(self.person) - 1)

    def mail_mistyped(self, place: int) -> None:
        local = self.rows.email[place].partition("@")[0]
        self.rows.loc[place, "email"] = f"{local}@gmail.com"
        self.mail_of[place] = f"{local}@gmail.com"
        self.again(place, email=f"{local}@gmial.com", phone=None)
        self.mail_of[-1] = f"{local}@gmial.com"
        self.bad["email_typo_domain"].add(len(self.person) - 1)

    def at_work(self, place: int) -> None:
        """Another colleague entered the same person with the company alone."""
        if self.rows.company[place] is None or pd.isna(self.rows.company[place]):
            self.rows.loc[place, "company"] = f"ООО Завод {place}"
        row = self.rows.loc[place]
        name = f"{_SHORT.get(row['first'], row['first'])} {row['last']}"
        company = row.company.replace("ООО ", "").upper()
        self.again(place, full_name=name, email=None, phone=None, company=company)

    def families(self) -> None:
        """Two who live together and gave one phone: they are no duplicates."""
        own = [place for place in self.take(0.02) if self.rows.lang[place] == "ru"]
        for one, other in zip(own[::2], own[1::2], strict=False):
            last = self.rows.loc[one, "last"].removesuffix("а")
            names = MEN if self.random.random() < 0.5 else WOMEN
            own_name = self.rows.loc[one, "first"]
            first = str(self.any_of([name for name in names if name != own_name]))
            last += "а" * (first in WOMEN)
            cells = [first, last, f"{last} {first}"]
            self.rows.loc[other, ["first", "last", "full_name"]] = cells
            for column in ("phone", "city", "country"):
                self.rows.loc[other, column] = self.rows.loc[one, column]
            self.phone_of[other] = self.phone_of[one]

    def crm(self) -> Crm:
        rows = pd.concat([self.rows, pd.DataFrame(self.copies)], ignore_index=True)
        bad = {check: set(places) for check, places in self.bad.items()}
        copies = range(len(self.rows), len(rows))
        # Copies are written in other ways too: what that spoils is counted with the rest.
        for place in copies:
            phone = rows.phone[place]
            if isinstance(phone, str) and (" " in phone or not phone.startswith("+")):
                bad["phone_not_e164"].add(place)
            if pd.isna(rows.phone[place]):
                bad["phone_missing"].add(place)
            if pd.isna(rows.email[place]):
                bad["email_missing"].add(place)
            if pd.isna(rows.phone[place]) and pd.isna(rows.email[place]):
                bad["channel_unreachable"].add(place)
            name = rows.full_name[place]
            if isinstance(name, str) and any(_mixed(word) for word in name.split()):
                bad["name_case_script"].add(place)
        for check, keys in (("dup_exact_email", self.mail_of), ("dup_exact_phone", self.phone_of)):
            column = pd.Series(keys)
            bad[check] = set(column.index[column.notna() & column.duplicated(keep=False)])
        lines = {(check, "contacts"): lines_of(places) for check, places in bad.items()}
        return Crm({"contacts": _columns(rows)}, lines, np.array(self.person))


def _mixed(word: str) -> bool:
    letters = word.lower()
    return any("а" <= one <= "я" for one in letters) and any("a" <= one <= "z" for one in letters)
