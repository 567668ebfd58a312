"""What came in and what was made of it: import receipts, demand, the state of the machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hoursopt.contract import Json
from hoursopt.demand import DemandModel
from hoursopt.doctor import Finding
from hoursopt.hours import Grid
from hoursopt.i18n import Texts
from hoursopt.importers import Imported
from hoursopt.importers.receipt import say
from hoursopt.observations import Observations
from hoursopt.shop import Shop
from hoursopt.tables.layout import aligned, titled

ROWS = ("rows", "used", "refunds", "cancelled", "duplicates", "ignored", "failed")
TOP_PROBLEMS = 5
MARKS = {"open": " ", "witness": "~", "neighbour": "?", "none": "?"}


def check_text(
    check: Json, imported: Imported, observed: Observations | None, currency: str, t: Texts
) -> str:
    """What every file held, from the machine form of `check`, and what may be wrong."""
    files = [
        "\n".join([_file_text(file, currency, t), *(f"  {say(note, t)}" for note in held.notes)])
        for file, held in zip(check["files"], imported.receipts, strict=True)
    ]
    parts = [titled(t("cli.files_title"), "\n\n".join(files))]
    if observed is not None:
        dates = observed.dates
        parts.append(t("cli.counted", count=len(dates), first=dates[0], last=dates[-1]))
    warnings = "\n".join(f"- {warning['message']}" for warning in check["warnings"])
    parts.append(titled(t("cli.warnings_title"), warnings) if warnings else t("cli.all_well"))
    return "\n\n".join(parts)


def fit_text(model: DemandModel, shop: Shop, t: Texts) -> str:
    """Customers an hour by weekday and hour, season by season, and where the others go."""
    parts = []
    for season in shop.seasons:
        body = f"{_curve_table(model, season.name, shop.grid, t)}\n\n{t('cli.fit_legend')}"
        if shop.sources.orders:
            orders = t.number(float(model.curves(season.name).online.mean.sum()))
            body += f"\n{t('cli.web_orders', orders=orders)}"
        parts.append(titled(t("cli.fit_title", season=season.name), body))
    rows = [
        (
            t(
                "cli.range",
                mean=t.number(learned.mean, digits=2),
                low=t.number(learned.low, digits=2),
                high=t.number(learned.high, digits=2),
            ),
            t(f"cli.{name}"),
            t("cli.learned") if learned.learned else t("cli.assumed"),
        )
        for name, learned in model.diversion.items()
    ]
    parts.append(titled(t("cli.diversion_title"), aligned(rows)))
    if model.diagnostics:
        told = [t(found.key, **dict(found.values)) for found in model.diagnostics]
        parts.append(titled(t("cli.told_title"), "\n".join(told)))
    return "\n\n".join(parts)


def doctor_text(findings: Sequence[Finding], t: Texts) -> str:
    """One line for each thing looked at, and the sum of it."""
    rows = [(" " if found.works else "!", found.name, found.detail) for found in findings]
    able = all(found.works for found in findings if found.needed)
    return f"{aligned(rows)}\n\n{t('cli.doctor_able' if able else 'cli.doctor_unable')}"


def _file_text(file: Json, currency: str, t: Texts) -> str:
    rows = t("cli.rows", **{name: file[name] for name in ROWS})
    lines = [f"{file['file']} ({file['source']})", f"  {rows}", f"  {_content(file, currency, t)}"]
    lines += [f"  {t('cli.problem', **problem)}" for problem in file["problems"][:TOP_PROBLEMS]]
    more = file["failed"] - TOP_PROBLEMS
    if more > 0 and file["problems"]:
        lines.append(f"  {t('cli.more_problems', count=more)}")
    return "\n".join(lines)


def _content(file: Json, currency: str, t: Texts) -> str:
    if file["first_day"] is None:
        return t("cli.no_rows")
    first, last = (dt.date.fromisoformat(file[name]) for name in ("first_day", "last_day"))
    count = file["receipts"] or file["used"]
    seen = t("cli.receipts", count=count, first=first, last=last)
    if file["sum"] is None:
        return seen
    amount = float(file["sum"])
    money = file["source"] in ("receipts", "orders")
    total = t.money(amount, currency) if money else t.number(amount)
    return f"{seen}, {t('cli.sum', sum=total)}"


def _curve_table(model: DemandModel, season: str, grid: Grid, t: Texts) -> str:
    curves = model.curves(season)
    slots = max(1, 60 // grid.slot_minutes)
    rows = [["", *(f"{t.weekday(day, short=True)} " for day in range(7))]]
    for first in range(0, grid.size, slots):
        inside = slice(first, first + slots)
        row = [t.time(grid.start(first))]
        for day in range(7):
            customers = float(curves.walk_in.mean[day, inside].sum())
            weakest = max(curves.evidence[day, inside], key=list(MARKS).index)
            row.append(t.number(customers, digits=1) + MARKS[str(weakest)])
        rows.append(row)
    return aligned(rows, right=range(1, 8))
