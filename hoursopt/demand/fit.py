"""From observations to the demand model: the recipe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.assemble import EIGHTY_PERCENT, diversion_prior, joint_problem
from hoursopt.demand.basket import has_amounts, shrunk_baskets
from hoursopt.demand.channels import (
    check_counts,
    conversion_figures,
    conversion_told,
    shop_channel,
    without_outliers,
    witnesses_of,
    witnesses_told,
)
from hoursopt.demand.course import Course, follow
from hoursopt.demand.days import day_terms
from hoursopt.demand.evidence import beyond_hours, unknown_hours
from hoursopt.demand.forecast import DemandModel
from hoursopt.demand.joint import JointFit, fit_joint
from hoursopt.demand.marks import marks_of, near_marks, open_marks
from hoursopt.demand.model import Diagnostic, Learned
from hoursopt.demand.prepare import Prepared
from hoursopt.demand.problem import PARAMETERS
from hoursopt.errors import DataError
from hoursopt.observations import Channel, Observations
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

SHORT_HISTORY_DAYS = 14
FEW_CUSTOMERS = 50
ROUNDS, SETTLED = 3, 2  # the last round keeps the breaks that were found
ROUGH = 0.05  # good enough while the day factors are not
LEARNED_PART = 0.7  # of the prior sd: what is left of it must be less to count as learnt


def fit_demand(observations: Observations, shop: Shop) -> DemandModel:
    """Fit latent demand, its witnesses and the diversion to what was observed.

    Turns two fits until they agree: the hourly surface given each day's factor, and the day factors
    given the surface. Raises DataError `demand.nothing` (no customer seen), `demand.conversion`
    (footfall alone and no conversion), `demand.no_basket` (neither amounts nor a basket value),
    `demand.not_a_count` (a negative count).
    """
    dates = observations.dates
    start = shop.horizon.start or dates[-1] + dt.timedelta(days=1)
    end = start + dt.timedelta(days=max(7 * shop.horizon.weeks, 366))
    marks = marks_of(shop, dates[0], end)
    check_counts(observations)
    observations, wild = _cleaned(observations)
    counted = shop_channel(observations, shop)
    baskets = _baskets(observations.channels.get("receipts", counted), shop)
    online_basket = _online_basket(observations, shop)
    seen = Prepared(observations, shop, counted, witnesses_of(observations, shop), marks)
    prepared = seen
    terms = day_terms(dates, marks | near_marks(marks, dates[0], end))
    courses: dict[str, Course] = {}
    joint = fit_joint(joint_problem(prepared, courses), tolerance=ROUGH)
    for turn in range(ROUNDS):
        for name in prepared.channels:
            counts, expected = prepared.seen_and_expected(name, joint, courses)
            calendar = prepared.calendar(terms, name)
            hours = prepared.cells.hours
            courses[name] = follow(
                calendar, hours, counts, expected, courses.get(name), settled=turn >= SETTLED
            )
        prepared = seen.served_by_rota(joint, courses["shop"].factors)
        joint = fit_joint(joint_problem(prepared, courses), joint)
    diversion = _learned(joint, prepared)
    return DemandModel(
        grid=shop.grid,
        seasons=shop.seasons,
        start=start,
        weeks=shop.horizon.weeks,
        last_date=dates[-1],
        joint=joint,
        courses=courses,
        marks=marks,
        weekday_holidays=seen.weekday_holidays,
        event_factors={e.name: e.factor for e in shop.events if e.factor is not None},
        evidence=seen.evidence(),
        baskets=baskets,
        online_basket=online_basket,
        order_scale=_order_scale(observations),
        diversion=diversion,
        parameters=_parameters(joint, prepared, courses) | conversion_figures(observations, shop),
        diagnostics=(
            *wild,
            *_queue_told(seen, prepared),
            *conversion_told(observations, shop),
            *_breaks_told(courses),
            *_diagnostics(seen, diversion),
        ),
        open_marks=open_marks(dates, counted, marks),
    )


def _cleaned(observations: Observations) -> tuple[Observations, list[Diagnostic]]:
    """Observations without days of impossible totals, and what to tell of them."""
    channels, told = dict(observations.channels), []
    for name, channel in observations.channels.items():
        channels[name], wild = without_outliers(channel)
        if wild.any():
            first = observations.dates[int(np.argmax(wild))]
            values = {"source": name, "count": int(wild.sum()), "date": first}
            told.append(Diagnostic("demand.outlier_days", values))
    return replace(observations, channels=channels), told


def _queue_told(seen: Prepared, corrected: Prepared) -> list[Diagnostic]:
    """How many of all customers left the queue, where a rota tells who was on duty."""
    open_slots = seen.counted.exposure > 0
    share = corrected.counted.exposure[open_slots] / seen.counted.exposure[open_slots]
    served = seen.counted.counts[open_slots]
    percent = round(100 * float(1 - served.sum() / (served / share).sum()))
    return [Diagnostic("demand.queue", {"percent": percent})] if percent > 0 else []


def _breaks_told(courses: Mapping[str, Course]) -> list[Diagnostic]:
    """Steps of the level, of every channel."""
    return [
        Diagnostic(
            f"demand.break_{'up' if found.factor > 1 else 'down'}",
            {
                "source": name if name != "shop" else "receipts",
                "date": found.date,
                "percent": round(100 * abs(found.factor - 1)),
            },
        )
        for name, course in courses.items()
        for found in course.days.breaks
    ]


def _baskets(counted: Channel, shop: Shop) -> Floats:
    """(H,) basket value per slot: from the till's amounts, else as the owner says."""
    if has_amounts(counted):
        seen = counted.exposure > 0
        return shrunk_baskets(
            np.where(seen, counted.counts, 0.0),
            np.where(seen, counted.values, 0.0),
            shop.grid.slot_hours,
        )
    if shop.economics.basket_value is None:
        raise DataError("demand.no_basket", field="economics.basket_value", shop=shop.name)
    return np.full(shop.grid.size, shop.economics.basket_value)


