"""What is believed of hours that nobody saw, from how trade stands at the edges of the day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from town import make_town

from hoursopt.demand import fit_demand
from hoursopt.demand.evidence import edge_falls, fading, profile_alone, stray
from hoursopt.demand.terms import Cells, correlation
from hoursopt.demand.witness import RATIO_HOURS, fewer_buy_early, fewer_buy_late
from hoursopt.shop import Diversion

HOURS = 15
OPEN = slice(3, 10)


def _day(*rates: float) -> np.ndarray:
    """(1, H) rates of the seven hours of one kind of days, 0 elsewhere."""
    row = np.zeros((1, HOURS))
    row[0, OPEN] = rates
    return row


def _exposure(days: float) -> np.ndarray:
    return np.where(_day(*[1.0] * 7) > 0, days, 0.0)


def _believed(*rates: float, days: float = 500.0) -> np.ndarray:
    """(H,) factors against the last hour of trade."""
    log = profile_alone(days * _day(*rates), _exposure(days), Diversion(), 1.0)
    return np.exp(log - log[OPEN][-1])


def test_what_falls_towards_closing_goes_on_falling() -> None:
    level, steep = _believed(8, 8, 8, 8, 8, 8, 8), _believed(8, 8, 8, 8, 8, 8, 4)
    assert steep[10] < 0.7 * level[10]
    assert steep[11] < 0.55 * level[11]


def test_what_rises_towards_closing_does_not_go_on_rising() -> None:
    level, rising = _believed(8, 8, 8, 8, 8, 8, 8), _believed(8, 8, 8, 8, 8, 8, 16)
    assert rising[10:] == pytest.approx(level[10:], rel=0.02)


def test_what_falls_towards_opening_goes_on_falling() -> None:
    level, steep = fading(_exposure(1)[0] > 0, 1.0), fading(_exposure(1)[0] > 0, 1.0, (-0.7, 0.0))
    assert np.all(steep[:3] < level[:3] - 0.2)
    assert steep[3:] == pytest.approx(level[3:])


def _ranges() -> np.ndarray:
    """(2, H) ends of the 80 % range of a shop as busy in each of its hours, against these."""
    own = _exposure(1)[0] > 0
    covariance = stray(np.arange(8.0, 8.0 + HOURS), own, np.zeros(HOURS, dtype=bool), 0.5)
    known = covariance[:, own] @ np.linalg.inv(covariance[np.ix_(own, own)])
    left = np.sqrt(np.maximum(np.diag(covariance - known @ covariance[own]), 0))
    middle = np.log(_believed(*[8.0] * 7, days=5000.0))
    ends: np.ndarray = np.exp(middle + np.outer([-1.2816, 1.2816], left))
    return ends


def test_the_hour_before_opening_may_be_as_dead_as_real_ones_or_as_busy_as_the_first() -> None:
    """Trades are asked for .05 to .18 before they open; cut in their morning they have up to .95"""
    low, high = _ranges()
    assert low[2] < 0.18 < 0.85 < high[2] < 1.15
    assert low[1] < 0.1 and high[1] < 1.0


def test_the_hour_after_closing_is_better_known_than_the_one_before_opening() -> None:
    low, high = _ranges()
    assert high[10] / low[10] < 3.2 < 6 < high[2] / low[2]


def test_half_hours_before_opening_stray_as_hours_do() -> None:
    hours, halves = (np.arange(8.0, 16.0, step) for step in (1.0, 0.5))
    nobody = [np.zeros(clock.size, dtype=bool) for clock in (hours, halves)]
    whole = stray(hours, hours >= 10, nobody[0], 0.5)
    half = stray(halves, halves >= 10, nobody[1], 0.5)
    assert half[::2, ::2] == pytest.approx(whole)


def test_the_fall_of_a_handful_of_customers_tells_little() -> None:
    many, few = (
        edge_falls(days * _day(8, 8, 8, 8, 8, 8, 4), _exposure(days), 1.0)[1]
        for days in (500.0, 0.5)
    )
    assert many == pytest.approx(np.log(0.5), abs=0.02)
    assert 0 > few > many / 2


def test_days_that_close_late_are_compared_with_themselves_only() -> None:
    """Fridays are busy and open longest: their last hour is no rise of all days' hour before."""
    counts = np.vstack([_day(8, 8, 8, 8, 8, 8, 0), _day(40, 40, 40, 40, 40, 40, 20)])
    exposure = np.where(counts > 0, 1.0, 0.0)
    assert edge_falls(100 * counts, 100 * exposure, 1.0)[1] == pytest.approx(np.log(0.5), abs=0.02)


def test_a_shop_open_for_one_hour_has_no_edge_that_falls() -> None:
    counts = np.zeros((1, HOURS))
    counts[0, 5] = 100.0
    assert edge_falls(counts, np.where(counts > 0, 10.0, 0.0), 1.0) == (0.0, 0.0)


def test_a_street_leaves_the_second_hour_after_closing_wide_open() -> None:
    """A till strays further from its street than two counters of one street from each other."""
    town = make_town("Mo-Fr 10:00-17:00", orders=False, days=364)
    band = fit_demand(town.observations, town.shop).curves("rest").walk_in
    grid = town.shop.grid
    second = [grid.start(slot) for slot in range(grid.size)].index(18 * 60)
    assert band.high[0, second] / band.low[0, second] > 2.7


def test_after_closing_the_expectation_and_not_the_median_keeps_to_the_street() -> None:
    """Half the variance that the drift leaves open is taken off, and nothing before opening."""
    cells = Cells(1, np.arange(7.0, 22.0))
    own = np.zeros(15, dtype=bool)
    own[OPEN] = True
    fewer = fewer_buy_late(cells, own, 0.5).reshape(7, 15)
    assert np.all(fewer[:, :10] == 0)
    assert np.all(np.diff(fewer[0, 9:]) > 0)
    assert fewer.max() < 0.5**2 / 2
    spread = 0.5**2 * (1 - correlation(2.0, RATIO_HOURS) ** 2)
    assert fewer[3, 11] == pytest.approx(spread / 2)


def test_before_opening_ever_fewer_of_those_who_pass_are_customers() -> None:
    hours, halves = (Cells(1, np.arange(7.0, 17.0, step)) for step in (1.0, 0.5))
    early = fewer_buy_early(hours, hours.hours >= 13).reshape(7, 10)
    assert np.all(early[:, 6:] == 0)
    assert np.all(np.diff(early[0, :7]) < 0)
    assert early[2, 5] == pytest.approx(0.1)
    assert early[0, 0] - early[0, 1] == pytest.approx(0.25)  # beyond what was measured as there
    half = fewer_buy_early(halves, halves.hours >= 13).reshape(7, 20)
    assert half[:, ::2] == pytest.approx(early)


def test_a_street_of_commuters_makes_no_customers_long_before_opening() -> None:
    """The street is as busy at seven as at noon; the shop is believed to be less so."""
    town = make_town("Mo-Fr 12:00-17:00", orders=False, days=364)
    street = town.observations.channels["street"]
    grid = town.shop.grid
    noon = [grid.start(slot) for slot in range(grid.size)].index(12 * 60)
    counts = street.counts.copy()
    counts[:, :noon] = counts[:, noon : noon + 1]
    channels = {**town.observations.channels, "street": replace(street, counts=counts)}
    band = fit_demand(replace(town.observations, channels=channels), town.shop)
    walk_in = band.curves("rest").walk_in.mean[0]
    assert walk_in[noon - 4] < 0.75 * walk_in[noon]
    assert walk_in[noon - 1] > 0.75 * walk_in[noon]
