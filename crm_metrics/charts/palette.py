"""Colours with a meaning: one per channel, the same everywhere, each 3:1 on its ground."""

from __future__ import annotations

from typing import Final, Literal
from zlib import crc32

Ground = Literal["light", "dark"]

GROUNDS: Final[dict[Ground, str]] = {"light": "#FFFFFF", "dark": "#12151B"}

# A grey that passes 3:1 on both grounds: rules, averages, what is not clear.
NEUTRAL: Final = "#7C828D"

# Grey text beside a mark: small, so it passes 4.5:1.
NOTES: Final[dict[Ground, str]] = {"light": "#5C656D", "dark": "#A4ADB5"}

TONES: Final[dict[Ground, dict[str, str]]] = {
    "light": {"good": "#00785A", "bad": "#B3261E", "unclear": NEUTRAL, "accent": "#0B6E8F"},
    "dark": {"good": "#35C296", "bad": "#FF8A80", "unclear": NEUTRAL, "accent": "#5BB8D6"},
}

# From little to much in one hue; the least is still told from the ground.
HEAT: Final[dict[Ground, tuple[str, ...]]] = {
    "light": ("#D9E8F3", "#8FBFDF", "#3A87BD", "#00426B"),
    "dark": ("#1D3A4D", "#2B6A91", "#56A5D0", "#BFE3F7"),
}

# Light: Okabe-Ito darkened where it fails on white; dark: the same hues, lighter.
CHANNELS: Final[dict[Ground, dict[str, str]]] = {
    "light": {
        "email": "#0072B2",
        "sms": "#B86E00",
        "push": "#7E57C2",
        "messenger": "#00876C",
        "social": "#C2559D",
        "chat": "#1C8FA3",
        "phone": "#D55E00",
        "event": "#74801F",
        "ads": "#A6334B",
        "web": "#4F5BA6",
        "offline": "#7D6450",
    },
    "dark": {
        "email": "#56B4E9",
        "sms": "#E69F00",
        "push": "#B39DDB",
        "messenger": "#2FC79F",
        "social": "#E38BC4",
        "chat": "#5CD0E0",
        "phone": "#FF8A4C",
        "event": "#C0CA33",
        "ads": "#EF7F93",
        "web": "#98A4EC",
        "offline": "#C2A58E",
    },
}


def channel_color(channel: str | None, ground: Ground = "light") -> str:
    """The colour of a channel; grey where the data name none.

    A channel of the user's own takes a colour by its name, so that it keeps it on every chart.
    """
    known = CHANNELS[ground]
    if not channel:
        return NEUTRAL
    return known.get(channel) or list(known.values())[crc32(channel.encode()) % len(known)]


def series_colors(keys: list[str], ground: Ground = "light") -> dict[str, str]:
    """Colours for keys that are channels or anything else (arms, post types), in a fixed order.

    A channel has its own colour; other keys take, in their given order, the list of colours.
    """
    spare = [color for name, color in CHANNELS[ground].items() if name not in keys]
    others = [key for key in keys if key not in CHANNELS[ground]]
    taken = {key: spare[place % len(spare)] for place, key in enumerate(others)} if spare else {}
    return {key: CHANNELS[ground].get(key) or taken.get(key, NEUTRAL) for key in keys}


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
