"""The price of each of the owner's principles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.reading import PlannedSeason
from hoursopt.report.subject import Subject


def principles(subject: Subject) -> Section:
    """What each rule costs a week, each limit that binds, all together, and simpler hours."""
    t = subject.t
    rules = [
        _row(one, season, one["name"])
        for season in subject.seasons
        for one in subject.of_season("rules", season)
    ]
    blocks: list[Block] = [
        Words((t("report.principles_words" if rules else "report.principles_none"),))
    ]
    others = (
        ("rules", rules),
        ("limits", list(_limits(subject))),
        ("together", list(_named(subject, "together", "freed"))),
        ("wishes", list(_wishes(subject))),
    )
    for name, rows in others:
        if rows:
            note = t(f"report.{name}_note") if name != "rules" else ""
            title = t(f"report.{name}_title")
            blocks.append(Table(title, _columns(subject, name), tuple(rows), note))
    return Section(t("report.principles"), tuple(blocks), "worth")


def _columns(subject: Subject, name: str) -> tuple[Column, ...]:
    t = subject.t
    return (
        Column(t("report.rule") if name == "rules" else "", broad=2.2),
        Column(t("report.season_head"), broad=1.4),
        Column(t("report.price_week"), "money"),
        Column(t("report.low"), "money"),
        Column(t("report.high"), "money"),
        Column(t("report.price_season"), "money"),
    )


def _row(one: dict[str, Any], season: PlannedSeason, told: str) -> Row:
    price = one["price_per_week"]
    ends = (price[name] for name in ("mean", "low", "high"))
    return Row((told, season.name, *ends, price["mean"] * season.weeks))


def _limits(subject: Subject) -> Iterator[Row]:
    """Limits that the best week reaches, by the names that they have where they are set."""
    t, currency = subject.t, subject.shop.currency
    for season in subject.seasons:
        for one in subject.of_season("limits", season):
            room = "staff" if one["group"] else "limits"
            name = t(f"setup.label.{room}.{one['limit']}", currency=currency)
            told = t("report.limit", name=name, value=one["value"])
            yield _row(one, season, f"{one['group']}: {told}" if one["group"] else told)


def _named(subject: Subject, list_name: str, key: str) -> Iterator[Row]:
    for season in subject.seasons:
        for one in subject.of_season(list_name, season):
            yield _row(one, season, subject.t(f"report.{list_name}_{one[key]}"))


def _wishes(subject: Subject) -> Iterator[Row]:
    for season in subject.seasons:
        for one in subject.of_season("wishes", season):
            told = subject.t(f"report.wishes_{one['wish']}", count=one["patterns"])
            yield _row(one, season, told)
