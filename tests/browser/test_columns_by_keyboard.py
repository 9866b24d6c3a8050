"""The Columns page without a mouse: an unknown file is mapped by few keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm_metrics.store import Workspace
from crm_metrics.texts import t
from scripts.browser import open_page, settled
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser

# What a person types for a column, and the field that comes first then.
TYPED = {
    "campaign_id": "id камп",
    "campaign_name": "кампания",
    "sent_at": "дата отпр",
    "sent": "отправлено",
    "delivered": "доставлено",
    "bounces_hard": "hard bounce",
    "bounces_soft": "soft bounce",
    "opens_unique": "opened",
    "opens_total": "всего откр",
    "clicks_unique": "clicked",
    "clicks_total": "всего клик",
    "unsubscribes": "отписки",
    "complaints": "жалобы",
    "replies": "ответы",
    "forwards": "пересылки",
    "orders": "заказы",
    "revenue": "выручка",
    "cost": "расходы",
    "segment": "сегмент",
    "variant": "вариант",
    "channel": "канал",
}
COLUMNS = 25
MOST_KEYS = 300
"""A minute for a person who types five keys a second."""
FOCUS = """() => {
  const held = document.activeElement, keyed = held.closest('[class*=st-key-]')
  const key = keyed && [...keyed.classList].find(name => name.startsWith('st-key-'))
  return key ? key.slice(7) : held.tagName
}"""
NAMED = """([key, name]) => document.querySelector(`.st-key-${key} input`).value === name"""
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def unknown_file() -> str:
    """Twenty-five columns whose names say nothing in any language."""
    texts = {"campaign_name": "Весна {}", "segment": "Новички", "variant": "AB"}
    lines = [";".join(f"k{place:02}" for place in range(COLUMNS))]
    for row in range(1, 31):
        cells = []
        for place, field in enumerate([*TYPED, *[""] * (COLUMNS - len(TYPED))]):
            if field == "sent_at":
                cells.append(f"{row % 28 + 1:02}.0{row % 9 + 1}.2025")
            elif field == "channel":
                cells.append("Смска" if row % 3 else "Почта")
            else:
                cells.append(texts.get(field, str(place * 100 + row)).format(row))
        lines.append(";".join(cells))
    return "\n".join(lines) + "\n"


def tab_to(page: Page, key: str, *, tag: str = "") -> int:
    """Press Tab until the focus is in the widget with this key, on an element of this kind.

    Gives how often it was pressed.
    """
    settled(page)
    page.locator(f"[class*=st-key-{key}]").first.wait_for()
    for pressed in range(1, 81):
        page.keyboard.press("Tab")
        on = page.evaluate("() => document.activeElement.tagName")
        if page.evaluate(FOCUS).startswith(key) and tag in ("", on):
            return pressed
    raise AssertionError(key)


def test_an_unknown_file_is_mapped_by_keyboard_alone(app, visit, tmp_path):
    path = tmp_path / "unknown.csv"
    path.write_text(unknown_file(), encoding="utf-8")
    (dataset,) = Workspace(app.home).add(path, "unknown.csv")
    page = visit(f"{app.address}/columns?lang=ru")

    keys = tab_to(page, "grain_")
    grain = t("grain.campaigns.name", "ru")
    page.keyboard.type(grain)
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate(FOCUS).startswith("grain_")
    keys += len(grain) + 1 + tab_to(page, f"doubt_field_{dataset.id}_0")
    for place, (field, typed) in enumerate(TYPED.items()):
        here = f"doubt_field_{dataset.id}_{place}"
        assert page.evaluate(FOCUS) == here
        before = page.evaluate(SCROLLED)
        page.keyboard.type(typed)
        # A person presses Enter on what is seen to be marked.
        name = t(f"field.{field}.name", "ru")
        page.get_by_role("option", name=name).first.wait_for()
        page.keyboard.press("Enter")
        # The field's name alone stands there as soon as the choice has drawn the page anew.
        page.wait_for_function(NAMED, arg=[here, name])
        assert page.evaluate(FOCUS) == here
        assert abs(page.evaluate(SCROLLED) - before) < 150
        page.keyboard.press("Tab")
        keys += len(typed) + 2
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(t("columns.applied", "ru")).first).to_be_visible()
    assert keys <= MOST_KEYS
    mapped = Workspace(app.home).dataset(dataset.id)
    assert mapped.facts is not None
    assert [item.field for item in mapped.mapping.columns[: len(TYPED)]] == list(TYPED)
    assert not any(item.field for item in mapped.mapping.columns[len(TYPED) :])

    # A word that means nothing by itself is given its meaning, and nothing of ours offends axe.
    open_page(page, f"{app.address}/columns?lang=ru")
    assert found(page) == {}
    channel = list(TYPED).index("channel")
    tab_to(page, f"values_{dataset.id}_{channel}", tag="CANVAS")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    cell = page.locator("[id^=gdg-overlay]")
    cell.locator("input").wait_for()
    page.keyboard.type("sms")
    cell.get_by_text("SMS").first.wait_for()
    page.keyboard.press("Enter")
    page.locator(".st-key-undo").wait_for()
    # In the table this shortcut belongs to the table.
    tab_to(page, "apply")
    page.keyboard.press("Enter")
    expect(page.get_by_text(t("columns.applied", "ru")).first).to_be_visible()
    values = Workspace(app.home).dataset(dataset.id).mapping.columns[channel].values
    assert values["смска"] == "sms"
