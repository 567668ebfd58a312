"""Where the gain comes from: from hour to hour, from the web, from those who went without."""

from __future__ import annotations

from hoursopt.hours import WEEKDAYS, format_days
from hoursopt.observations import spoken_days
from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.plan.weeks import SPENT
from hoursopt.report.reading import Json, PlannedSeason
from hoursopt.report.subject import Subject

MORE_THAN_ONE = 2


def gain(subject: Subject) -> Section:
    """Gross and net, in customers and in money, for each season whose hours change."""
    t = subject.t
    changed = [season for season in subject.seasons if season.best != season.today]
    if not changed:
        return Section(t("report.gain"), (Words((t("report.gain_same"),)),), "hours")
    blocks: list[Block] = [Words((t("report.gain_words"),))]
    for season in changed:
        flows = subject.basis["flows"][season.name]
        blocks += [_customers(subject, season, flows), _money(subject, season, flows)]
        if "steering" in season.told and season.told["steering"]["web_pays_more"]:
            blocks.append(_steering(subject, season.told["steering"]))
        if "stability" in season.told:
            blocks += _stability(subject, season, season.told["stability"])
    return Section(t("report.gain"), tuple(blocks), "hours")


def _steering(subject: Subject, told: Json) -> Words:
    """Said where a web order earns more than a sale: then shutting the door can look good."""
    return Words(
        (
            subject.t(
                "report.steering",
                web=subject.money(told["web_margin"], 2),
                shop=subject.money(told["shop_margin"], 2),
                part=subject.signed(told["gain_per_week"]["mean"]),
            ),
        )
    )


def _stability(subject: Subject, season: PlannedSeason, told: Json) -> list[Block]:
    """What is left of the gain where only some weekdays change, the price of change taken off."""
    t = subject.t
    parts = [*told["one_day"], *([told["weekdays"]] if told["weekdays"] else [])]
    rows = []
    for one in parts:
        days = [WEEKDAYS.index(day) for day in one["weekdays"]]
        names = spoken_days(format_days(days), t)
        gain = one["gain_per_week"]
        rows.append(Row((names, gain["mean"], gain["low"], gain["high"])))
    if len(rows) < MORE_THAN_ONE:
        return []
    columns = (
        Column(t("report.only_these"), broad=2.4),
        Column(t("report.gain_left"), "money", signed=True),
        Column(t("report.low"), "money"),
        Column(t("report.high"), "money"),
    )
    title = t("report.stability_title", season=season.name)
    return [Table(title, columns, tuple(rows), t("report.stability_note"))]


def _customers(subject: Subject, season: PlannedSeason, flows: Json) -> Table:
    t = subject.t
    less = {
        name: season.before[name] - season.after[name] for name in ("lost", "online", "abandoned")
    }
    served = season.after["served"] - season.before["served"]
    gross, away = flows["added"]["served"][1], -flows["removed"]["served"][0]
    parts = [
        ("gross", gross),
        ("removed", away),
        # What is left over: who came at another of our hours has his own hour now, or has to.
        ("moved", served - gross - away),
    ]
    rows = [Row((t(f"report.customers_{name}"), value)) for name, value in parts if round(value, 2)]
    rows.append(Row((t("report.customers_net"), served), "sum", tuple(range(len(rows)))))
    of_them = [
        Row((t(f"report.customers_{name}"), value), "part")
        for name, value in less.items()
        if round(value, 2)
    ]
    columns = (Column("", broad=3.4), Column(t("report.customers_week"), "number", signed=True))
    title = t("report.gain_customers_title", season=season.name)
    return Table(title, columns, (*rows, *of_them))


def _money(subject: Subject, season: PlannedSeason, flows: Json) -> Table:
    t = subject.t
    sales = season.after["sales_margin"] - season.before["sales_margin"]
    gross, away = flows["added"]["margin"][1], -flows["removed"]["margin"][0]
    web = season.after["online_margin"] - season.before["online_margin"]
    parts = [("gross", gross), ("removed", away), ("moved", sales - gross - away), ("web", web)]
    rows = [
        Row((t(f"report.margin_{name}"), round(value, 2)))
        for name, value in parts
        if round(value, 2)
    ]
    for name in SPENT:
        value = season.before[name] - season.after[name]
        if round(value, 2):
            rows.append(Row((t(f"ledger.{name}"), round(value, 2))))
    net = round(season.after["profit"] - season.before["profit"], 2)
    name = f"{season.name}/gain"
    rows.append(Row((t("report.net_gain"), net), "sum", tuple(range(len(rows))), name))
    columns = (Column("", broad=3.4), Column(t("report.money_week"), "cents", signed=True))
    values = {"mean": subject.signed(season.gain["mean"])}
    note = t("report.gain_note", **values)
    return Table(t("report.gain_money_title", season=season.name), columns, tuple(rows), note)
