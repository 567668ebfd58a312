"""The decision in five lines."""

from __future__ import annotations

from hoursopt.i18n import Texts
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
    heads = [t.season(season.name) for season in subject.seasons]
    columns = (Column("", broad=0.6), *(Column(name, broad=1.3) for name in heads))
    blocks = (Words((_lead(subject),), lead=True), Table("", columns, rows))
    return Section(t("report.decision"), blocks, "hours")


def _lead(subject: Subject) -> str:
    """What the whole time should bring; of a single season, what its weeks should."""
    t = subject.t
    if all(season.best == season.today for season in subject.seasons):
        return t("report.lead_same")
    season = subject.seasons[0]
    if subject.whole and len(subject.seasons) > 1:
        gain = subject.plan["year"]["gain"]
        count = subject.plan["horizon"]["weeks"]
        told = t("report.lead_year", count=count, **subject.estimate(gain))
    else:
        gain = {name: season.gain[name] * season.weeks for name in ENDS}
        weeks = t.number(season.weeks)
        told = t("report.lead_season", weeks=weeks, **subject.estimate(gain))
    if gain["mean"] < 0:
        # Less than today's hours earns only a week that the owner's rules ask for.
        return t("report.lead_rules", less=subject.money(-gain["mean"]))
    return told


def _advice(season: PlannedSeason, t: Texts) -> str:
    told = t(f"report.advice_{season.told['advice']}")
    return f"{told} {t('why.uncounted')}" if season.told.get("uncounted") else told


def _lines(subject: Subject, season: PlannedSeason) -> dict[str, str]:
    t = subject.t
    asked = t.percent(subject.shop.decision.chance)
    lines = {
        "advice": _advice(season, t),
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
