"""The test of the past looks at nothing that it foretells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_shop import write_tiny_shop

from hoursopt.demand.past import HELD_BACK_DAYS, PastTest, held_back
from hoursopt.flow import Loaded, load


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load(write_tiny_shop(tmp_path_factory.mktemp("past") / "shop", days=89))


@pytest.fixture(scope="module")
def past(loaded: Loaded) -> PastTest:
    found = held_back(loaded.observations, loaded.shop)
    assert found is not None
    return found


def test_the_open_days_of_four_weeks_are_foretold(loaded: Loaded, past: PastTest) -> None:
    assert past.dates == tuple(
        date for date in loaded.observations.dates[-HELD_BACK_DAYS:] if date.weekday() < 5
    )
    counts = loaded.observations.channels["receipts"].counts
    assert past.counted.sum() == counts[-HELD_BACK_DAYS:].sum()
    assert 0.5 <= past.within <= 1
    assert past.error < 0.4
    assert abs(past.total_error) < 0.2
    assert (past.foretold.low < past.foretold.high).all()


def test_what_came_does_not_change_what_was_foretold(loaded: Loaded, past: PastTest) -> None:
    channel = loaded.observations.channels["receipts"]
    counts = channel.counts.copy()
    counts[-HELD_BACK_DAYS:] *= 3
    tripled = replace(loaded.observations, channels={"receipts": replace(channel, counts=counts)})
    other = held_back(tripled, loaded.shop)
    assert other is not None
    assert np.array_equal(other.foretold.mean, past.foretold.mean)
    assert np.array_equal(other.usual, past.usual)
    assert other.counted.sum() == 3 * past.counted.sum()
    assert other.within < past.within


def test_a_short_history_is_not_put_to_the_test(tmp_path: Path) -> None:
    short = load(write_tiny_shop(tmp_path / "shop", days=80))
    assert held_back(short.observations, short.shop) is None
