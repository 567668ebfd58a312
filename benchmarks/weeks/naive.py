"""The peer to beat: the week slot by slot, as one would first write it down in PuLP.

Every slot is open or not; customers of a closed slot flow to the nearest open one by preference
rows; what a slot serves lies under tangent planes; every shift is a variable, its break mid-way.
One draw: the expected demand. What it finds is valued by `evaluate` on the true scenario.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pulp

from hoursopt.evaluate import Shift, StaffedWeek
from hoursopt.response import served
from hoursopt.scenario import Scenario

REACH_HOURS = 3.0
POINTS = ((0.3, 1), (0.6, 1), (1.0, 1), (0.6, 2), (1.0, 2), (1.0, 3), (1.3, 3), (1.3, 4))
"""Tangent planes: share of what so many people can serve at most, and the people."""


class NaiveWeek:
    """The model of a scenario's week, and the week that its values mean."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.problem = pulp.LpProblem("naive_week", pulp.LpMaximize)
        self.money: list[tuple[pulp.LpVariable, float]] = []
        self.constant = 0.0
        self.open: list[list[pulp.LpVariable]] = []
        self.shifts: list[tuple[Shift, pulp.LpVariable]] = []
        self.paid: dict[str, list[tuple[pulp.LpVariable, float]]] = {}
        for day in range(scenario.days):
            self._day(day)
        self._week()
        self.problem.setObjective(pulp.LpAffineExpression(self.money) + self.constant)

    def week(self) -> StaffedWeek:
        """The staffed week of a solved model; its numbers are rounded."""
        grid = self.scenario.grid
        hours = tuple(grid.spans([(x.varValue or 0) > 0.5 for x in day]) for day in self.open)
        shifts = []
        for shift, count in self.shifts:
            many = round(count.varValue or 0.0)
            if many > 0 and hours[shift.day]:
                shifts.append(
                    Shift(shift.day, shift.staff, many, shift.first, shift.last, shift.break_first)
                )
        return StaffedWeek(hours, tuple(shifts))

    def _day(self, day: int) -> None:
        scenario, problem = self.scenario, self.problem
        slots = range(scenario.grid.size)
        is_open = [problem.add_variable(f"o_{day}_{h}", 0, 1, pulp.LpInteger) for h in slots]
        opens = [problem.add_variable(f"u_{day}_{h}", 0, 1, pulp.LpInteger) for h in slots]
        self.open.append(is_open)
        for h in slots:
            before = is_open[h - 1] if h else 0
            problem.addConstraint(opens[h] >= is_open[h] - before)
        problem.addConstraint(pulp.lpSum(opens) <= 1)
        shortest = math.ceil(scenario.limits.min_open_hours / scenario.grid.slot_hours)
        for h in slots:
            since = opens[max(0, h - shortest + 1) : h + 1]
            problem.addConstraint(pulp.lpSum(since) <= is_open[h])
        day_open = problem.add_variable(f"day_{day}", 0, 1)
        for x in is_open:
            problem.addConstraint(x <= day_open)
        self.money += [(x, -scenario.open_slot_cost) for x in is_open]
        self.money.append((day_open, -scenario.open_day_cost))
        arrivals = self._flows(day, is_open)
        duty = self._duty(day, day_open)
        for h in slots:
            problem.addConstraint(pulp.lpSum(duty[h]) >= scenario.limits.min_staff * is_open[h])
            problem.addConstraint(pulp.lpSum(duty[h]) <= scenario.limits.max_staff)
            self._gain(day, h, arrivals[h], duty[h])

    def _flows(
        self, day: int, is_open: list[pulp.LpVariable]
    ) -> list[list[tuple[pulp.LpVariable, float]]]:
        """Customers who arrive at each slot, as terms."""
        scenario, diversion = self.scenario, self.scenario.diversion
        slots = range(scenario.grid.size)
        mean = scenario.walk_in[:, day].mean(axis=0)
        web = float(
            scenario.online_margin * diversion.online.mean()
            - scenario.goodwill * (1 - diversion.online.mean())
        )
        reach = round(REACH_HOURS / scenario.grid.slot_hours)
        arrivals = [[(is_open[h], float(mean[h]))] for h in slots]
        for h in slots:
            self.constant += web * float(mean[h])
            self.money.append((is_open[h], -web * float(mean[h])))
            better: list[pulp.LpVariable] = []
            ranked = [h + s * x for x in range(1, reach + 1) for s in (1, -1)]
            for target in (t for t in ranked if t in slots):
                hours = abs(target - h) * scenario.grid.slot_hours
                share = float(
                    (diversion.recaptured * np.exp(-hours / diversion.reach_hours)).mean()
                )
                flow = self.problem.add_variable(f"flow_{day}_{h}_{target}", 0, 1)
                self.problem.addConstraint(flow <= is_open[target])
                self.problem.addConstraint(flow <= 1 - is_open[h])
                for nearer in better:
                    self.problem.addConstraint(flow + nearer <= 1)
                better.append(is_open[target])
                arrivals[target].append((flow, share * float(mean[h])))
                self.money.append((flow, -web * share * float(mean[h])))
        return arrivals

    def _duty(self, day: int, day_open: pulp.LpVariable) -> list[list[pulp.LpVariable]]:
        """Shifts on duty in each slot."""
        scenario = self.scenario
        duty: list[list[pulp.LpVariable]] = [[] for _ in range(scenario.grid.size)]
        for group in scenario.staff:
            present: list[list[pulp.LpVariable]] = [[] for _ in duty]
            for shift in _shifts(scenario, day, group.name):
                name = f"x_{day}_{group.name}_{shift.first}_{shift.last}"
                count = self.problem.add_variable(name, 0, group.people, pulp.LpInteger)
                self.shifts.append((shift, count))
                pause = shift.break_first
                off = range(0) if pause is None else range(pause, pause + group.break_slots)
                pay = float(group.pay[day, shift.first : shift.last].sum())
                pay -= float(group.pay[day, list(off)].sum()) * group.break_unpaid
                self.money.append((count, -pay))
                paid = shift.last - shift.first - len(off) * group.break_unpaid
                terms = self.paid.setdefault(group.name, [])
                terms.append((count, paid * scenario.grid.slot_hours))
                for h in range(shift.first, shift.last):
                    present[h].append(count)
                    if h not in off:
                        duty[h].append(count)
            for here in present:
                self.problem.addConstraint(pulp.lpSum(here) <= group.people * day_open)
        return duty

    def _gain(
        self,
        day: int,
        h: int,
        arrivals: list[tuple[pulp.LpVariable, float]],
        duty: list[pulp.LpVariable],
    ) -> None:
        scenario = self.scenario
        service, hours = scenario.service, scenario.grid.slot_hours
        come = pulp.LpAffineExpression(arrivals)
        people = pulp.lpSum(duty)
        sold = self.problem.add_variable(f"s_{day}_{h}", 0)
        self.problem.addConstraint(sold <= come)
        for share, number in POINTS:
            at = share * number * hours * 60 / service.minutes_per_customer
            value, more, another = served(
                [at, at * 1.001, at], [number, number, number + 1], service, hours
            ).tolist()
            slope = (more - value) / (at * 0.001)
            self.problem.addConstraint(
                sold <= value + slope * (come - at) + (another - value) * (people - number)
            )
        self.money.append((sold, float(scenario.margin[day, h]) + scenario.goodwill))
        self.money += [(x, -scenario.goodwill * weight) for x, weight in arrivals]

    def _week(self) -> None:
        scenario, problem = self.scenario, self.problem
        for group in scenario.staff:
            if group.week_hours is not None:
                problem.addConstraint(
                    pulp.LpAffineExpression(self.paid[group.name]) <= group.week_hours
                )
        least, most = scenario.limits.week_open_hours
        hours = pulp.lpSum(x for day in self.open for x in day) * scenario.grid.slot_hours
        problem.addConstraint(hours <= most)
        problem.addConstraint(hours >= least)
        patterns = scenario.limits.patterns
        if patterns < scenario.days:
            self._patterns(patterns)

    def _patterns(self, patterns: int) -> None:
        problem, slots = self.problem, range(self.scenario.grid.size)
        kept = [
            [problem.add_variable(f"p_{k}_{h}", 0, 1, pulp.LpInteger) for h in slots]
            for k in range(patterns)
        ]
        for day, is_open in enumerate(self.open):
            closed = problem.add_variable(f"closed_{day}", 0, 1, pulp.LpInteger)
            follows = [
                problem.add_variable(f"r_{day}_{k}", 0, 1, pulp.LpInteger) for k in range(patterns)
            ]
            problem.addConstraint(pulp.lpSum(follows) + closed == 1)
            for h in slots:
                problem.addConstraint(is_open[h] <= 1 - closed)
                for k in range(patterns):
                    problem.addConstraint(is_open[h] - kept[k][h] <= 1 - follows[k])
                    problem.addConstraint(kept[k][h] - is_open[h] <= 1 - follows[k])


def _shifts(scenario: Scenario, day: int, name: str) -> Iterator[Shift]:
    """Every shift of a group, with its break in the middle where one is due."""
    group = next(group for group in scenario.staff if group.name == name)
    for first in range(scenario.grid.size):
        for length in range(group.shortest, group.longest + 1):
            last = first + length
            if last > scenario.grid.size:
                break
            due = group.break_after is not None and length > group.break_after
            pause = first + (length - group.break_slots) // 2 if due else None
            yield Shift(day, name, 1, first, last, pause)
