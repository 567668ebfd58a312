"""The import receipt in words and tables: what every file held, and what became of its rows."""

from __future__ import annotations

from hoursopt.i18n import Texts
from hoursopt.importers import ImportReceipt
from hoursopt.importers.receipt import Note, Warning_, say
from hoursopt.pages.markup import Markup, Row, join, paragraph, table, tag

FATES = ("used", "refunds", "cancelled", "duplicates", "ignored", "failed")
MONEY_SOURCES = ("receipts", "orders")


def receipt(held: ImportReceipt, currency: str, t: Texts) -> Markup:
    """One file: what it is, where its rows went, and what could not be read."""
    source = t("page.rota") if held.source == "rota" else t(f"observe.source.{held.source}")
    notes = [tag("li", say(note, t)) for note in held.notes]
    parts = [
        tag("h3", t("page.file_of", file=held.file, source=source)),
        paragraph(content(held, currency, t)),
        fates(held, t),
        *([tag("ul", *notes, class_="ho-text quiet")] if notes else []),
        *([problems(held, t)] if held.problems else []),
    ]
    return tag("section", *parts, class_="ho-file")


def content(held: ImportReceipt, currency: str, t: Texts) -> str:
    """Rows that count, the days between which they lie, and their sum."""
    if held.first_day is None or held.last_day is None:
        return t("cli.no_rows")
    days = {"first": held.first_day, "last": held.last_day}
    told = t("page.content", count=held.used, **days)
    if held.sum is None:
        return told
    amount = float(held.sum)
    money = held.source in MONEY_SOURCES
    total = t.money(amount, currency) if money else t.number(amount)
    return f"{told}, {t('page.content_sum', sum=total)}"


def fates(held: ImportReceipt, t: Texts) -> Markup:
    """Where the rows went: all of them, none twice."""
    went = [name for name in FATES if name == "used" or getattr(held, name)]
    rows = [Row([t(f"page.rows_{name}"), t.number(getattr(held, name), digits=0)]) for name in went]
    rows.append(Row([t("page.rows_all"), t.number(held.rows, digits=0)], look="strong"))
    return table([], rows, dense=True)


def problems(held: ImportReceipt, t: Texts) -> Markup:
    """The cells that could not be read, and why."""
    head = [t(f"page.{name}") for name in ("row", "column", "cell", "fault_of_row")]
    rows = [
        Row(
            [
                str(problem.row),
                problem.column,
                problem.cell,
                t(problem.key, cell=problem.cell, column=problem.column),
            ]
        )
        for problem in held.problems
    ]
    more = held.failed - len(held.problems)
    rest = [paragraph(t("page.more_rows", count=more), "quiet")] if more > 0 else []
    return join([table(head, rows, figures=False), *rest])


def warnings(found: tuple[Note | Warning_, ...], t: Texts) -> Markup:
    """What looks wrong, or that nothing does."""
    if not found:
        return paragraph(t("cli.all_well"))
    items = [tag("li", say(warning, t)) for warning in found]
    return tag("ul", *items, class_="ho-warnings")
