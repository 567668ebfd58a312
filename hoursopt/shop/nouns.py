"""What a shop is: its grid, hours, economics, diversion, service, staff, limits, rules and seasons.

Nouns only; `hoursopt.shop.file` reads and writes them as `shop.toml`. Money is in the shop's
currency, shares are 0 to 1, times are minutes of the trading day.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hoursopt.calendar import WHOLE_YEAR, Season
from hoursopt.hours import CLOSED, Grid, OpeningHours, Span, Spans

SOURCES = ("receipts", "footfall", "orders", "street", "rota")
RULE_KINDS = ("closed", "open", "closed_before", "closed_after", "same_hours", "keep_today")
WITNESS_KINDS = ("near", "area", "unknown")
LANGUAGES = ("fi", "sv", "en")
WHOLE_DAY = Span(0, 24 * 60)

RuleKind = Literal["closed", "open", "closed_before", "closed_after", "same_hours", "keep_today"]


@dataclass(frozen=True)
class Range:
    """A number that is known (`low == high`) or an 80 % prior range."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether the owner gave one number."""
        return self.low == self.high

    @property
    def middle(self) -> float:
        """Midpoint of the range."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class HoursInForce:
    """Hours that began on `start` (None: from the beginning)."""

    hours: OpeningHours
    start: dt.date | None = None


@dataclass(frozen=True)
class SourceOptions:
    """What the owner says of a source's files where detection cannot decide."""

    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None  # "dmy" | "mdy" | "ymd"
    decimal: str | None = None  # "," | "."
    encoding: str | None = None
    delimiter: str | None = None
    timezone: str | None = None
    kind: Literal["near", "area", "unknown"] = "unknown"


@dataclass(frozen=True)
class Sources:
    """Data files per source, as written in `shop.toml` (relative to its folder).

    peers: the folders, or shop.toml files, of other shops of the same chain.
    """

    receipts: tuple[str, ...] = ()
    footfall: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    rota: tuple[str, ...] = ()
    options: Mapping[str, SourceOptions] = field(default_factory=dict)
    peers: tuple[str, ...] = ()

    def files(self, source: str) -> tuple[str, ...]:
        """The files of one of `SOURCES`."""
        files: tuple[str, ...] = getattr(self, source)
        return files

    def option(self, source: str) -> SourceOptions:
        """The options of one of `SOURCES`, empty where none are given."""
        return self.options.get(source, SourceOptions())


@dataclass(frozen=True)
class Exceptions:
    """Single dates that were or will be different."""

    closed: tuple[dt.date, ...] = ()
    hours: Mapping[dt.date, Spans] = field(default_factory=dict)


@dataclass(frozen=True)
class Economics:
    """Margins, basket values and the cost of being open."""

    margin_rate: float
    online_margin_rate: float = 0.0
    conversion: float | None = None
    basket_value: float | None = None
    online_basket_value: float | None = None
    prices_include_vat: bool = True
    vat_rate: float = 0.0
    open_hour_cost: float = 0.0
    open_day_cost: float = 0.0
    goodwill_cost: float = 0.0

    @property
    def net_share(self) -> float:
        """Net of VAT per unit of price."""
        return 1 / (1 + self.vat_rate) if self.prices_include_vat else 1.0


@dataclass(frozen=True)
class Diversion:
    """Where customers of a closed hour go (DESIGN part 3); hours for `reach_hours`, else shares."""

    recaptured: Range = Range(0.20, 0.50)
    reach_hours: Range = Range(0.7, 2.0)
    next_day: Range = Range(0.0, 0.15)
    online: Range = Range(0.05, 0.30)


@dataclass(frozen=True)
class Service:
    """Staff time per customer and order, and how long a customer waits; minutes."""

    minutes_per_customer: float = 4.0
    patience_minutes: float = 8.0
    minutes_per_order: float = 0.0


