"""Where the gain comes from: from hour to hour, from the web, from those who went without."""

from __future__ import annotations

from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.plan.weeks import SPENT
from hoursopt.report.reading import Json, PlannedSeason
from hoursopt.report.subject import Subject


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
    return Section(t("report.gain"), tuple(blocks), "hours")


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
