"""People of several files: once where the files tell them apart alike, else an upper bound."""

from __future__ import annotations

import pandas as pd

from crm_metrics.metrics import compute
from tests.metrics.stand_in import FrameEngine

DAY = pd.Timestamp("2026-05-04")


def people(name: str, channel: str, **columns: list[str | None]) -> pd.DataFrame:
    made = pd.DataFrame(columns)
    return made.assign(date=DAY, channel=channel, delivered=True, clicked=True, __dataset=name)


def reached(*files: pd.DataFrame, by: tuple[str, ...] = ()) -> list:
    engine = FrameEngine(recipients=pd.concat(files, ignore_index=True))
    return list(compute(engine, ["people_reached"], by=by).values)


def test_people_by_id_in_one_file_and_by_mail_in_another_are_an_upper_bound():
    ids = people("ids", "sms", customer_id=["1", "2", "1"])
    mails = people("mails", "email", email=["a@a.ru", "b@a.ru"])
    (value,) = reached(ids, mails)
    assert (value.value, "upper_bound" in value.flags) == (4, True)
    assert not [flag for flag in value.flags if flag.startswith("counted_by")]
    # Within a channel all come from one file.
    apart = reached(ids, mails, by=("channel",))
    assert {v.group["channel"]: (v.value, v.flags) for v in apart} == {
        "email": (2, ()), "sms": (2, ()),
    }  # fmt: skip


def test_files_that_share_a_key_are_no_doubt():
    one = people("one", "sms", customer_id=["1", "2"], email=["a@a.ru", "b@a.ru"])
    two = people("two", "email", customer_id=["2", "3"], email=[None, None])
    (value,) = reached(one, two)
    assert (value.value, value.flags) == (3, ())
