"""The best staffing of one day with given hours: a linear program that the solver keeps warm.

Variables are counts so far: how many people of a kind of shift have come, gone to their break and
gone home by each slot border. Every limit of a shift is then a difference of two counts. The gain
of a slot is concave in the people on duty, so it is a sum of steps, each at most one person. The
rows stay the same for all hours and gains of a day: only costs and bounds change, and the solver
goes on from the last basis. Where its counts are not whole (breaks can do that) a small integer
program takes over.

The prices of the rows "on duty are those whose shift covers the slot" hold for every opening of
the day: see `hoursopt.program.book.sheet`.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import SolverError
from hoursopt.evaluate import Shift
from hoursopt.program.making import shift_kinds
from hoursopt.program.tables import most_on_duty
from hoursopt.program.variables import ShiftKind
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int_]

NEAR_WHOLE = 1e-6
COST_STEP = 1e-5
"""Costs are whole multiples of this: solvers err on smaller ones."""


@dataclass(frozen=True)
class Staffed:
    """A day's best staffing.

    worth: gains of the slots less pay; hours: paid by each staff group. shifts: None where only the
    linear program was asked, and its counts are not whole: then the worth is a bound. prices: (H,)
    what one more person on duty would cost; rest: the most that any shifts bring when each person
    on duty is paid these prices.
    """

    worth: float
    hours: Floats
    shifts: tuple[Shift, ...] | None
    prices: Floats
    rest: float


@dataclass(frozen=True)
class _Series:
    """Columns of the counts of one kind of shift, each from border 0 to H."""

    kind: ShiftKind
    come: Whole
    gone: Whole
    rested: Whole | None


class StaffModel:
    """The rows of a day's linear program, which are the same for all days of a scenario.

    low, high: (rows,) bounds, of which the first H are those whose prices are asked for; start,
    index and value: the matrix, row by row. series: columns of the counts, all before
    `first_step`, with `upper` bounds; from there `most` steps a slot. basis: where the first day
    that was solved ended; the others start there.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.slots = scenario.grid.size
        self.most = most_on_duty(scenario)
        self._rows: list[tuple[float, float, list[int], list[float]]] = []
        self.series = self._columns(scenario)
        counts = sum(3 if one.rested is not None else 2 for one in self.series)
        self.first_step = counts * (self.slots + 1)
        people = max((one.kind.staff.people for one in self.series), default=0)
        self.upper = np.full(self.first_step, float(people * self.slots))
        self.basis: highspy.HighsBasis | None = None
        self._links(scenario)
        self.low = np.array([row[0] for row in self._rows])
        self.high = np.array([row[1] for row in self._rows])
        self.start = np.cumsum([0, *(len(row[2]) for row in self._rows)])
        self.index = np.array([column for row in self._rows for column in row[2]])
        self.value = np.array([weight for row in self._rows for weight in row[3]])

    def _columns(self, scenario: Scenario) -> tuple[_Series, ...]:
        series = []
        column = 0
        for kind in shift_kinds(scenario):
            parts = []
            for _ in range(3 if kind.has_break else 2):
                parts.append(np.arange(column, column + self.slots + 1))
                column += self.slots + 1
            series.append(_Series(kind, parts[0], parts[1], parts[2] if kind.has_break else None))
        return tuple(series)

    def _links(self, scenario: Scenario) -> None:
        """All rows; the first H are those whose prices are asked for."""
        steps = np.arange(self.slots * self.most).reshape(self.slots, self.most) + self.first_step
        for slot in range(self.slots):
            columns = steps[slot].tolist()
            weights = [1.0] * len(columns)
            for one in self.series:
                for column, weight in self._on_duty(one, slot):
                    columns.append(column)
                    weights.append(-weight)
            self._rows.append((0.0, 0.0, columns, weights))
        for group, staff in enumerate(scenario.staff):
            mine = [one for one in self.series if one.kind.group == group]
            for slot in range(self.slots if mine else 0):
                columns = [int(part[slot]) for one in mine for part in (one.come, one.gone)]
                self._rows.append((-np.inf, float(staff.people), columns, [1.0, -1.0] * len(mine)))
        for one in self.series:
            self._links_of(one)

    def _links_of(self, one: _Series) -> None:
        kind, last = one.kind, self.slots
        for border in range(last + 1):
            self._at_least(one.come, border - kind.shortest, one.gone, border)
            if border >= kind.longest:
                self._at_least(one.gone, border, one.come, border - kind.longest)
            if one.rested is not None:
                self._at_least(one.come, border - 1, one.rested, border)
                self._at_least(one.rested, border - kind.staff.break_slots - 1, one.gone, border)
        self._at_least(one.gone, last, one.come, last)
        for part in (one.come, one.gone, one.rested):
            if part is not None:
                for border in range(1, last + 1):
                    self._at_least(part, border, part, border - 1)

    def _at_least(self, larger: Whole, at: int, smaller: Whole, border: int) -> None:
        """A count at one border is at least another count at another; before the day all are 0."""
        less = int(smaller[border])
        if at < 0:
            self.upper[less] = 0.0
        elif self.upper[less] > 0 and int(larger[at]) != less:
            self._rows.append((0.0, np.inf, [int(larger[at]), less], [1.0, -1.0]))

    def _on_duty(self, one: _Series, slot: int) -> list[tuple[int, float]]:
        """People of a kind on duty in a slot, as columns and weights."""
        terms = [(int(one.come[slot]), 1.0), (int(one.gone[slot]), -1.0)]
        if one.rested is not None:
            terms.append((int(one.rested[slot]), -1.0))
            back = slot - one.kind.staff.break_slots
            if back >= 0:
                terms.append((int(one.rested[back]), 1.0))
        return terms


