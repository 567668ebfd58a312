"""What a review compares with: draws of every day's customers and sales, as the plan expects them.

For each date of the horizon under two kinds of hours: those in force when the plan was made, and
the plan's. So every mixture of them that a shop lives through has its expectation, and a week its
range with the day's own luck in it, not only the range of the mean.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import season_of
from hoursopt.demand import DemandModel
from hoursopt.demand.basket import basket_variation
from hoursopt.evaluate import Shift
from hoursopt.flow import Loaded
from hoursopt.hours import Grid, Spans
from hoursopt.plan import Plan
from hoursopt.response import served

Floats = NDArray[np.float64]

DRAWS = 200
SEED = 7
WAYS = ("today", "plan")
CLASSES = ("far", "near", "changed")
FAR_HOURS = 2.0
BASKET_STREAM, QUEUE_STREAM = 1, 2


@dataclass(frozen=True)
class Expected:
    """Draws for N dates from `first` on; the axes are way (2), class (3), draw (R), date (N).

    ways: hours in force before, the plan's. classes: hours that are open under both ways and at
    least two hours away from any that is not; those nearer to one; hours that only this way has.
    customers as the till counts them, sales as priced in the shop. opened:
    (2, N, H) open slots.
    """

    first: dt.date
    customers: Floats
    sales: Floats
    opened: NDArray[np.bool_]

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The dates in order."""
        return tuple(
            self.first + dt.timedelta(days=step) for step in range(self.customers.shape[3])
        )


def pack_expected(loaded: Loaded, model: DemandModel, plan: Plan) -> bytes:
    """`expect` as compressed bytes, no pickle."""
    found = expect(loaded, model, plan)
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        first=np.array(found.first.isoformat()),
        customers=np.minimum(found.customers, np.iinfo(np.uint16).max).astype(np.uint16),
        sales=found.sales.round().astype(np.int32),
        opened=np.packbits(found.opened),
        shape=np.array(found.opened.shape),
    )
    return buffer.getvalue()


def unpack_expected(content: bytes) -> Expected:
    """Draws of `pack_expected`."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        shape = tuple(arrays["shape"])
        opened = np.unpackbits(arrays["opened"], count=int(np.prod(shape))).reshape(shape)
        return Expected(
            dt.date.fromisoformat(str(arrays["first"])),
            arrays["customers"].astype(float),
            arrays["sales"].astype(float),
            opened.astype(bool),
        )


def expect(loaded: Loaded, model: DemandModel, plan: Plan) -> Expected:
    """What the till should see on every date of the plan's horizon, under both kinds of hours.

    Where a rota tells who served, the fit knows demand before the queue, so that those who leave it
    are taken off; without one the till's own counts were fitted, and nobody is taken off twice.
    """
    shop, grid = loaded.shop, loaded.shop.grid
    dates = tuple(plan.start + dt.timedelta(days=day) for day in range(7 * plan.weeks))
    names = [season_of(date, shop.seasons).name for date in dates]
    hours = [_hours(plan, dates, names, shop.today.days, grid, best) for best in (False, True)]
    opened = np.array(hours)
    classes = classes_of(opened, grid)
    queue = loaded.observations.staff is not None
    baskets, variation = _baskets(loaded, model)
    customers, sales = [], []
    for way, best in enumerate((False, True)):
        forecast = model.forecast(dates, opened[way].astype(float), DRAWS, SEED)
        counts = forecast.counts
        if queue:
            people = _on_duty(plan, dates, names, grid, best)
            stay = served(forecast.mean, people, shop.service, grid.slot_hours)
            stay = np.divide(stay, forecast.mean, out=np.ones_like(stay), where=forecast.mean > 0)
            rng = np.random.default_rng([SEED, QUEUE_STREAM, way])
            counts = rng.binomial(counts.astype(np.int64), np.clip(stay, 0, 1)).astype(float)
        parts = [counts * within for within in classes[way]]
        rng = np.random.default_rng([SEED, BASKET_STREAM, way])
        customers.append([part.sum(axis=2) for part in parts])
        sales.append([_money(part, baskets, variation, rng) for part in parts])
    return Expected(dates[0], np.array(customers), np.array(sales), opened)


def classes_of(opened: NDArray[np.bool_], grid: Grid) -> NDArray[np.bool_]:
    """(2, 3, N, H) slots of each class under each way, from the open slots (2, N, H) of both.

    Customers of a changed hour who come at another one stay near it: what is two hours away tells
    what else has changed.
    """
    both: NDArray[np.bool_] = np.array(opened.all(axis=0))
    differs: NDArray[np.bool_] = np.array(opened.any(axis=0)) & ~both
    reach = round(FAR_HOURS / grid.slot_hours)
    near = differs.copy()
    for step in range(1, reach + 1):
        near[:, step:] |= differs[:, :-step]
        near[:, :-step] |= differs[:, step:]
    return np.array([[both & ~near, both & near, one & ~both] for one in opened])


def _money(counts: Floats, baskets: Floats, variation: float, rng: np.random.Generator) -> Floats:
    """(R, N) sales of counts (R, N, H): the mean baskets, and the luck of single ones."""
    mean = counts @ baskets
    spread = np.sqrt(variation * (counts @ baskets**2))
    money: Floats = np.maximum(mean + spread * rng.standard_normal(mean.shape), 0.0)
    return money


def _baskets(loaded: Loaded, model: DemandModel) -> tuple[Floats, float]:
    """(H,) mean basket of each slot, and the squared coefficient of variation of single ones."""
    receipts = loaded.observations.channels.get("receipts")
    if receipts is None or not np.isfinite(receipts.values).any():
        return model.baskets, 0.0
    return model.baskets, basket_variation(receipts.counts, np.nan_to_num(receipts.values))


def _hours(
    plan: Plan,
    dates: Sequence[dt.date],
    names: Sequence[str],
    today: tuple[Spans, ...],
    grid: Grid,
    best: bool,
) -> NDArray[np.bool_]:
    """(N, H) slots open on each date; days of their own are the plan's under both."""
    own = {day.date: day.hours for day in plan.special_days}
    weeks = {season.name: season.best.hours if best else today for season in plan.seasons}
    shares = [
        grid.shares(own[date] if date in own else weeks.get(name, today)[date.weekday()])
        for date, name in zip(dates, names, strict=True)
    ]
    return np.array(shares) > 0.5


def _on_duty(
    plan: Plan, dates: Sequence[dt.date], names: Sequence[str], grid: Grid, best: bool
) -> NDArray[np.int_]:
    """(N, H) people on duty by the shifts of the season's week, one at least."""
    weeks = {
        season.name: _week_duty((season.best if best else season.today).shifts, season.breaks, grid)
        for season in plan.seasons
    }
    alone = np.ones((7, grid.size), dtype=int)
    return np.array(
        [
            np.maximum(weeks.get(name, alone)[date.weekday()], 1)
            for date, name in zip(dates, names, strict=True)
        ]
    )


def _week_duty(shifts: Sequence[Shift], breaks: Mapping[str, int], grid: Grid) -> NDArray[np.int_]:
    people = np.zeros((7, grid.size), dtype=int)
    for shift in shifts:
        people[shift.day, shift.first : shift.last] += shift.count
        if shift.break_first is not None:
            over = shift.break_first + breaks[shift.staff]
            people[shift.day, shift.break_first : over] -= shift.count
    return people
