"""Stages passed in the wrong order or left out, and titles that speak of another kind."""

from __future__ import annotations

import pandas as pd

from tests.audit.made import audited, found, lines


def test_stages_passed_backwards_or_skipped():
    frame = pd.DataFrame(
        {
            "deal_id": ["1", "2", "3", "4", "5"],
            "status": ["open", "open", "open", "won", "lost"],
            "stage": ["Trial", "Trial", "Talk", "Won", "Lost"],
            "created_at": ["2026-01-01"] * 5,
            "closed_at": [None, None, None, "2026-03-01", "2026-03-01"],
        }
    )
    log = pd.DataFrame(
        [
            ("1", "Talk", "2026-01-02"),
            ("1", "Trial", "2026-01-09"),
            ("2", "Talk", "2026-02-10"),
            ("2", "Trial", "2026-02-09"),
            ("3", "Talk", "2026-01-02"),
            ("4", "Trial", "2026-03-20"),
        ],
        columns=["object_id", "result", "ts"],
    ).assign(activity_type="edit")
    told = audited("stage_backwards stage_skipped", deals=frame, activities=log)
    assert found(told) == {"stage_backwards deals": (1, 4), "stage_skipped deals": (1, 4)}
    assert lines(told, "stage_backwards") == [3]
    assert lines(told, "stage_skipped") == [5]
    bare = audited("stage_backwards", deals=frame)
    assert [one.reason for one in bare.not_run] == ["nothing"]


def test_each_pipeline_has_stages_of_its_own_and_a_return_is_one_though_the_log_began_well():
    frame = pd.DataFrame(
        {
            "deal_id": ["1", "2", "3", "4"],
            "pipeline": ["Sales", "Sales", "Tenders", "Tenders"],
            "status": "open",
            "stage": ["Talk", "Trial", "Award", "Bid"],
            "created_at": "2026-01-01",
        }
    )
    log = pd.DataFrame(
        [
            *(
                ("1", "Talk", "2026-01-02"),
                ("1", "Trial", "2026-01-09"),
                ("1", "Talk", "2026-01-20"),
            ),
            *(
                ("2", "Talk", "2026-01-02"),
                ("2", "Trial", "2026-01-03"),
                ("2", "Trial", "2026-01-05"),
            ),
            *(
                ("3", "Award", "2026-01-08"),
                ("4", "Bid", "2026-01-03"),
                ("4", "Award", "2026-01-04"),
            ),
        ],
        columns=["object_id", "result", "ts"],
    ).assign(activity_type="edit")
    told = audited("stage_backwards stage_skipped", deals=frame, activities=log)
    assert found(told) == {"stage_backwards deals": (1, 4), "stage_skipped deals": (1, 4)}
    assert lines(told, "stage_backwards") == [2]
    assert lines(told, "stage_skipped") == [4]


def test_a_title_that_speaks_of_another_kind():
    frame = pd.DataFrame(
        {
            "title": [
                *("Монтаж окон, Иванов", "Доставка: ул. Мира", "Договор монтажа и доставки"),
                *("доставки (2)", "Без слов", "Перемонтаж"),
            ],
            "deal_type": ["Доставка", "доставка", "Монтаж", "Монтаж", "Монтаж", "Доставка"],
        }
    )
    told = audited("deal_misclassified", deals=frame)
    assert found(told) == {"deal_misclassified deals:deal_type": (2, 3)}
    shown = {row["line"]: row["suggestion"] for row in told.findings[0].examples}
    assert shown == {"2": "монтаж", "5": "доставка"}
