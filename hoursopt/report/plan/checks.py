"""What must come out twice, and the tables that only a workbook has room for."""

from __future__ import annotations

from hoursopt.report.nouns import Check, Column, Place, Row, Sheet, Table
from hoursopt.report.plan.staff import cost_table, duty
from hoursopt.report.plan.weeks import EARNED, SPENT
from hoursopt.report.reading import PlannedSeason
from hoursopt.report.subject import Subject


def checks(subject: Subject) -> tuple[Check, ...]:
    """Pay by the shifts against the ledger, profit by its parts, the gain by its sources."""
    found = []
    for season in subject.seasons:
        found += _of_season(subject, season)
    return tuple(found)


def _of_season(subject: Subject, season: PlannedSeason) -> list[Check]:
    t, name = subject.t, season.name
    shifts = Place(f"{name}/shifts", 6)
    found = [
        Check(
            t("report.check_profit", season=name),
            tuple(
                Place(f"{name}/{part}", 2)
                for part in (*EARNED, *SPENT)
                if season.before[part] or season.after[part]
            ),
            (Place(f"{name}/profit", 2),),
        ),
        Check(
            t("report.check_cost", season=name),
            (shifts,),
            (Place(f"{name}/pay", _last(subject, season)),),
        ),
        Check(
            t("report.check_duty", season=name),
            (Place(f"{name}/shifts", 5),),
            (Place(f"{name}/pay", 1),),
        ),
    ]
    if season.after["wages"]:
        wages = Place(f"{name}/wages less", 1)
        found.append(Check(t("report.check_wages", season=name), (shifts,), (wages,)))
    if season.best != season.today:
        found.append(
            Check(
                t("report.check_gain", season=name),
                (Place(f"{name}/gain", 1),),
                (Place(f"{name}/profit", 3),),
            )
        )
    return found


def _last(subject: Subject, season: PlannedSeason) -> int:
    """The column in which the cost of a week's shifts stands in all."""
    return len(cost_table(subject, season).columns) - 1


def aside(subject: Subject) -> tuple[tuple[Sheet, Table], ...]:
    """People on duty in every slot of the week, and the ledger's figures that checks point at."""
    found: list[tuple[Sheet, Table]] = []
    for season in subject.seasons:
        found.append(("week", _duty(subject, season)))
        found.append(("checks", _ledger(subject, season)))
    return tuple(found)


def _duty(subject: Subject, season: PlannedSeason) -> Table:
    t, grid = subject.t, subject.shop.grid
    people = duty(subject.shop, season)
    columns = (
        Column(t("report.hour_from")),
        *(Column(t.weekday(day, short=True), "count") for day in range(7)),
    )
    rows = tuple(
        Row((t.time(grid.start(slot)), *(int(count) for count in people[:, slot])))
        for slot in range(grid.size)
        if people[:, slot].any()
    )
    return Table(t("report.duty_title", season=season.name), columns, rows)


def _ledger(subject: Subject, season: PlannedSeason) -> Table:
    t = subject.t
    columns = (Column(t("report.ledger_head")), Column(t("plan.best"), "cents"))
    rows = tuple(
        Row((t(f"ledger.{part}"), season.after[part]), name=f"{season.name}/{part} less")
        for part in ("wages", "profit")
    )
    return Table(t("report.ledger_title", season=season.name), columns, rows)
