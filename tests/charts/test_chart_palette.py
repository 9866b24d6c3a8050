from itertools import combinations

import pytest

from crm_metrics.charts import series_colors
from crm_metrics.charts.palette import (
    CHANNELS,
    GROUNDS,
    NEUTRAL,
    NOTES,
    TONES,
    channel_color,
    contrast,
)
from crm_metrics.schema import CHANNELS as KNOWN


def test_contrast_equals_the_published_examples():
    # WCAG 2.2: black on white is 21; #767676 is the lightest grey that passes 4.5 on white.
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#FFFFFF") < 4.5


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_mark_passes_three_to_one_on_its_ground(ground):
    marks = [*CHANNELS[ground].values(), *TONES[ground].values(), NEUTRAL]
    assert min(contrast(mark, GROUNDS[ground]) for mark in marks) >= 3
    assert contrast(NOTES[ground], GROUNDS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_channel_of_the_schema_has_its_own_colour(ground):
    assert set(CHANNELS[ground]) == set(KNOWN)
    assert len(set(CHANNELS[ground].values())) == len(KNOWN)
    assert channel_color(None, ground) == NEUTRAL


def test_a_channel_keeps_its_colour_whatever_stands_beside_it():
    for first, second in combinations(KNOWN, 2):
        assert series_colors([first, second])[first] == series_colors([first])[first]


def test_other_series_take_colours_that_no_shown_channel_has():
    colors = series_colors(["email", "A", "B"])
    assert len(set(colors.values())) == 3
    assert colors["email"] == channel_color("email")


def test_a_channel_of_ones_own_has_a_colour_and_keeps_it():
    assert channel_color("cellular") != channel_color("telephone")
    assert NEUTRAL not in (channel_color("cellular"), channel_color("telephone"))
    assert channel_color("cellular") == channel_color("cellular")