class DayStaffing:
    """Solves one day again and again, under changing gains, hours and prices of weekly hours.

    A solver's state is kept between calls, so this is no value: one object a day, one thread.
    `basis`: where to begin.
    """

    def __init__(
        self,
        scenario: Scenario,
        day: int,
        model: StaffModel,
        basis: highspy.HighsBasis | None = None,
    ) -> None:
        self.day = day
        self._pay = tuple(group.pay[day] for group in scenario.staff)
        self._slot_hours = scenario.grid.slot_hours
        self.slots = model.slots
        self.fewest = scenario.limits.min_staff
        self.most = model.most
        self.limit = min(self.most, scenario.limits.max_staff)
        self.solves = 0
        self._model = model
        self._series = model.series
        self._first_step = model.first_step
        self._start = basis
        self._asked: tuple[tuple[float, ...], bytes | None] | None = None
        self._costs = self._pay_of_counts((0.0,) * len(scenario.staff), None)
        # Made when they are first needed, and so begun where another day ended.
        self._linear: highspy.Highs | None = None
        self._whole: highspy.Highs | None = None

    def staff(
        self,
        gains: Floats,
        is_open: Flags,
        hour_prices: tuple[float, ...],
        *,
        whole: bool,
        nudge: Floats | None = None,
    ) -> Staffed | None:
        """The best staffing when open slots earn `gains` (H, n); None where nobody can do it.

        `hour_prices`: money of each group's paid hour on top of its pay. `whole` False: a bound
        will do where the linear program has no whole solution. `nudge`: (groups, H) added to pay
        while solving: of staffings that are worth the same it finds another.
        """
        if self._linear is None:
            self._linear = self._solver(whole=False)
        self._set_prices(hour_prices, nudge)
        solved = self._solve(self._linear, gains, is_open)
        if solved is None:
            return None
        counts, bound, prices = solved
        rest = float(prices @ self._duty(counts) - self._costs @ counts)
        if np.abs(counts - counts.round()).max(initial=0.0) > NEAR_WHOLE:
            if not whole:
                return Staffed(bound, self._hours(counts), None, prices, rest)
            if self._whole is None:
                self._whole = self._solver(whole=True)
            found = self._solve(self._whole, gains, is_open)
            if found is None:
                return None
            counts = found[0]
        counts = counts.round()
        duty = self._duty(counts).astype(int)
        slots = np.flatnonzero(is_open)
        worth = float(gains[slots, duty[slots]].sum() - self._costs @ counts)
        return Staffed(worth, self._hours(counts), self._shifts(counts), prices, rest)

    def basis(self) -> highspy.HighsBasis | None:
        """Where the linear program ended, None before it was solved."""
        return None if self._linear is None else self._linear.getBasis()

    def _set_prices(self, hour_prices: tuple[float, ...], nudge: Floats | None) -> None:
        self._costs = self._pay_of_counts(hour_prices, None)
        asked = (hour_prices, None if nudge is None else nudge.tobytes())
        if asked == self._asked:
            return
        self._asked = asked
        costs = self._costs if nudge is None else self._pay_of_counts(hour_prices, nudge)
        columns = np.arange(self._first_step, dtype=np.int32)
        for solver in filter(None, (self._linear, self._whole)):
            solver.changeColsCost(columns.size, columns, costs)

    def _pay_of_counts(self, hour_prices: tuple[float, ...], nudge: Floats | None) -> Floats:
        """Pay of one person by count: that of a slot once come, back once gone."""
        costs = np.zeros(self._first_step)
        for one in self._series:
            group = one.kind.group
            pay = self._pay[group] + hour_prices[group] * self._slot_hours
            if nudge is not None:
                pay = pay + nudge[group]
            costs[one.come[:-1]] += pay
            costs[one.gone[:-1]] -= pay
            if one.rested is not None:
                away = one.kind.staff.break_slots
                saved = pay * one.kind.staff.break_unpaid
                costs[one.rested[:-1]] -= saved
                costs[one.rested[: self.slots - away]] += saved[away:]
        return costs

    def _solver(self, *, whole: bool) -> highspy.Highs:
        lp = highspy.HighsLp()
        columns = self._first_step + self.slots * self.most
        model = self._model
        lp.num_col_, lp.num_row_ = columns, model.low.size
        steps = np.zeros(self.slots * self.most)
        lp.col_cost_ = np.concatenate((self._costs, steps))
        lp.col_lower_ = np.zeros(columns)
        lp.col_upper_ = np.concatenate((model.upper, steps + 1))
        lp.row_lower_, lp.row_upper_ = model.low, model.high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = model.start
        lp.a_matrix_.index_, lp.a_matrix_.value_ = model.index, model.value
        if whole:
            kinds = [highspy.HighsVarType.kInteger] * self._first_step
            lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * steps.size
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        if whole:
            solver.setOptionValue("mip_rel_gap", 1e-7)
            solver.setOptionValue("mip_abs_gap", 1e-6)
        else:
            solver.setOptionValue("presolve", "off")
            # Costs moved at random on the way cost a third more steps from one day to the next.
            solver.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
        solver.passModel(lp)
        start = self._start or model.basis
        if not whole and start is not None:
            solver.setBasis(start)
        return solver

    def _solve(
        self, solver: highspy.Highs, gains: Floats, is_open: Flags
    ) -> tuple[Floats, float, Floats] | None:
        """Counts, their worth and the prices of the duty rows; None where there is no staffing."""
        steps = np.where(is_open[:, None], np.diff(gains[:, : self.most + 1], axis=1), 0.0)
        rounding = np.round(steps / COST_STEP) * COST_STEP
        fewest = np.where(is_open, self.fewest, 0)[:, None]
        number = np.arange(1, self.most + 1)
        columns = np.arange(steps.size, dtype=np.int32) + self._first_step
        solver.changeColsCost(steps.size, columns, -rounding.ravel())
        low = (number <= fewest).astype(float)
        high = np.broadcast_to(number <= self.limit, low.shape).astype(float)
        solver.changeColsBounds(steps.size, columns, low.ravel(), np.maximum(low, high).ravel())
        self.solves += 1
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError("program.no_answer", attempts=solver.modelStatusToString(status))
        if self._model.basis is None and solver is self._linear:
            self._model.basis = solver.getBasis()
        solution = solver.getSolution()
        counts = np.array(solution.col_value[: self._first_step])
        slack = float(np.abs(steps - rounding).sum())
        worth = float(gains[is_open, 0].sum()) - solver.getInfo().objective_function_value + slack
        return counts, worth, -np.array(solution.row_dual[: self.slots])

    def _duty(self, counts: Floats) -> Floats:
        duty = np.zeros(self.slots)
        for one in self._series:
            duty += (counts[one.come] - counts[one.gone])[:-1]
            if one.rested is not None:
                away = one.kind.staff.break_slots
                resting = counts[one.rested][:-1].copy()
                resting[away:] -= counts[one.rested][: self.slots - away]
                duty -= resting
        return duty

    def _hours(self, counts: Floats) -> Floats:
        """Paid hours of each group."""
        hours = np.zeros(len(self._pay))
        for one in self._series:
            paid = (counts[one.come] - counts[one.gone]).sum()
            if one.rested is not None:
                away, unpaid = one.kind.staff.break_slots, one.kind.staff.break_unpaid
                paid -= counts[one.rested[-1]] * away * unpaid
            hours[one.kind.group] += paid * self._slot_hours
        return hours

    def _shifts(self, counts: Floats) -> tuple[Shift, ...]:
        """Shifts of the counts, paired first in, first out."""
        found = []
        for one in self._series:
            come, gone = (_times(counts[part]) for part in (one.come, one.gone))
            breaks = [None] * len(come) if one.rested is None else _times(counts[one.rested])
            for start, end, pause in zip(come, gone, breaks, strict=True):
                found.append(Shift(self.day, one.kind.staff.name, 1, start, end, pause))
        return tuple(found)


def _times(counts: Floats) -> list[int]:
    """The borders at which a count rises, each as often as it does."""
    rises = np.diff(counts.round().astype(int), prepend=0)
    return np.repeat(np.arange(rises.size), rises).tolist()
