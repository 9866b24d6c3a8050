"""Writes the pages of docs/ that are made from declarations, in both languages.

Run `python -m scripts.documents` after adding a metric or a vendor; a test holds them current.
"""

from __future__ import annotations

from pathlib import Path

from crm_metrics.texts import LANGUAGES
from scripts import audit_page, exports_page, metrics_page

DOCS = Path(__file__).parent.parent / "docs"


def documents() -> dict[Path, str]:
    """Where each page lies and what it says."""
    made = {"metrics": metrics_page.page, "exports": exports_page.page, "audit": audit_page.page}
    return {
        DOCS / (f"{name}.md" if lang == "en" else f"{name}.{lang}.md"): page(lang)
        for name, page in made.items()
        for lang in LANGUAGES
    }


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
