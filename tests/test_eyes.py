"""The page's colours are told apart by every eye; the eyes are tried on published figures first."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from eyes import EYES, apart, seen

from hoursopt.charts.palette import DARK, LIGHT, Palette

# From the test data of Sharma, Wu and Dalal (2005), table 1.
PUBLISHED = (
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
)


@pytest.mark.parametrize(("one", "other", "distance"), PUBLISHED)
def test_distances_are_those_published(
    one: tuple[float, ...], other: tuple[float, ...], distance: float
) -> None:
    assert apart(np.array(one), np.array(other)) == pytest.approx(distance, abs=1e-4)


def test_a_dichromat_takes_for_one_what_others_tell_apart() -> None:
    red, green = "#b84a3c", "#8a7f2d"
    assert apart(seen(red), seen(green)) > 30
    assert apart(seen(red, "deuteranope"), seen(green, "deuteranope")) < 15


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_pages_colours_are_told_apart_by_every_eye(palette: Palette, eye: str) -> None:
    """Distances in CIEDE2000, where 1 is barely seen side by side."""

    def distance(one: str, other: str) -> float:
        return apart(seen(one, eye), seen(other, eye))

    assert min(distance(*pair) for pair in pairwise(palette.ramp)) > 8
    others = (*palette.ramp, palette.ground, palette.ink, palette.quiet)
    assert min(distance(palette.accent, other) for other in others) > 20
    assert min(distance(*pair) for pair in combinations(palette.groups, 2)) > 15
