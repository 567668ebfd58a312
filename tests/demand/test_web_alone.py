"""A web shop as the only witness: it takes orders on days and at hours on which nobody walks."""

from __future__ import annotations

import numpy as np
import pytest
from town import Town, make_town

from hoursopt.demand import DemandModel, fit_demand

SUNDAY = 6


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town("Mo-Fr 10:00-17:00", street=False, days=364)


@pytest.fixture(scope="module")
def model(town: Town) -> DemandModel:
    return fit_demand(town.observations, town.shop)


def test_orders_are_no_evidence_of_a_weekday_that_was_never_open(model: DemandModel) -> None:
    evidence = model.curves("rest").evidence
    assert set(evidence[SUNDAY]) == {"none"}
    assert set(evidence[0]) == {"open", "witness"}


def test_a_day_that_was_never_open_is_believed_quieter_whatever_orders_come(
    model: DemandModel,
) -> None:
    band = model.curves("rest").walk_in
    sunday, weekdays = band.mean[SUNDAY].sum(), band.mean[:5].sum(axis=1).mean()
    assert sunday < 0.85 * weekdays
    assert band.high[SUNDAY].sum() / band.low[SUNDAY].sum() > 2.5


def test_an_evening_of_orders_makes_no_crowd_of_the_street(town: Town, model: DemandModel) -> None:
    """Orders peak at 20; customers fade from five on, and the range holds the truth."""
    band = model.curves("rest").walk_in
    truth = town.latent[1, 0]
    grid = town.shop.grid
    late = [slot for slot in range(grid.size) if grid.start(slot) >= 19 * 60]
    assert band.mean[0, late].sum() < 0.5 * band.mean[0].max() * len(late)
    inside = (band.low[0] <= truth) & (truth <= band.high[0])
    assert inside.mean() >= 0.6
    assert np.all(np.isfinite(band.mean))


def test_a_web_shop_narrows_the_range_of_a_far_evening_by_little(
    town: Town, model: DemandModel
) -> None:
    """Its customers have a clock of their own: what a till stays short of they do not tell."""
    alone = make_town("Mo-Fr 10:00-17:00", street=False, orders=False, days=364)
    both = [model.curves("rest").walk_in]
    both.append(fit_demand(alone.observations, alone.shop).curves("rest").walk_in)
    told, untold = (np.log(band.high[0] / band.low[0])[-2:].mean() for band in both)
    assert told > 0.65 * untold
