"""After a trial the fit uses it by itself: hours that changed for six weeks are hours seen."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from town import Town, make_town

from hoursopt.demand import DemandModel, fit_demand
from hoursopt.hours import parse_hours
from hoursopt.observations import Channel, Observations
from hoursopt.shop import HoursInForce

SHORT, LONG = "Mo-Fr 10:00-16:00", "Mo-Fr 10:00-18:00"
TRIAL_DAYS = 42
TRIED = slice(9, 11)  # 16:00 to 18:00


@pytest.fixture(scope="module")
def town() -> Town:
    """Short hours for a third of a year; then six weeks of longer ones, and short ones again."""
    town = make_town(
        LONG, before=SHORT, days=2 * 126, street=False, orders=False, rate=10.0, seed=3
    )
    start = town.observations.dates[126]
    hours = (
        HoursInForce(parse_hours(SHORT)),
        HoursInForce(parse_hours(LONG), start),
        HoursInForce(parse_hours(SHORT), start + dt.timedelta(days=TRIAL_DAYS)),
    )
    shop = town.shop.replace(hours=hours)
    return Town(shop, until(town.observations, 126 + TRIAL_DAYS), town.latent, town.online)


def until(seen: Observations, days: int) -> Observations:
    """The first days of what was seen."""
    till = seen.channels["receipts"]
    parts = (till.counts, till.values, till.exposure, till.state, till.outside)
    channel = Channel(*(part[:days] for part in parts))
    return Observations(seen.grid, seen.dates[:days], seen.opened[:days], {"receipts": channel})


@pytest.fixture(scope="module")
def before(town: Town) -> DemandModel:
    return fit_demand(until(town.observations, 126), town.shop)


@pytest.fixture(scope="module")
def after(town: Town) -> DemandModel:
    return fit_demand(town.observations, town.shop)


def test_hours_that_were_tried_are_evidence_of_their_own(
    before: DemandModel, after: DemandModel
) -> None:
    assert "open" not in set(before.curves("rest").evidence[0, TRIED])
    tried = np.array([model.curves("summer").evidence[0, TRIED] for model in (before, after)])
    assert set(after.curves("rest").evidence[0, TRIED]) <= {"open", "witness"}
    assert "open" in set(after.curves("rest").evidence[:5, TRIED].ravel()) | set(tried[1])


def test_what_a_trial_showed_narrows_the_range_and_holds_the_truth(
    town: Town, before: DemandModel, after: DemandModel
) -> None:
    truth = town.latent[1, :5, TRIED]
    errors, widths = [], []
    for model in (before, after):
        band = model.curves("rest").walk_in
        errors.append(np.abs(np.log(band.mean[:5, TRIED] / truth)).mean())
        widths.append(np.log(band.high[:5, TRIED] / band.low[:5, TRIED]).mean())
    assert widths[1] < 0.7 * widths[0]
    assert errors[1] < max(0.25, errors[0])