@dataclass(frozen=True)
class StaffGroup:
    """People who cost the same and work under the same shift rules."""

    name: str
    people: int
    hourly_cost: float | None = None
    hourly_wage: float | None = None
    on_cost_rate: float = 0.0
    supplements: bool = False
    shift_hours: tuple[float, float] = (0.0, 12.0)
    week_hours: float | None = None
    break_after_hours: float | None = None
    break_minutes: float = 0.0


@dataclass(frozen=True)
class Supplement:
    """Extra pay by the clock: money per hour or a share of the base wage.

    `span` in clock minutes (may run past midnight), of the calendar days `weekdays`; on public
    holidays too where `holidays` is true.
    """

    name: str
    weekdays: tuple[int, ...]
    holidays: bool = False
    span: Span = WHOLE_DAY
    per_hour: float = 0.0
    share: float = 0.0


@dataclass(frozen=True)
class Limits:
    """Bounds of every plan.

    season_changes: weekdays whose hours change at the borders between seasons, at most, in all of a
    year (None: any number); season_change_cost: money a year for each.
    """

    min_staff: int = 1
    max_staff: int = 4
    intervals_per_day: int = 1
    min_open_hours: float = 2.0
    week_open_hours: tuple[float, float] = (0.0, 168.0)
    patterns: int = 7
    change_cost: float = 0.0
    season_changes: int | None = None
    season_change_cost: float = 0.0


@dataclass(frozen=True)
class Rule:
    """One principle of the owner.

    closed: shut on `weekdays`, or within `span` of them; open: open at some time on `weekdays`, or
    all through `span`; closed_before and closed_after: shut before or after minute `at`;
    same_hours: all `weekdays` have the same hours; keep_today: hours of `weekdays` stay.
    `season` None: the whole year.
    """

    name: str
    kind: RuleKind
    weekdays: tuple[int, ...]
    at: int | None = None
    span: Span | None = None
    season: str | None = None


@dataclass(frozen=True)
class Event:
    """Dates unlike others that the calendar does not know; `factor` on demand where given."""

    name: str
    dates: tuple[tuple[dt.date, dt.date], ...]
    factor: float | None = None


@dataclass(frozen=True)
class Horizon:
    """The time for which is planned; `start` None: the day after the last observation."""

    start: dt.date | None = None
    weeks: int = 52


@dataclass(frozen=True)
class Decision:
    """When to advise a change: only where it beats today with probability `chance`.

    robust: how much the worst tenth of all that may come counts beside the mean when a second week
    is planned for it, 0 to 1; 0: none is.
    """

    chance: float = 0.8
    robust: float = 0.0


@dataclass(frozen=True)
class Shop:
    """Everything that `shop.toml` says."""

    name: str
    country: str
    timezone: str
    currency: str
    grid: Grid
    hours: tuple[HoursInForce, ...]
    economics: Economics
    staff: tuple[StaffGroup, ...]
    subdivision: str = ""
    language: str = "en"
    web: str = ""
    sources: Sources = Sources()
    exceptions: Exceptions = Exceptions()
    diversion: Diversion = Diversion()
    service: Service = Service()
    supplements: tuple[Supplement, ...] = ()
    limits: Limits = Limits()
    rules: tuple[Rule, ...] = ()
    seasons: tuple[Season, ...] = (WHOLE_YEAR,)
    events: tuple[Event, ...] = ()
    horizon: Horizon = Horizon()
    decision: Decision = Decision()
    folder: Path = Path()

    @property
    def today(self) -> OpeningHours:
        """The hours in force now: the last of `hours`."""
        return self.hours[-1].hours

    def hours_on(self, date: dt.date) -> Spans:
        """The spans that were or will be in force on a date, single-date exceptions first."""
        if date in self.exceptions.closed:
            return ()
        if date in self.exceptions.hours:
            return self.exceptions.hours[date]
        started = [force for force in self.hours if force.start is None or force.start <= date]
        return (started[-1].hours if started else CLOSED)[date.weekday()]

    def rules_of(self, season: str) -> tuple[Rule, ...]:
        """The rules that hold in a season."""
        return tuple(rule for rule in self.rules if rule.season in (None, season))

    def replace(self, **changes: object) -> Shop:
        """A copy with other parts: every what-if is one."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]
