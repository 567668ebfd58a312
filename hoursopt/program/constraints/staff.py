"""Who is on duty: shifts and breaks by their starts and ends, heads, weekly hours.

A kind of shift has three series of counts so far: started, gone to the break, ended. All limits
are differences of two of them ("who has ended by t had started by t - shortest"), and such limits
hold for the people paired first in, first out whenever they hold for any pairing. So the counts
are exact, breaks included, and the size does not grow with the number of different shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pulp import LpConstraint, LpVariable

from hoursopt.program.variables import Program, ShiftVariables, Terms, less, so_far, total

Row = tuple[str, LpConstraint]


def an_open_shop_is_staffed(program: Program) -> Iterator[Row]:
    """At least `min_staff` people are on duty whenever the shop is open."""
    for number, day in enumerate(program.days):
        for slot, (state, duty) in enumerate(zip(day.open, day.duty, strict=True)):
            terms = [(duty, 1.0), (state, -float(program.fewest))]
            yield f"staffed_{program.at(number, slot)}", total(terms) >= 0


def no_more_people_than_the_limit(program: Program) -> Iterator[Row]:
    """At most `max_staff` people are on duty."""
    most = program.scenario.limits.max_staff
    for number, day in enumerate(program.days):
        for slot, duty in enumerate(day.duty):
            yield f"most_staff_{program.at(number, slot)}", total([(duty, 1.0)]) <= most


def shifts_put_people_on_duty(program: Program) -> Iterator[Row]:
    """On duty in a slot are those whose shift covers it, less those on a break."""
    for number, day in enumerate(program.days):
        kinds = program.shifts_on(number)
        for slot, duty in enumerate(day.duty):
            people: Terms = []
            for shifts in kinds:
                people += [*shifts.present(slot), *less(shifts.resting(slot))]
            yield f"duty_{program.at(number, slot)}", total([(duty, 1.0), *less(people)]) == 0


def counts_so_far_never_fall(program: Program) -> Iterator[Row]:
    """Who has come, gone to a break or gone home by one slot border has by the next."""
    for shifts in program.shifts:
        series = (
            ("started", shifts.started),
            ("ended", shifts.ended),
            ("rested", shifts.rested),
        )
        for what, counts in series:
            for border, count in counts.items():
                before = so_far(counts, border - 1)
                if before:
                    name = f"{what}_so_far_{_at(program, shifts, border)}"
                    yield name, total([(count, 1.0), *less(before)]) >= 0


def a_shift_lasts_its_shortest(program: Program) -> Iterator[Row]:
    """Who has gone home had come at least a shortest shift before."""
    for shifts in program.shifts:
        yield from _after(
            program, shifts, "shortest", shifts.ended, shifts.started, shifts.kind.shortest
        )


def a_shift_lasts_its_longest(program: Program) -> Iterator[Row]:
    """Who came a longest shift ago has gone home."""
    for shifts in program.shifts:
        longest = shifts.kind.longest
        for border in range(longest, program.scenario.grid.size):
            due = so_far(shifts.started, border - longest)
            gone = so_far(shifts.ended, border)
            yield f"longest_{_at(program, shifts, border)}", total([*gone, *less(due)]) >= 0


def everyone_goes_home(program: Program) -> Iterator[Row]:
    """All who came leave by the end of the day."""
    end = program.scenario.grid.size
    for shifts in program.shifts:
        come, gone = so_far(shifts.started, end), so_far(shifts.ended, end)
        yield f"home_{_at(program, shifts, end)}", total([*come, *less(gone)]) == 0


def a_break_follows_work(program: Program) -> Iterator[Row]:
    """Who goes to the break had come at least one slot before."""
    for shifts in program.shifts:
        if shifts.kind.has_break:
            yield from _after(program, shifts, "break", shifts.rested, shifts.started, 1)


def work_follows_a_break(program: Program) -> Iterator[Row]:
    """Who goes home has had the break, and at least one slot of work after it."""
    for shifts in program.shifts:
        if shifts.kind.has_break:
            pause = shifts.kind.staff.break_slots + 1
            yield from _after(program, shifts, "worked_after", shifts.ended, shifts.rested, pause)


def a_group_has_so_many_heads(program: Program) -> Iterator[Row]:
    """No more people of a group at a time than it has, and none on a day that is closed."""
    for number, day in enumerate(program.days):
        for group, staff in enumerate(program.scenario.staff):
            kinds = [s for s in program.shifts_on(number) if s.kind.group == group]
            for slot in range(program.scenario.grid.size if kinds else 0):
                present = [term for shifts in kinds for term in shifts.present(slot)]
                heads = total([*present, (day.is_open, -float(staff.people))]) <= 0
                yield f"heads_g{group}_{program.at(number, slot)}", heads


def a_group_works_its_weekly_hours(program: Program) -> Iterator[Row]:
    """The paid hours of a group in the week stay within `week_hours`; others cover the rest.

    The second row is implied by all others. It shows the solver that what a group may not work
    takes whole shifts of others: measured, 0.1 s instead of 5 s.
    """
    hours = program.scenario.grid.slot_hours
    for group, staff in enumerate(program.scenario.staff):
        if staff.week_hours is None:
            continue
        paid: Terms = []
        rest: Terms = [(x, -float(program.fewest)) for day in program.days for x in day.open]
        for shifts in program.shifts:
            if shifts.kind.group == group:
                for slot in range(program.scenario.grid.size):
                    paid += less(shifts.present(slot), -hours)
                    paid += less(shifts.resting(slot), hours * staff.break_unpaid)
            else:
                come = so_far(shifts.started, program.scenario.grid.size)
                rest += less(come, -float(shifts.kind.most_duty))
        yield f"week_hours_g{group}", total(paid) <= staff.week_hours
        yield f"week_rest_g{group}", total(rest) >= -staff.week_hours / hours


def _after(
    program: Program,
    shifts: ShiftVariables,
    what: str,
    later: Mapping[int, LpVariable],
    earlier: Mapping[int, LpVariable],
    slots: int,
) -> Iterator[Row]:
    """Who has done `later` by a border had done `earlier` so many slots before."""
    for border, count in later.items():
        before = so_far(earlier, border - slots)
        name = f"{what}_{_at(program, shifts, border)}"
        yield name, total([(count, 1.0), *less(before)]) <= 0


def _at(program: Program, shifts: ShiftVariables, border: int) -> str:
    return f"{shifts.kind.label}_{program.at(shifts.day, border)}"
