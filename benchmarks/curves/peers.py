"""Other people's ways to say how many come: each sees a past and tells the hours ahead.

Every one is `(past, ahead) -> (N, H)` expected counts of the days ahead, NaN where it is not open;
`ahead` carries dates and hours but no counts. All know the same public holidays as we do. Prophet,
statsforecast and statsmodels are imported where they are used: they are slow to load, and the
developer's quick turn does without them.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.curves.sets import Series

if TYPE_CHECKING:
    from prophet import Prophet

Floats = NDArray[np.float64]

MEAN_WEEKS = 8
LEAST_LAG = 28
"""Days: the horizon, so that a lag is known on the last day ahead."""
SMALL = 1e-3
GAUSSIAN_FLOOR = 0.5 / MEAN_WEEKS
"""Customers an hour, the floor of the mean of 8 weeks: methods with normal errors go below 0."""
DECOMPOSED_WEEKS = 26

BOOSTING = {
    "objective": "poisson",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.9,
    "bagging_fraction": 0.9,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "seed": 1,
    "verbose": -1,
}
FEWEST_TREES, MOST_TREES = 20, 600
PATIENCE = 40
TREES_UNTESTED = 100
"""Trees where the past is too short to hold out the last four weeks."""


def mean_of_weeks(past: Series, ahead: Series) -> Floats:
    """Mean of the same weekday and hour in the last 8 weeks, at least half a customer in them.

    The floor keeps a zero of few rows from being called impossible. A weekday and hour without a
    row has the mean of that hour on all days, then of all hours.
    """
    last = past.between(max(0, len(past.dates) - 7 * MEAN_WEEKS), len(past.dates))
    counts = np.where(last.seen, last.counts, 0.0)
    profile = np.zeros((7, past.grid.size))
    everywhere = counts.sum() / max(last.seen.sum(), 1)
    by_hour = _ratio(counts.sum(axis=0), last.seen.sum(axis=0), everywhere)
    for weekday in range(7):
        days = last.weekdays == weekday
        rows = last.seen[days].sum(axis=0)
        mean = _ratio(counts[days].sum(axis=0), rows, by_hour)
        profile[weekday] = np.maximum(mean, 0.5 / np.maximum(rows, 1))
    return np.where(ahead.opened > 0, profile[ahead.weekdays], np.nan)


def gradient_boosting(past: Series, ahead: Series) -> Floats:
    """LightGBM with Poisson loss on clock, calendar, trend and lags of 28 days or more.

    The number of trees is the best on the last four weeks of the past, where it has twelve weeks or
    more; then all of it is fitted again.
    """
    features = features_of(past, ahead)
    count = len(past.dates)
    trees = best_trees(features[:count], past)
    fitted = boost(features[:count], past, trees)
    told = fitted.predict(features[count:].reshape(-1, features.shape[2]), num_threads=1)
    mean = np.maximum(np.asarray(told).reshape(ahead.counts.shape), SMALL)
    return np.where(ahead.opened > 0, mean, np.nan)


def best_trees(features: Floats, past: Series) -> int:
    """Trees that foretell the last four weeks of the past best."""
    count = len(past.dates)
    if count < 3 * LEAST_LAG:
        return TREES_UNTESTED
    early = past.seen & (np.arange(count) < count - LEAST_LAG)[:, None]
    fitted = lightgbm.train(
        BOOSTING,
        _rows(features, past.counts, early),
        MOST_TREES,
        valid_sets=[_rows(features, past.counts, past.seen & ~early)],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    return max(int(fitted.best_iteration), FEWEST_TREES)


def boost(features: Floats, past: Series, trees: int) -> lightgbm.Booster:
    """LightGBM on the whole past; features (N, H, features)."""
    return lightgbm.train(BOOSTING, _rows(features, past.counts, past.seen), trees)


def poisson_regression(past: Series, ahead: Series) -> Floats:
    """A Poisson GLM of statsmodels: each weekday and hour by itself, public holidays, a trend."""
    import statsmodels.api as statsmodels

    cells = 7 * past.grid.size
    first, span = past.dates[0].toordinal(), len(past.dates)

    def design(series: Series) -> Floats:
        holidays = series.holidays(series.dates)
        weekday = np.repeat(series.weekdays, series.grid.size)
        cell = weekday * series.grid.size + np.tile(
            np.arange(series.grid.size), len(weekday) // series.grid.size
        )
        trend = np.array([(date.toordinal() - first) / span for date in series.dates])
        free = np.array([date in holidays for date in series.dates], dtype=float)
        by_day = np.repeat(np.stack([trend, free], axis=1), series.grid.size, axis=0)
        return np.hstack([np.eye(cells)[cell], by_day])

    seen = past.seen.ravel()
    rows, counts = design(past)[seen], past.counts.ravel()[seen]
    used = rows.sum(axis=0) > 0
    model = statsmodels.GLM(counts, rows[:, used], family=statsmodels.families.Poisson())
    told = model.fit(maxiter=50).predict(design(ahead)[:, used])
    mean = np.maximum(told.reshape(ahead.counts.shape), SMALL)
    return np.where(ahead.opened > 0, mean, np.nan)


def prophet(past: Series, ahead: Series) -> Floats:
    """Prophet on open hours: multiplicative, own daily course on weekdays and on weekends."""
    told = fit_prophet(past).predict(prophet_rows(ahead, ahead.opened > 0))
    mean = np.full_like(ahead.counts, np.nan)
    mean[ahead.opened > 0] = np.maximum(told["yhat"].to_numpy(), GAUSSIAN_FLOOR)
    return mean


def fit_prophet(past: Series) -> Prophet:
    """Prophet fitted to the hours seen; no draws, only the mean is read."""
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    from prophet import Prophet

    logging.getLogger("cmdstanpy").disabled = True
    dates = [*past.dates, *(past.dates[-1] + dt.timedelta(days=day) for day in range(1, 29))]
    holidays = past.holidays(dates)
    model = Prophet(
        seasonality_mode="multiplicative",
        daily_seasonality=False,
        uncertainty_samples=0,
        holidays=pd.DataFrame({"ds": list(holidays), "holiday": list(holidays.values())}),
    )
    for name in ("weekday", "weekend"):
        model.add_seasonality(f"day_{name}", period=1, fourier_order=6, condition_name=name)
    return model.fit(prophet_rows(past, past.seen))


def prophet_rows(series: Series, chosen: NDArray[np.bool_]) -> pd.DataFrame:
    """Chosen hours (N, H) of a series as Prophet reads them."""
    day, slot = np.nonzero(chosen)
    stamps = pd.to_datetime(np.array(series.dates, dtype="datetime64[D]")[day])
    weekend = series.weekdays[day] >= 5
    return pd.DataFrame(
        {
            "ds": stamps + pd.to_timedelta(series.clock[slot], unit="h"),
            "y": series.counts[chosen],
            "weekday": ~weekend,
            "weekend": weekend,
        }
    )


def decomposition(past: Series, ahead: Series) -> Floats:
    """MSTL with AutoETS (statsforecast) on the last 26 weeks, by day and by week.

    It needs a series without holes: an hour that was missed, or a day that was shut, has the mean
    of its weekday and hour; hours that are never open are 0.
    """
    from statsforecast.models import MSTL, AutoETS

    past = past.between(max(0, len(past.dates) - 7 * DECOMPOSED_WEEKS), len(past.dates))
    counts = np.where(past.seen, past.counts, 0.0)
    usual = np.zeros((7, past.grid.size))
    for weekday in range(7):
        days = past.weekdays == weekday
        usual[weekday] = _ratio(counts[days].sum(axis=0), past.seen[days].sum(axis=0), 0.0)
    whole = np.where(past.seen, past.counts, usual[past.weekdays])
    hours = past.grid.size
    model = MSTL([hours, 7 * hours], trend_forecaster=AutoETS(model="ZZN"))
    told = model.forecast(y=whole.ravel(), h=ahead.counts.size)["mean"]
    mean = np.maximum(np.asarray(told).reshape(ahead.counts.shape), GAUSSIAN_FLOOR)
    return np.where(ahead.opened > 0, mean, np.nan)


def _rows(features: Floats, target: Floats, chosen: NDArray[np.bool_]) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        features[chosen], target[chosen], categorical_feature=[0, 1], free_raw_data=False
    )


def features_of(past: Series, ahead: Series) -> Floats:
    """(N, H, features) of the past and the days ahead together."""
    dates = past.dates + ahead.dates
    counts = np.vstack(
        [np.where(past.seen, past.counts, np.nan), np.full_like(ahead.counts, np.nan)]
    )
    opened = np.vstack([past.opened, ahead.opened])
    count, hours = counts.shape
    holidays = past.holidays(dates)
    day = np.array([date.toordinal() for date in dates])
    total = np.where(np.isfinite(counts).any(axis=1), np.nansum(counts, axis=1), np.nan)
    by_day = [
        np.array([date.weekday() for date in dates]),
        np.array([date.timetuple().tm_yday for date in dates]),
        np.array([date.isocalendar().week for date in dates]),
        np.array([date.day for date in dates]),
        np.array([_near_holiday(date, holidays) for date in dates]),
        day - day[0],
        opened.sum(axis=1),
        _window(total, LEAST_LAG, 28),
        _window(total, LEAST_LAG, 56),
    ]
    by_hour = [_lag(counts, LEAST_LAG + 7 * more) for more in range(5)]
    by_hour += [_lag(counts, 364), _same_hours(counts, 4), _same_hours(counts, 8)]
    clock = np.tile(past.clock, (count, 1))
    table = [clock] + [np.tile(column[:, None], (1, hours)) for column in by_day] + by_hour
    return np.stack(table, axis=2).astype(float)


def _near_holiday(date: dt.date, holidays: dict[dt.date, str]) -> int:
    """1 on a public holiday, 2 the day before, 3 the day after, else 0."""
    one = dt.timedelta(days=1)
    return (
        1
        if date in holidays
        else 2
        if date + one in holidays
        else 3
        if date - one in holidays
        else 0
    )


def _lag(values: Floats, days: int) -> Floats:
    moved = np.full_like(values, np.nan)
    moved[days:] = values[: max(len(values) - days, 0)] if days < len(values) else moved[days:]
    return moved


def _same_hours(counts: Floats, weeks: int) -> Floats:
    """Mean of the same weekday and hour over the last `weeks` that are known four weeks ahead."""
    lags = np.stack([_lag(counts, LEAST_LAG + 7 * week) for week in range(weeks)])
    return _mean(lags)


def _window(total: Floats, lag: int, days: int) -> Floats:
    """Mean of day totals over `days` that end `lag` days before."""
    return _mean(np.stack([_lag(total, lag + day) for day in range(days)]))


def _mean(values: Floats) -> Floats:
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0), np.nan)


def _ratio(top: Floats, bottom: Floats, otherwise: Floats | float) -> Floats:
    fallback = np.broadcast_to(np.asarray(otherwise, dtype=float), np.shape(top)).copy()
    return np.divide(top, bottom, out=fallback, where=np.asarray(bottom) > 0)
