"""A sweep in words: what will be run and how long it takes, what was found, how it goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TextIO

from hoursopt.batch.chain import Chain, Checked
from hoursopt.batch.summary import Summary, Total
from hoursopt.batch.tasks import Finished
from hoursopt.hours import parse_hours
from hoursopt.i18n import Texts
from hoursopt.tables import aligned, titled

MANY_LINES = 25
PLAIN_EVERY = 10.0
LINE_EVERY = 0.2
"""Seconds between two lines of progress, in a file and at a terminal."""


def checked_text(chain: Chain, checked: Checked, t: Texts) -> str:
    """How many runs of what, and what their rows will say instead of an answer."""
    lines = [t("whatif.size", shops=len(chain.shops), whatifs=len(chain.sweep), count=chain.count)]
    if checked.unreadable:
        lines.append(t("whatif.unreadable", count=len(checked.unreadable)))
        told = list(checked.unreadable.items())[:MANY_LINES]
        faults = ((name, t.describe(fault).replace("\n", "\n  ")) for name, fault in told)
        lines += [f"- {name}: {fault}" for name, fault in faults]
    for name, fault in list(checked.unfit.items())[:MANY_LINES]:
        shops = checked.unfit_shops[name]
        lines.append(t("whatif.unfit", name=name, count=shops, fault=t.describe(fault)))
    return "\n".join(lines)


def time_text(seconds: float, t: Texts) -> str:
    """A stretch of time in the greatest unit that tells it."""
    if seconds < 90:
        return t("whatif.seconds", count=max(1, round(seconds)))
    if seconds < 90 * 60:
        return t("whatif.minutes", count=round(seconds / 60))
    if seconds < 48 * 3600:
        return t("whatif.hours", count=round(seconds / 3600))
    return t("whatif.days", count=round(seconds / 86400))


def summary_text(summary: Summary, t: Texts) -> str:
    """The summary for people."""
    parts = [
        t("whatif.ended", count=summary.runs, proven=summary.proven, feasible=summary.feasible)
    ]
    if summary.failed or summary.killed:
        lines = [t("whatif.failed", count=summary.failed, killed=summary.killed)]
        lines += [f"{count} × {error}" for error, count in summary.errors]
        parts.append("\n".join(lines))
    if summary.totals:
        title = titled(t("whatif.totals_title"), totals_table(summary.totals[:MANY_LINES], t))
        left = len(summary.totals) - MANY_LINES
        parts.append(f"{title}\n{t('whatif.more', count=left)}" if left > 0 else title)
    if summary.top:
        rows = [
            (
                run.shop,
                run.whatif.name or t("whatif.unnamed"),
                t.money(run.result.gain or 0.0, run.currency, 0),
                t(
                    "whatif.range",
                    low=t.money(run.result.gain_low or 0.0, run.currency, 0),
                    high=t.money(run.result.gain_high or 0.0, run.currency, 0),
                ),
            )
            for run in summary.top
        ]
        head = (t("whatif.shop"), t("whatif.scenario"), t("whatif.gain"), t("whatif.likely"))
        parts.append(titled(t("whatif.top_title"), aligned([head, *rows], right=(2,))))
    if summary.hours:
        weeks = [(f"{count} ×", t.hours(parse_hours(hours))) for hours, count in summary.hours]
        parts.append(titled(t("whatif.hours_title"), aligned(weeks, right=(0,))))
    return "\n\n".join(parts)


def totals_table(totals: Sequence[Total], t: Texts) -> str:
    """One line for each scenario."""
    head = [t("whatif.scenario"), t("whatif.shops"), *(t(f"whatif.{n}") for n in MONEY_COLUMNS)]
    is_drawn = any(total.low is not None for total in totals)
    is_compared = any(total.against is not None for total in totals)
    head += [t("whatif.likely")] * is_drawn + [t("whatif.against")] * is_compared
    rows = [head]
    for total in totals:

        def money(value: float | None, currency: str = total.currency) -> str:
            return "" if value is None else t.money(value, currency, 0)

        name = total.scenario or t("whatif.unnamed")
        row = [name, str(total.shops), money(total.today), money(total.best), money(total.gain)]
        if is_drawn:
            known = total.low is not None
            row.append(t("whatif.range", low=money(total.low), high=money(total.high)) * known)
        rows.append(row + [money(total.against)] * is_compared)
    return aligned(rows, right=range(1, len(head)))


MONEY_COLUMNS = ("today", "best", "gain")


class Progress:
    """Tells how far the runs are: one line at a terminal, now and then a line in a file."""

    def __init__(self, missing: int, t: Texts, stream: TextIO | None = None) -> None:
        self._missing, self._t, self._stream = missing, t, stream or sys.stderr
        self._began = self._told = time.monotonic()
        self._done = self._failed = self._width = 0

    def step(self, finished: Finished) -> None:
        """One run more is done."""
        self._done += 1
        self._failed += finished.result.status not in ("optimal", "feasible")
        now = time.monotonic()
        is_terminal = self._stream.isatty()
        is_last = self._done == self._missing
        if is_last or now - self._told >= (LINE_EVERY if is_terminal else PLAIN_EVERY):
            self._told = now
            left = (now - self._began) / self._done * (self._missing - self._done)
            remaining = time_text(left, self._t)
            line = self._t("whatif.progress", done=self._done, count=self._missing, left=remaining)
            if is_last:
                spent = time_text(now - self._began, self._t)
                line = self._t("whatif.progress_done", count=self._done, spent=spent)
            if self._failed:
                line += self._t("whatif.progress_failed", count=self._failed)
            if is_terminal:
                self._width = max(self._width, len(line))
                end = "\n" if is_last else ""
                print(f"\r{line.ljust(self._width)}", end=end, file=self._stream, flush=True)
            else:
                print(line, file=self._stream, flush=True)

    def stop(self) -> None:
        """Leave the line of the terminal."""
        if self._stream.isatty() and self._done < self._missing:
            print(file=self._stream)
