"""A shop and its observations from bare arrays: the form in which every benchmark meets the fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Grid, OpeningHours
from hoursopt.observations import Channel, Observations, State
from hoursopt.observations.channels import SENSORS_SEEN, no_sensors
from hoursopt.observations.exposure import join_sensors
from hoursopt.shop import (
    Diversion,
    Economics,
    HoursInForce,
    Range,
    Shop,
    SourceOptions,
    Sources,
    StaffGroup,
)

Floats = NDArray[np.float64]

NOBODY_MOVES = Diversion(Range(0.0, 0.0), Range(1.3, 1.3), Range(0.0, 0.0), Range(0.0, 0.0))


def shop_of(
    name: str,
    grid: Grid,
    opened: Floats,
    dates: tuple[dt.date, ...],
    country: str = "GB",
    timezone: str = "Europe/London",
    street: str | None = None,
    orders: bool = False,
    diversion: Diversion = NOBODY_MOVES,
) -> Shop:
    """The shop of which nothing is known but its hours, those open on most days of each weekday.

    opened: (N, H) open share of each slot. street: the class of witness, if there is one.
    """
    weekday = np.array([date.weekday() for date in dates])
    usual = [
        grid.spans((np.median(opened[weekday == day], axis=0) > 0.5).tolist()) for day in range(7)
    ]
    options = {} if street is None else {"street": SourceOptions(kind=street)}
    return Shop(
        name=name,
        country=country,
        timezone=timezone,
        currency="EUR",
        grid=grid,
        hours=(HoursInForce(OpeningHours(tuple(usual))),),
        economics=Economics(margin_rate=0.5, online_margin_rate=0.3, basket_value=10.0),
        staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
        sources=Sources(
            receipts=("receipts.csv",),
            orders=("orders.csv",) if orders else (),
            street=() if street is None else ("street.csv",),
            options=options,
        ),
        diversion=diversion,
    )


def observed(
    grid: Grid,
    dates: tuple[dt.date, ...],
    opened: Floats,
    channels: Mapping[str, Floats],
    sensors: Floats | None = None,
) -> Observations:
    """Observations of counts (N, H) by channel; NaN where a channel counted nothing.

    `receipts` are seen while the shop is open (`opened`, (N, H)), every other round the clock.
    sensors: (S, N, H) several street counters, which become the channel `street` together.
    """
    made, seen_by, counted = {}, no_sensors(), no_sensors()
    if sensors is not None:
        seen_by, counted = np.isfinite(sensors).astype(float), np.nan_to_num(sensors)
        together, share = join_sensors(counted, seen_by)
        enough = np.where(share >= SENSORS_SEEN, together, np.nan)
        channels = {**channels, "street": enough}
    for name, counts in channels.items():
        could = opened if name == "receipts" else np.ones_like(opened)
        exposure = np.where(np.isnan(counts), 0.0, could)
        seen = exposure > 0
        state = np.where(seen, State.OPEN, np.where(could > 0, State.UNKNOWN, State.CLOSED))
        made[name] = Channel(
            np.where(seen, np.nan_to_num(counts), 0.0),
            np.full_like(opened, np.nan),
            exposure,
            state.astype(np.int8),
            np.zeros(len(dates)),
        )
    if sensors is not None:
        made["street"] = replace(made["street"], sensor_counts=counted, sensor_exposure=seen_by)
    return Observations(grid, dates, opened, made)
