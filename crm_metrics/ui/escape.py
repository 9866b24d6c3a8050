"""One way for a user's text into markdown: nothing in it is read as markup."""

from __future__ import annotations

import re

# Streamlit's markdown gives meaning to these beside CommonMark's own: $..$ is a formula, :red[..]
# and :material/..: are directives, bare addresses become links, <..> is HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:@&=\-])")
_BREAKS = re.compile(r"[\r\n\t\u2028\u2029]+")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])")
# Escaped or not, addresses of pages and of mail become links in Streamlit's markdown: a zero-width
# joiner inside stops that.
_LINKED = re.compile(r"\bhttps?\\:|\bwww(?=\.)|(?<=\w)\\@(?=\w)", re.IGNORECASE)


def esc(text: object, *, limit: int | None = None) -> str:
    """A user's string for markdown and widget labels, on one line, cut to `limit` characters."""
    line = _BREAKS.sub(" ", str(text))
    if limit is not None and len(line) > limit:
        line = line[: max(limit - 1, 0)].rstrip() + "…"
    line = _SPECIAL.sub(r"\\\1", line)
    return _LINKED.sub("\\g<0>\u200d", _NUMBERED.sub(r"\1\\\2", line))
