"""The decision in five lines."""

from __future__ import annotations

from hoursopt.report.nouns import Column, Row, Section, Table, Words
from hoursopt.report.reading import PlannedSeason
from hoursopt.report.subject import Subject

LINES = ("advice", "hours", "gain", "certainty", "work")
ENDS = ("mean", "low", "high")


def decision(subject: Subject) -> Section:
    """What to do, which hours, what it brings, how sure that is, what work it takes."""
    t = subject.t
    told = [_lines(subject, season) for season in subject.seasons]
    rows = tuple(Row((t(f"report.line_{name}"), *(one[name] for one in told))) for name in LINES)
    heads = [season.name for season in subject.seasons]
    columns = (Column("", broad=0.6), *(Column(name, broad=1.3) for name in heads))
    blocks = (Words((_lead(subject),), lead=True), Table("", columns, rows))
    return Section(t("report.decision"), blocks, "hours")


def _lead(subject: Subject) -> str:
    """What the whole time should bring; of a single season, what its weeks should."""
    t = subject.t
    if all(season.best == season.today for season in subject.seasons):
        return t("report.lead_same")
    if subject.whole and len(subject.seasons) > 1:
        values = subject.estimate(subject.plan["year"]["gain"])
        return t("report.lead_year", count=subject.plan["horizon"]["weeks"], **values)
    season = subject.seasons[0]
    values = {name: subject.money(season.gain[name] * season.weeks) for name in ENDS}
    return t("report.lead_season", weeks=t.number(season.weeks), **values)


def _lines(subject: Subject, season: PlannedSeason) -> dict[str, str]:
    t = subject.t
    asked = t.percent(subject.shop.decision.chance)
    lines = {
        "advice": t(f"report.advice_{season.told['advice']}"),
        "hours": t.hours(season.best),
        "work": t(
            "report.work",
            hours=t.number(season.after["staff_hours"]),
            before=t.number(season.before["staff_hours"]),
            pay=subject.money(season.after["wages"]),
        ),
    }
    if season.best == season.today:
        same = {"gain": t("report.gain_none"), "certainty": t("report.certainty_none")}
        return {**lines, **same}
    chance = subject.chance(season.gain["probability_better"])
    return {
        **lines,
        "gain": t("report.gain_week", **subject.estimate(season.gain)),
        "certainty": t("report.certainty", chance=chance, asked=asked),
    }
