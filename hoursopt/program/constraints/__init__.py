"""The constraint families: each is a function that yields its named rows.

A family is named as the sentence that it holds. The program is all of them, always: a family that
does not apply to a task yields nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pulp import LpConstraint

from hoursopt.program.constraints import hours, moving, packing, rules, staff, week
from hoursopt.program.variables import Program

Family = Callable[[Program], Iterator[tuple[str, LpConstraint]]]

FAMILIES: tuple[Family, ...] = (
    hours.an_open_day_opens_and_closes_once,
    hours.the_shop_is_open_between_its_edges,
    hours.an_opening_lasts_its_shortest,
    hours.a_day_has_one_closed_spell_at_most,
    hours.a_single_slot_has_both_its_edges,
    hours.a_slot_earns_what_its_staff_can_serve,
    staff.an_open_shop_is_staffed,
    staff.no_more_people_than_the_limit,
    staff.shifts_put_people_on_duty,
    staff.counts_so_far_never_fall,
    staff.a_shift_lasts_its_shortest,
    staff.a_shift_lasts_its_longest,
    staff.everyone_goes_home,
    staff.a_break_follows_work,
    staff.work_follows_a_break,
    staff.a_group_has_so_many_heads,
    staff.a_group_works_its_weekly_hours,
    rules.shut_on_closed_days_and_hours,
    rules.open_when_promised,
    rules.shut_before_the_hour,
    rules.shut_after_the_hour,
    rules.same_hours_on_the_days,
    rules.hours_stay_as_today,
    week.the_week_has_its_open_hours,
    week.the_week_has_few_patterns,
    week.an_unchanged_day_has_today_s_hours,
    week.ruled_out_hours_are_not_taken,
    week.the_open_days_are_those_given,
    week.solved_sets_of_open_days_are_left_out,
    packing.served_is_what_the_fewest_serve_at_least,
    packing.served_grows_with_each_level_of_staff,
    packing.orders_are_packed_on_the_day_or_the_next,
    packing.packing_fits_into_quiet_minutes,
    moving.a_closed_day_sends_to_its_nearest_open_days,
    moving.moved_customers_bring_no_more_than_this,
)
