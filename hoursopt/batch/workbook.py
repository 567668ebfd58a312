"""The results as an Excel workbook: what people want to see first, then every row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from hoursopt.batch.results import MONEY, Columns, Row, whole_file
from hoursopt.batch.summary import Summary
from hoursopt.errors import DataError
from hoursopt.hours import parse_hours
from hoursopt.i18n import Texts

MOST_ROWS = 1_048_575
WIDTHS = {"shop": 28, "scenario": 40, "hours": 50, "error": 60}


def write_workbook(
    file: Path, columns: Columns, rows: Iterable[Row], summary: Summary, t: Texts
) -> None:
    """Write an `.xlsx` with a summary and all rows; text stays text, whatever it begins with.

    Raises DataError `batch.unwritable`, `batch.too_many_rows` where a sheet cannot hold them.
    """
    if summary.runs > MOST_ROWS:
        raise DataError("batch.too_many_rows", count=summary.runs, most=MOST_ROWS)
    with whole_file(file) as beside:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "constant_memory": True,
            "nan_inf_to_errors": True,
        }
        with xlsxwriter.Workbook(str(beside), options) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            money = book.add_format({"num_format": "#,##0"})
            _summary(book.add_worksheet(t("whatif.sheet_summary")), summary, bold, money, t)
            _rows(book.add_worksheet(t("whatif.sheet_runs")), columns, rows, bold, money)


def _summary(sheet: Any, summary: Summary, bold: Any, money: Any, t: Texts) -> None:
    line = 0

    def table(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        nonlocal line
        sheet.write(line, 0, title, bold)
        sheet.write_row(line + 1, 0, head, bold)
        line += 2
        for row in rows:
            for place, value in enumerate(row):
                sheet.write(line, place, value, money if isinstance(value, float) else None)
            line += 1
        line += 1

    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 8, 18)
    head = (
        *(t(f"whatif.{name}") for name in ("scenario", "shops", "currency", "today", "best")),
        *(t(f"whatif.{name}") for name in ("gain", "gain_low", "gain_high", "against")),
    )
    totals = (
        (
            *(one.scenario or t("whatif.unnamed"), one.shops, one.currency, one.today, one.best),
            *(one.gain, one.low, one.high, one.against),
        )
        for one in summary.totals
    )
    table(t("whatif.totals_title"), head, totals)
    head = tuple(t(f"whatif.{name}") for name in ("shop", "scenario", "currency", "gain"))
    top = ((one.shop, one.whatif.name, one.currency, one.result.gain) for one in summary.top)
    table(t("whatif.top_title"), head, top)
    hours = ((t.hours(parse_hours(hours)), count) for hours, count in summary.hours)
    table(t("whatif.hours_title"), (t("whatif.hours_of_week"), t("whatif.times")), hours)


def _rows(sheet: Any, columns: Columns, rows: Iterable[Row], bold: Any, money: Any) -> None:
    sheet.freeze_panes(1, 2)
    for place, name in enumerate(columns.names):
        sheet.set_column(place, place, WIDTHS.get(name, 14), money if name in MONEY else None)
    sheet.write_row(0, 0, columns.names, bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, name in enumerate(columns.names):
            if row[name] not in (None, ""):
                sheet.write(count, place, row[name])
    sheet.autofilter(0, 0, count, len(columns.names) - 1)
