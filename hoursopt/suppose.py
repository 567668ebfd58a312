"""Questions about one season that are answered at once: other money, other habits, other rules.

The draws of demand are made once, at a `Desk`; every answer is planned anew on them. Hours that the
owner has in mind are weighed on the same draws.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand import DemandModel
from hoursopt.demand.model import DemandDraws
from hoursopt.errors import DataError, HoursoptError, RulesConflict, SolverError
from hoursopt.evaluate import Ledger, StaffedWeek, profit_draws
from hoursopt.hours import Spans, format_time
from hoursopt.plan import Estimate, Options, Study
from hoursopt.planning import horizon_dates, study_week
from hoursopt.program import Start, Way, quick_way
from hoursopt.program.check import hours_faults
from hoursopt.scenario import Scenario, drawn_scenario
from hoursopt.shop import Rule, Shop, StaffGroup
from hoursopt.worth.prices import still_doubted

WORKDAYS = (0, 1, 2, 3, 4)
ALIKE = "alike"


@dataclass(frozen=True)
class Desk:
    """A season of a shop with its demand drawn: on `drawn` weeks are planned, `fresh` judges."""

    shop: Shop
    model: DemandModel
    season: str
    drawn: DemandDraws
    fresh: DemandDraws
    evidence: NDArray[np.str_]
    dates: tuple[dt.date, ...]
    options: Options

    @classmethod
    def of(cls, shop: Shop, model: DemandModel, season: str, options: Options) -> Desk:
        """Draw the demand of one of the shop's seasons, as `study_season` does."""
        (found,) = (one for one in shop.seasons if one.name == season)
        return cls(
            shop,
            model,
            season,
            model.draws(season, options.draws, options.seed),
            model.draws(season, options.fresh, options.seed + 1),
            model.curves(season).evidence,
            tuple(date for date in horizon_dates(shop, model) if found.holds(date)),
            options,
        )


@dataclass(frozen=True)
class Supposition:
    """What might be otherwise; None and 1 as it is.

    pay: times the hourly wages and costs of all staff. shares: values of diversion parameters by
    name, taken as known. without: names of rules that do not hold. alike: same hours Mondays to
    Fridays.
    """

    margin_rate: float | None = None
    online_margin_rate: float | None = None
    open_hour_cost: float | None = None
    pay: float = 1.0
    shares: Mapping[str, float] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    alike: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether all is as it is."""
        return self == Supposition()

    def applied(self, shop: Shop) -> Shop:
        """The shop as it would be; diversion apart."""
        given = {
            name: getattr(self, name)
            for name in ("margin_rate", "online_margin_rate", "open_hour_cost")
            if getattr(self, name) is not None
        }
        rules = tuple(rule for rule in shop.rules if rule.name not in self.without)
        if self.alike:
            rules += (Rule(ALIKE, "same_hours", WORKDAYS),)
        return shop.replace(
            economics=dataclasses.replace(shop.economics, **given),
            staff=tuple(_paid(group, self.pay) for group in shop.staff),
            rules=rules,
        )


@dataclass(frozen=True)
class Wish:
    """Hours that the owner has in mind, with their best staffing, against today's.

    faults: rules and limits that they break.
    """

    week: StaffedWeek
    ledger: Ledger
    gain: Estimate
    probability_better: float
    faults: tuple[HoursoptError, ...]


def begin(desk: Desk) -> Start | None:
    """Where the answers at a desk may start: at what things as they are have shown."""
    way = quick_way(**desk.options.solving)
    # Where they allow no week, a supposition may: it starts from nothing.
    with contextlib.suppress(RulesConflict, SolverError):
        suppose(desk, Supposition(), way)
    return way.start()


def suppose(desk: Desk, what: Supposition, way: Way | None = None) -> Study:
    """Today's and the best week if things were so, found by `way`; errors as `plan_shop`."""
    shop = what.applied(desk.shop)
    scenario, fresh = (
        drawn_scenario(shop, desk.season, _given(desk, drawn, seed, what.shares))
        for drawn, seed in (
            (desk.drawn, desk.options.seed),
            (desk.fresh, desk.options.seed + 1),
        )
    )
    evidence = _looked_at(desk, scenario, what)
    return study_week(scenario, fresh, evidence, desk.dates, desk.options, way=way)


def weigh_wish(
    desk: Desk, hours: tuple[Spans, ...], today: StaffedWeek, way: Way | None = None
) -> Wish:
    """What hours of a week would bring against today's staffed week.

    Raises DataError `plan.off_grid` for hours outside the grid or between its slots, RulesConflict
    and SolverError where nobody can staff them.
    """
    scenario, fresh = (
        drawn_scenario(desk.shop, desk.season, drawn) for drawn in (desk.drawn, desk.fresh)
    )
    answer = (way or Way()).staffing(scenario, hours, **desk.options.solving)
    gain = profit_draws(fresh, answer.week) - profit_draws(fresh, today)
    return Wish(
        answer.week,
        answer.ledger,
        Estimate.of(gain),
        float((gain > 0).mean()),
        tuple(hours_faults(scenario, hours)),
    )


def check_hours(spans: Spans, shop: Shop, text: str) -> None:
    """Raise DataError `plan.off_grid` where hours of a day do not lie on the grid."""
    if not shop.grid.fits(spans):
        raise DataError(
            "plan.off_grid",
            hours=text,
            minutes=shop.grid.slot_minutes,
            earliest=format_time(shop.grid.earliest),
            latest=format_time(shop.grid.latest),
        )


def _given(desk: Desk, drawn: DemandDraws, seed: int, shares: Mapping[str, float]) -> DemandDraws:
    return desk.model.given(drawn, desk.season, seed, shares) if shares else drawn


def _looked_at(desk: Desk, scenario: Scenario, what: Supposition) -> NDArray[np.str_]:
    """The evidence (7, H), hours that only rules turned off kept from being seen taken as known.

    As in the price of such a rule, beside which the answer stands.
    """
    rules = [rule for rule in desk.shop.rules_of(desk.season) if rule.name in what.without]
    unseen = desk.evidence == "none"
    freed = unseen & ~still_doubted(unseen, scenario, rules)
    return np.where(freed, "neighbour", desk.evidence)


def _paid(group: StaffGroup, factor: float) -> StaffGroup:
    """The group at so many times its pay."""
    if group.hourly_wage is not None:
        return dataclasses.replace(group, hourly_wage=group.hourly_wage * factor)
    return dataclasses.replace(group, hourly_cost=(group.hourly_cost or 0.0) * factor)
