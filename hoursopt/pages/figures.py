"""The figures that a visitor may change without touching the shop's files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from hoursopt.i18n import Texts
from hoursopt.shop import Diversion, Economics, Range, Shop, StaffGroup

RATES = ("margin_rate", "online_margin_rate")
COSTS = ("open_hour_cost", "open_day_cost", "goodwill_cost")
SHARES = ("recaptured", "next_day", "online")
LONGEST_REACH = 8.0


@dataclass(frozen=True)
class Figures:
    """Economics, pay and diversion of a shop, as they stand or as they might be."""

    economics: Economics
    staff: tuple[StaffGroup, ...]
    diversion: Diversion

    @classmethod
    def of(cls, shop: Shop) -> Figures:
        """The shop's own."""
        return cls(shop.economics, shop.staff, shop.diversion)

    def applied(self, shop: Shop) -> Shop:
        """The shop with these figures."""
        return shop.replace(economics=self.economics, staff=self.staff, diversion=self.diversion)


def pay_field(group: StaffGroup) -> str:
    """The field that holds what an hour of a group costs."""
    return "hourly_cost" if group.hourly_wage is None else "hourly_wage"


def changes(old: Figures, new: Figures, currency: str, t: Texts) -> Iterator[str]:
    """What differs between two sets of figures, in words."""

    def told(name: str, before: str, after: str) -> str:
        return t("page.change", name=name, old=before, new=after)

    for name in (*RATES, *COSTS):
        before, after = (getattr(figures.economics, name) for figures in (old, new))
        if before != after:
            say = t.percent if name in RATES else t.number
            yield told(t(f"page.{name}", currency=currency), say(before), say(after))
    for was, group in zip(old.staff, new.staff, strict=True):
        before, after = (getattr(one, pay_field(one)) for one in (was, group))
        if before != after:
            name = t("page.hourly_pay", name=group.name, currency=currency)
            yield told(name, t.number(before, digits=2), t.number(after, digits=2))
    for field in fields(Diversion):
        first, second = (getattr(figures.diversion, field.name) for figures in (old, new))
        if first != second:
            yield told(
                t(f"page.{field.name}"),
                _range(first, field.name, t),
                _range(second, field.name, t),
            )


def _range(value: Range, name: str, t: Texts) -> str:
    say = t.percent if name in SHARES else t.number
    return t("page.span", low=say(value.low), high=say(value.high))
