"""A small shop with demand as we please: no files, no fit, and a fitted one made of one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hoursopt.calendar import WHOLE_YEAR, Season
from hoursopt.demand.model import Band, Curves, DemandDraws
from hoursopt.diversion import DiversionDraws
from hoursopt.hours import Grid, parse_hours
from hoursopt.plan import Alternative, Estimate, Options, Study, Trial, WholeDay
from hoursopt.planning import study_season
from hoursopt.program import Way, quick_way
from hoursopt.shop import Economics, Horizon, HoursInForce, Limits, Rule, Service, Shop, StaffGroup

SUMMER = Season("summer", (6, 1), (8, 31))
REST = Season("rest", (9, 1), (5, 31))


def tiny_shop(**changes: object) -> Shop:
    """Open 10 to 14 on weekdays, hourly grid from 8 to 20, one owner and cheap to open."""
    shop = Shop(
        name="Tiny",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=Grid(60, 8 * 60, 20 * 60),
        hours=(HoursInForce(parse_hours("Mo-Fr 10:00-14:00")),),
        economics=Economics(margin_rate=0.5, open_hour_cost=2.0),
        staff=(StaffGroup("owner", 1, hourly_cost=12.0, shift_hours=(0, 12)),),
        service=Service(minutes_per_customer=2.0, patience_minutes=8.0),
        limits=Limits(max_staff=1),
        seasons=(WHOLE_YEAR,),
        horizon=Horizon(start=dt.date(2026, 3, 2), weeks=52),
    )
    return shop.replace(**changes)


QUICK = Options(draws=40, fresh=80)


def quick() -> Way:
    """The quick way to weeks, as explanations go."""
    return quick_way(**QUICK.solving)


def a_study(shop: Shop | None = None, orders: float = 0.0, **changes: object) -> Study:
    """The tiny shop's year, studied on few draws."""
    shop = shop or tiny_shop(**changes)
    demand = known_demand(*BUSY_UNTIL_FIVE, orders=orders)
    return study_season(shop, demand, shop.seasons[0], QUICK)  # type: ignore[arg-type]


def a_trial(season: str, weekday: int, start: int, end: int, weeks: int, threshold: float) -> Trial:
    """A trial of every other week from March 2026 on."""
    first = dt.date(2026, 3, 2) + dt.timedelta(days=weekday)
    return Trial(
        season, weekday, start, end, weeks, threshold,
        keep_from=1.2 * threshold, drop_below=0.8 * threshold, power=0.81, alternate=True,
        dates=tuple(first + dt.timedelta(weeks=2 * week) for week in range(weeks)),
        knowing=60.0, learning=42.0, whole_day=WholeDay(3.6, 0.4, None),
    )  # fmt: skip


def an_alternative(season: str, hours: str, profit: float) -> Alternative:
    """Hours that earn a little less, nearer to today's."""
    return Alternative(season, hours, profit, Estimate(7.0, 2.0, 12.0), 3, 1)


def closed_after_one() -> Rule:
    """A rule that binds: the best hours run later."""
    return Rule("home by one", "closed_after", tuple(range(7)), at=13 * 60)


@dataclass(frozen=True)
class KnownDemand:
    """A demand model that knows the truth but for one log-normal factor on the hours from `unsure`.

    hourly: latent customers of each hour of the grid, every day alike; seasons scale them.
    """

    grid: Grid
    hourly: tuple[float, ...]
    spread: float = 0.1
    unsure: int = 6
    unsure_spread: float = 0.1
    scale: Mapping[str, float] = field(default_factory=dict)
    recaptured: float = 0.3
    online: float = 0.0
    orders: float = 0.0
    last_date: dt.date = dt.date(2026, 3, 1)
    weekend: str = "none"

    def draws(self, season: str, count: int, seed: int) -> DemandDraws:
        """Draws of a week, the same factors in every season."""
        return self._draws(7, self.scale.get(season, 1.0), count, seed)

    def date_draws(self, date: dt.date, count: int, seed: int) -> DemandDraws:
        """Draws of one date."""
        return self._draws(1, 1.0, count, seed)

    def curves(self, season: str) -> Curves:
        """Evidence `open`, `neighbour` from the unsure hours on, `weekend` on two days."""
        draws = self.draws(season, 200, 0)
        evidence = np.full((7, self.grid.size), "open", dtype="<U9")
        evidence[:, self.unsure :] = "neighbour"
        evidence[5:] = self.weekend
        zero = Band.of(draws.online)
        return Curves(season, self.grid, Band.of(draws.walk_in), zero, evidence, draws.basket)

    def _draws(self, days: int, scale: float, count: int, seed: int) -> DemandDraws:
        noise = np.random.default_rng(seed).standard_normal((count, 2))
        factor = np.exp(self.spread * noise[:, :1, None] - self.spread**2 / 2)
        shape = np.tile(np.array(self.hourly) * scale, (count, days, 1)) * factor
        late = np.exp(self.unsure_spread * noise[:, 1] - self.unsure_spread**2 / 2)
        shape[:, :, self.unsure :] *= late[:, None, None]
        ones = np.ones(count)
        return DemandDraws(
            walk_in=shape,
            online=np.zeros_like(shape),
            basket=np.full((days, self.grid.size), 20.0),
            online_basket=20.0,
            own_orders=np.full(days, self.orders),
            diversion=DiversionDraws(self.recaptured * ones, ones, 0.1 * ones, self.online * ones),
        )


def known_demand(*hourly: float, **changes: object) -> KnownDemand:
    """Demand of the tiny shop's twelve hours from 8 to 20, those not named zero."""
    padded = (*hourly, *(0.0 for _ in range(12 - len(hourly))))
    return KnownDemand(tiny_shop().grid, padded, **changes)  # type: ignore[arg-type]


BUSY_UNTIL_FIVE = (0.1, 0.2, 4.0, 5.0, 6.0, 5.0, 5.0, 4.0, 4.0, 0.3, 0.2, 0.1)
"""Customers an hour from 8 on: worth opening from 10 to 17."""


def write_tiny_shop(folder: Path, days: int = 56, toml: str = "") -> Path:
    """A shop folder with one receipts file, open Mo-Fr 10-14 and busiest just before closing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.toml").write_text(TOML + toml, encoding="utf-8")
    chance = np.random.default_rng(7)
    rows = ["time;id;amount"]
    for day in range(days):
        date = dt.date(2026, 1, 5) + dt.timedelta(days=day)
        if date.weekday() < 5:
            for hour, rate in ((10, 3.0), (11, 5.0), (12, 6.0), (13, 7.0)):
                for minute in sorted(chance.integers(0, 60, chance.poisson(rate))):
                    rows.append(f"{date} {hour:02d}:{minute:02d};{len(rows)};20.00")
    (folder / "receipts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


TOML = """\
schema_version = 1

[shop]
name = "Tiny"
country = "FI"
timezone = "Europe/Helsinki"
currency = "EUR"
language = "en"

[grid]
slot_minutes = 60
earliest = "08:00"
latest = "20:00"

[[hours]]
hours = "Mo-Fr 10:00-14:00"

[sources]
receipts = "receipts.csv"

[economics]
prices_include_vat = false
margin_rate = 0.5
open_hour_cost = 2.0

[service]
minutes_per_customer = 2.0

[[staff]]
name = "owner"
people = 1
hourly_cost = 12.0
supplements = false
shift_hours = [0, 12]

[limits]
min_staff = 1
max_staff = 1
"""
