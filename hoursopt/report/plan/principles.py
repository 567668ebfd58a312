"""The price of each of the owner's principles."""

from __future__ import annotations

from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.subject import Subject


def principles(subject: Subject) -> Section:
    """What each rule costs a week; the owner may well keep it."""
    t = subject.t
    rows = tuple(
        Row(
            (
                rule["name"],
                season.name,
                *(rule["price_per_week"][name] for name in ("mean", "low", "high")),
                rule["price_per_week"]["mean"] * season.weeks,
            )
        )
        for season in subject.seasons
        for rule in subject.of_season("rules", season)
    )
    if not rows:
        return Section(t("report.principles"), (Words((t("report.principles_none"),)),), "worth")
    columns = (
        Column(t("report.rule"), broad=2.2),
        Column(t("report.season_head"), broad=1.4),
        Column(t("report.price_week"), "money"),
        Column(t("report.low"), "money"),
        Column(t("report.high"), "money"),
        Column(t("report.price_season"), "money"),
    )
    blocks: list[Block] = [Words((t("report.principles_words"),)), Table("", columns, rows)]
    return Section(t("report.principles"), tuple(blocks), "worth")
