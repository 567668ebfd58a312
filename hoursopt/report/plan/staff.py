"""Who works when, and what it costs: base pay, each supplement, side costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Grid
from hoursopt.report.nouns import Block, Cell, Column, Row, Section, Table, Words
from hoursopt.report.reading import PlannedSeason, PlannedShift
from hoursopt.report.subject import Subject
from hoursopt.shop import Shop, StaffGroup, Supplement
from hoursopt.wages import covered

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pay:
    """What shifts cost: paid hours, base pay, each supplement by its name, side costs."""

    hours: float
    base: float
    supplements: dict[str, float]
    side: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.base + sum(self.supplements.values()) + self.side


def staff(subject: Subject) -> Section:
    """The shifts of each day, and the cost of a week by group and supplement."""
    t = subject.t
    blocks: list[Block] = [Words((t("report.staff_words"),))]
    for season in subject.seasons:
        blocks += [_shifts(subject, season), cost_table(subject, season)]
    return Section(t("report.staff"), tuple(blocks), "shifts")


def _shifts(subject: Subject, season: PlannedSeason) -> Table:
    t = subject.t
    columns = (
        Column(t("plan.day")),
        Column(t("report.staff_group")),
        Column(t("report.people"), "count", broad=0.7),
        Column(t("report.shift")),
        Column(t("report.pause")),
        Column(t("report.paid_hours"), "number"),
        Column(t("report.pay"), "cents"),
    )
    rows = []
    for shift in season.shifts:
        pay = pay_of(subject.shop, [shift])
        cells: tuple[Cell, ...] = (
            t.weekday(shift.weekday),
            shift.staff,
            shift.count,
            t.span(shift.span),
            t.span(shift.pause) if shift.pause else "",
            pay.hours,
            round(pay.total, 2),
        )
        rows.append(Row(cells))
    whole = pay_of(subject.shop, season.shifts)
    people = sum(shift.count for shift in season.shifts)
    cells = (t("report.in_all"), "", people, "", "", whole.hours, round(whole.total, 2))
    name = f"{season.name}/shifts"
    rows.append(Row(cells, "sum", tuple(range(len(rows))), name))
    return Table(subject.title(season), columns, tuple(rows))


def cost_table(subject: Subject, season: PlannedSeason) -> Table:
    """A line for each group of staff, a column for each supplement that is paid in the week."""
    t, shop = subject.t, subject.shop
    pays = {
        group.name: pay_of(shop, [shift for shift in season.shifts if shift.staff == group.name])
        for group in shop.staff
    }
    paid = [
        one.name
        for one in shop.supplements
        if any(pay.supplements[one.name] for pay in pays.values())
    ]
    columns = (
        Column(t("report.staff_group"), broad=1.3),
        Column(t("report.paid_hours"), "number"),
        Column(t("report.base_pay"), "cents"),
        *(Column(name, "cents") for name in paid),
        Column(t("report.side_costs"), "cents"),
        Column(t("report.in_all"), "cents"),
    )
    rows = [Row((name, *_cost(pay, paid))) for name, pay in pays.items() if pay.hours]
    whole = pay_of(shop, season.shifts)
    sums: tuple[Cell, ...] = (t("report.in_all"), *_cost(whole, paid))
    rows.append(Row(sums, "sum", tuple(range(len(rows))), f"{season.name}/pay"))
    return Table(t("report.cost_title", season=season.name), columns, tuple(rows))


def _cost(pay: Pay, paid: Sequence[str]) -> tuple[float, ...]:
    extra = [pay.supplements[name] for name in paid]
    return (pay.hours, *(round(value, 2) for value in (pay.base, *extra, pay.side, pay.total)))


def pay_of(shop: Shop, shifts: Sequence[PlannedShift]) -> Pay:
    """What shifts cost by the words of shop.toml: a second way to the wages of the ledger."""
    groups = {group.name: group for group in shop.staff}
    hours = base = side = 0.0
    extra = {supplement.name: 0.0 for supplement in shop.supplements}
    shares = {one.name: _paid_when(one, shop.grid) for one in shop.supplements}
    for shift in shifts:
        group = groups[shift.staff]
        paid = paid_share(shop, group, shift) * shift.count
        worked = float(paid.sum()) * shop.grid.slot_hours
        hourly = _base(group)
        added = {
            one.name: (one.per_hour + one.share * hourly)
            * float((paid * shares[one.name][shift.weekday]).sum())
            * shop.grid.slot_hours
            * group.supplements
            for one in shop.supplements
        }
        hours += worked
        base += worked * hourly
        side += (worked * hourly + sum(added.values())) * group.on_cost_rate
        extra = {name: extra[name] + added[name] for name in extra}
    return Pay(hours, base, extra, side)


@cache
def _paid_when(supplement: Supplement, grid: Grid) -> Floats:
    """(7, H) share of each slot of a week without holidays in which a supplement is paid."""
    return covered(supplement, grid, range(7), frozenset())


def paid_share(shop: Shop, group: StaffGroup, shift: PlannedShift) -> Floats:
    """(H,) paid share of each slot of one person's shift: the unpaid part of a break taken off."""
    grid = shop.grid
    paid = np.array(grid.shares([shift.span]))
    if shift.pause is not None:
        pause = np.array(grid.shares([shift.pause]))
        unpaid = group.break_minutes / (shift.pause.hours * 60)
        paid = paid - pause * unpaid
    return paid


def _base(group: StaffGroup) -> float:
    return group.hourly_cost if group.hourly_cost is not None else group.hourly_wage or 0.0


def duty(shop: Shop, season: PlannedSeason) -> NDArray[np.int_]:
    """(7, H) people on duty by the planned shifts, those on a break left out."""
    people = np.zeros((7, shop.grid.size), dtype=int)
    for shift in season.shifts:
        on = np.array(shop.grid.shares([shift.span]))
        if shift.pause is not None:
            on -= np.array(shop.grid.shares([shift.pause]))
        people[shift.weekday] += shift.count * on.round().astype(int)
    return people
