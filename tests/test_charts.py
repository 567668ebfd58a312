"""Claims about the pictures: what they draw, for whom, and that colour never says it alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tiny_shop import BUSY_UNTIL_FIVE, known_demand

from hoursopt import charts
from hoursopt.charts.demand import INK, demand_rows
from hoursopt.charts.palette import DARK, LIGHT, Palette
from hoursopt.charts.roster import people_of_day, staff_rows
from hoursopt.demand.model import EVIDENCE
from hoursopt.evaluate import Shift, StaffedWeek
from hoursopt.hours import Grid, parse_hours
from hoursopt.i18n import Texts
from hoursopt.plan import Edge, Estimate

EN = Texts("en")
CURVES = known_demand(*BUSY_UNTIL_FIVE).curves("year")
HALF_HOURS = Grid(30, 8 * 60, 20 * 60)


def test_less_known_is_less_ink() -> None:
    rows = demand_rows(CURVES, CURVES.walk_in, EN)
    inked = ((rows["bottom"] - rows["top"]) / CURVES.grid.slot_minutes).groupby(rows["evidence"])
    assert [INK[kind] for kind in EVIDENCE] == sorted(INK.values(), reverse=True)
    assert {str(kind): share.round(9).unique().tolist() for kind, share in inked} == {
        kind: [INK[kind]] for kind in ("open", "neighbour", "none")
    }


def test_every_slot_of_the_week_is_told_once_in_customers_an_hour() -> None:
    rows = demand_rows(CURVES, CURVES.walk_in, EN)
    assert len(rows) == 7 * CURVES.grid.size == len(rows["when"].unique())
    expected = CURVES.walk_in.mean / CURVES.grid.slot_hours
    assert rows["rate"].to_numpy() == pytest.approx(expected.ravel())
    assert rows["when"].iloc[0] == "Mon 08:00–09:00"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pictures_are_valid_in_every_language_and_theme(language: str, dark: bool) -> None:
    t = Texts(language)
    hours = parse_hours("Mo-Fr 10:00-14:00").days
    week = StaffedWeek(hours, (Shift(0, "owner", 1, 2, 6, break_first=4),))
    edges = [edge_of(0, 3.0), edge_of(1, -2.0, is_open=False)]
    for picture in (
        charts.demand_week(CURVES, CURVES.walk_in, t, today=hours, best=hours, dark=dark),
        charts.day_curve(CURVES, CURVES.walk_in, 0, t, today=hours[0], dark=dark),
        charts.staff_week(week, ["owner"], {"owner": 1}, CURVES.grid, t, dark=dark),
        charts.edge_worth(edges, t, "EUR", dark=dark),
    ):
        assert picture.to_dict()["layer"]


def test_a_closed_week_can_be_drawn() -> None:
    shut = StaffedWeek(((),) * 7, ())
    assert charts.staff_week(shut, ["owner"], {"owner": 0}, CURVES.grid, EN).to_dict()
    flat = charts.demand_week(CURVES, CURVES.walk_in, EN, today=shut.hours, best=shut.hours)
    assert len(flat.to_dict()["layer"]) == 1


def test_both_openings_are_drawn_in_unlike_lines() -> None:
    hours = parse_hours("Mo 10:00-14:00").days
    layers = charts.demand_week(CURVES, CURVES.walk_in, EN, today=hours, best=hours).to_dict()[
        "layer"
    ][1:]
    dashes = [tuple(layer["mark"]["strokeDash"]) for layer in layers]
    assert dashes == [(1, 0), (1, 0), (1, 0), (5, 4)]
    assert layers[1]["mark"]["strokeWidth"] > layers[3]["mark"]["strokeWidth"]


def test_a_break_is_a_gap_in_the_bar() -> None:
    week = StaffedWeek(parse_hours("Mo 09:00-18:00").days, (Shift(0, "a", 1, 2, 20, 10),))
    rows = staff_rows(week, ["a"], {"a": 1}, HALF_HOURS, EN)
    assert list(zip(rows["top"], rows["bottom"], strict=True)) == [
        (9 * 60, 13 * 60),
        (13 * 60 + 30, 18 * 60),
    ]
    assert rows["initial"].tolist() == ["A", ""]


def test_a_person_works_one_shift_at_a_time() -> None:
    shifts = (Shift(0, "a", 2, 0, 8), Shift(0, "a", 1, 8, 12), Shift(0, "b", 1, 2, 6))
    people = people_of_day(StaffedWeek(((),) * 7, shifts), 0, ["b", "a"])
    assert [[shift.staff for shift in own] for own in people] == [["b"], ["a", "a"], ["a"]]
    for own in people:
        assert all(a.last <= b.first for a, b in pairwise(own))


def test_lanes_of_a_day_stay_within_it() -> None:
    shifts = tuple(Shift(day, "a", 4, 0, 8) for day in range(7))
    rows = staff_rows(StaffedWeek(((),) * 7, shifts), ["a"], {"a": 0}, HALF_HOURS, EN)
    day = np.floor(rows["left"])
    assert (rows["right"] <= day + 1).all()
    assert len(rows) == 28


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_ramp_is_told_apart_by_lightness_alone(palette: Palette) -> None:
    lightness = np.cbrt([luminance(colour) for colour in palette.ramp])
    on_dark = luminance(palette.ground) < 0.5
    assert (np.diff(lightness) * (1 if on_dark else -1) > 0.06).all()
    assert contrast(palette.accent, palette.ground) > 3
    assert contrast(palette.quiet, palette.ground) > 4.5


def edge_of(weekday: int, worth: float, *, is_open: bool = True) -> Edge:
    estimate = Estimate(worth, worth - 1, worth + 1)
    return Edge("year", weekday, 600, 660, is_open, estimate, 1.0, 0.5, 0.1, "open")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