def _online_basket(observations: Observations, shop: Shop) -> float:
    """Sale per web order; 0 without a web shop."""
    orders = observations.channels.get("orders")
    if orders is None or orders.counts.sum() <= 0:
        return shop.economics.online_basket_value or 0.0
    if has_amounts(orders):
        seen = orders.exposure > 0
        return float(orders.values[seen].sum() / orders.counts[seen].sum())
    if shop.economics.online_basket_value is None:
        raise DataError("demand.no_basket", field="economics.online_basket_value", shop=shop.name)
    return shop.economics.online_basket_value


def _order_scale(observations: Observations) -> float:
    """Web orders of the whole day per order within the grid."""
    orders = observations.channels.get("orders")
    if orders is None or orders.counts.sum() <= 0:
        return 1.0
    return float(1 + orders.outside.sum() / orders.counts.sum())


def _learned(joint: JointFit, prepared: Prepared) -> dict[str, Learned]:
    """Posterior of each diversion parameter with its 80 % range."""
    mean = joint.diversion(joint.coefficients)
    sd = np.sqrt(np.diag(joint.covariance)[-len(PARAMETERS) :])
    prior = diversion_prior(prepared)
    half = EIGHTY_PERCENT / 2 * sd
    ends = joint.diversion(joint.coefficients - _tail(joint, half))
    tops = joint.diversion(joint.coefficients + _tail(joint, half))
    return {
        name: Learned(
            float(mean[number]),
            float(ends[number]),
            float(tops[number]),
            bool(prior.told[number] and sd[number] < LEARNED_PART * prior.sd[number]),
        )
        for number, name in enumerate(PARAMETERS)
    }


def _tail(joint: JointFit, half: Floats) -> Floats:
    """`half` in the places of the diversion parameters, 0 elsewhere."""
    return np.concatenate([np.zeros(joint.coefficients.size - half.size), half])


def _parameters(
    joint: JointFit, prepared: Prepared, courses: Mapping[str, Course]
) -> dict[str, float]:
    """Figures that tell how the fit went."""
    seen = prepared.counted.exposure.sum(axis=1) > 0
    return {
        "days_open": float(seen.sum()),
        "coefficients": float(joint.coefficients.size),
        **{f"day_noise_{name}": course.days.noise_sd for name, course in courses.items()},
    }


def _witness_told(prepared: Prepared, name: str, channel: Channel, kind: str) -> Diagnostic:
    """What served as witness."""
    count = len(channel.sensor_counts)
    if name == "peers":
        hours = beyond_hours(channel, prepared.observations.weekdays, prepared.shop)
        return Diagnostic("demand.witness_peers", {"count": count, "hours": hours})
    if name == "street" and count > 1:
        key = "near" if kind == "near" else "several"
        return Diagnostic(f"demand.witness_streets_{key}", {"count": count})
    return Diagnostic(f"demand.witness_{name}_{kind}", {})


def _diagnostics(prepared: Prepared, diversion: dict[str, Learned]) -> tuple[Diagnostic, ...]:
    """What a reader should know before believing the curves."""
    found: list[Diagnostic] = []
    shop, evidence = prepared.shop, prepared.evidence()
    days = int((prepared.counted.exposure.sum(axis=1) > 0).sum())
    # Two weeks of a shop that is shut on Sundays are twelve days.
    if days < min(SHORT_HISTORY_DAYS, 2 * max(len(shop.today.open_days), 1)):
        found.append(Diagnostic("demand.short_history", {"count": days}))
    customers = prepared.counted.counts[prepared.counted.exposure > 0].sum()
    if customers < FEW_CUSTOMERS:
        found.append(Diagnostic("demand.few_customers", {"count": round(float(customers))}))
    found += [
        Diagnostic("demand.season_unseen", {"season": season.name})
        for season, cells in zip(shop.seasons, evidence, strict=True)
        if not (cells == "open").any()
    ]
    found += witnesses_told(prepared.observations)
    if not prepared.witnesses and (evidence != "open").any():
        found.append(Diagnostic("demand.no_witness", {}))
    for name, (channel, kind) in prepared.witnesses.items():
        found.append(_witness_told(prepared, name, channel, kind))
    unknown = unknown_hours(evidence, shop.grid)
    if unknown is not None:
        found.append(Diagnostic("demand.unknown_hours", {"hours": unknown}))
    if not diversion["recaptured"].learned:
        found.append(Diagnostic("demand.recapture_from_prior", {}))
    return tuple(found)
