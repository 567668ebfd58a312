"""Why a week is best, what it depends on, and what would be worth knowing; nouns only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from hoursopt.hours import Spans
from hoursopt.plan.estimate import Estimate, Floats

Week = tuple[Spans, ...]

Wish = Literal["same_weekdays", "patterns", "full_hours"]
Freed = Literal["rules", "rules_and_limits"]


@dataclass(frozen=True)
class WantedHours:
    """What became of those who wanted to come in each hour, each array (N, H), means over draws.

    Every figure stands in the slot in which customers wanted to come, wherever they ended up:
    wanted = served + online + abandoned + lost in each slot. `recaptured` is the part of served who
    came at another hour of ours. The sums are those of the week's `Ledger`.
    """

    wanted: Floats
    served: Floats
    recaptured: Floats
    online: Floats
    abandoned: Floats
    lost: Floats


@dataclass(frozen=True)
class Edge:
    """What a stretch of opening is worth a week; `is_open` in the best plan."""

    season: str
    weekday: int
    start: int
    end: int
    is_open: bool
    worth: Estimate
    new: float
    moved: float
    from_online: float
    evidence: str


@dataclass(frozen=True)
class RulePrice:
    """What a rule costs a week in a season; `hours`: the best week without it, () if the same."""

    name: str
    season: str
    price: Estimate
    hours: Week = ()


@dataclass(frozen=True)
class LimitPrice:
    """What a limit costs a week, or what one more of it would bring (people on duty, heads).

    limit: a key of `[limits]` or, with `group`, of that `[[staff]]`. value: as in force.
    """

    limit: str
    group: str
    value: str
    season: str
    price: Estimate
    hours: Week = ()


@dataclass(frozen=True)
class Together:
    """What a week more would earn without all rules, or without all rules and limits that bind."""

    freed: Freed
    season: str
    price: Estimate
    hours: Week = ()


@dataclass(frozen=True)
class WishPrice:
    """What simpler hours would cost a week: the best week less the best one that is so simple.

    same_weekdays: Monday to Friday alike; patterns: at most `patterns` different daily hours;
    full_hours: opening and closing on the full hour. `patterns` is 0 elsewhere.
    """

    wish: Wish
    patterns: int
    season: str
    price: Estimate
    hours: Week


@dataclass(frozen=True)
class Alternative:
    """Other hours within 1 % of the best: profit of a week, and what it lacks against the best.

    Days whose hours differ from the best week's, and from today's.
    """

    season: str
    hours: str
    profit: float
    less: Estimate
    days_unlike_best: int
    days_unlike_today: int


@dataclass(frozen=True)
class WholeDay:
    """How the whole day of a trial should differ from the same weekday without it, at break-even.

    receipts: more of them in the shop, all day; orders: fewer in the web shop. weeks: openings
    after which these totals alone would tell with the same power, None where not within the season.
    """

    receipts: float
    orders: float
    weeks: int | None


@dataclass(frozen=True)
class Trial:
    """Hours to try, and the receipts per opening that decide.

    weeks: openings, one a week, for a firm call in `power` of trials. dates: when to try: every
    other week (`alternate`) where the season is long enough, so that the weeks between are the
    measure. threshold: customers an opening from which it earns, counting only those who would
    else not have bought from us; from `keep_from` on it is certain enough, below `drop_below` that
    it does not pay, and between them it is too close to call and either choice costs little.
    knowing: money that certainty would be worth in the rest of the season; learning: what this
    trial is worth of it, its own cost taken off.
    """

    season: str
    weekday: int
    start: int
    end: int
    weeks: int
    threshold: float
    keep_from: float
    drop_below: float
    power: float
    alternate: bool
    dates: tuple[dt.date, ...]
    knowing: float
    learning: float
    whole_day: WholeDay


@dataclass(frozen=True)
class Steering:
    """What of the gain comes from customers who buy in the web shop instead of in the shop.

    customers: a week, below 0 where the plan brings them back into the shop. part: money a week of
    theirs. web_margin and shop_margin: of an order, and of a mean sale in the best week.
    """

    customers: float
    part: Estimate
    web_margin: float
    shop_margin: float

    @property
    def web_pays_more(self) -> bool:
        """Whether a web order earns more than a sale, so that turning people away looks good."""
        return self.web_margin > self.shop_margin


@dataclass(frozen=True)
class PartialChange:
    """Gain a week over today when only these weekdays change, the cost of change taken off."""

    weekdays: tuple[int, ...]
    gain: Estimate
    change_cost: float


@dataclass(frozen=True)
class Stability:
    """What a change of hours costs regular customers, and what is left of the gain with less of it.

    one_day: each weekday that changes, by itself, the best first; weekdays: Monday to Friday only,
    None where nothing changes on them or where the weekend stays anyway. year_gain: of this
    season's change alone.
    """

    change_cost: float
    one_day: tuple[PartialChange, ...]
    weekdays: PartialChange | None
    year_gain: Estimate


@dataclass(frozen=True)
class Explanation:
    """Why a season's best week is as it is, and what would be worth knowing."""

    edges: tuple[Edge, ...] = ()
    rules: tuple[RulePrice, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    trials: tuple[Trial, ...] = ()
    limits: tuple[LimitPrice, ...] = ()
    wishes: tuple[WishPrice, ...] = ()
    together: tuple[Together, ...] = ()
    steering: Steering | None = None
    stability: Stability | None = None
