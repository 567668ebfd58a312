"""From a scenario and a task to a program: variables, objective, all families."""

from __future__ import annotations

from hoursopt.program import constraints
from hoursopt.program.check import changes_cost
from hoursopt.program.constraints.moving import money_of_moved_customers
from hoursopt.program.cuts import MONEY_STEP, rounded
from hoursopt.program.making import make_program
from hoursopt.program.tables import Away, DayTables
from hoursopt.program.variables import Program, ShiftVariables, Task, Terms, less, total
from hoursopt.scenario import Scenario


def formulate(scenario: Scenario, tables: tuple[DayTables, ...], task: Task) -> Program:
    """The integer program of a task; the tables must fit it (its hours, its open days)."""
    if task.master:
        tables = tuple(_fewest_orders(scenario, day) for day in tables)
    program = make_program(scenario, tables, task)
    program.problem.setObjective(total([] if task.any_plan else money(program)))
    for family in constraints.FAMILIES:
        for name, row in family(program):
            program.problem.addConstraint(row, name)
    return program


def money(program: Program) -> Terms:
    """Profit of the week less the cost of changes, on the money step."""
    constant = 0.0
    terms: Terms = []
    for day in program.days:
        closed = rounded(float(day.tables.away["closed"].value))
        constant += closed
        if program.task.hours is None:
            terms.append((day.is_open, -closed))
            terms += day.stays_away("value")
        if day.unchanged is not None:
            constant -= program.scenario.limits.change_cost
            terms.append((day.unchanged, program.scenario.limits.change_cost))
        terms += [(gain, 1.0) for gain in day.gain]
        terms += [(state, -program.scenario.open_slot_cost) for state in day.open]
        terms.append((day.is_open, -program.scenario.open_day_cost))
    if program.task.hours is not None:
        constant -= changes_cost(program.scenario, program.task.hours)
    for shifts in program.shifts:
        terms += _pay(shifts)
    terms += money_of_moved_customers(program)
    # As a variable the constant is part of the objective to which solvers relate their gap.
    terms.append((program.variable("always", 1.0, 1.0), constant))
    steps = [(variable, rounded(weight)) for variable, weight in terms]
    return [(variable, weight) for variable, weight in steps if abs(weight) >= MONEY_STEP / 2]


def _pay(shifts: ShiftVariables) -> Terms:
    """Pay of the people present in each slot, less the unpaid part of their breaks."""
    staff = shifts.kind.staff
    terms: Terms = []
    for slot, pay in enumerate(staff.pay[shifts.day].tolist()):
        terms += less(shifts.present(slot), pay)
        terms += less(shifts.resting(slot), -pay * staff.break_unpaid)
    return terms


def _fewest_orders(scenario: Scenario, day: DayTables) -> DayTables:
    """The tables with the orders of a closed day that are left when most customers move away."""
    least = 1.0 - float(scenario.diversion.next_day.max())
    closed = day.away["closed"]
    return DayTables(day.earned, {**day.away, "closed": Away(closed.value, closed.orders * least)})
