"""What came in and what was made of it: import receipts, demand, the state of the machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from hoursopt.contract import Json
from hoursopt.demand import DemandModel, tell
from hoursopt.doctor import Finding
from hoursopt.hours import Grid, Spans, format_days, format_time
from hoursopt.i18n import Texts
from hoursopt.importers import Imported
from hoursopt.importers.receipt import say
from hoursopt.observations import FoundHours, Observations, Stretch, SuggestedHours, spoken_days
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


def suggested_text(found: SuggestedHours, grid: Grid, t: Texts) -> str:
    """Opening hours that counts show, how sure they are, and the TOML to paste."""
    title = t("cli.suggest_title", source=t(f"observe.source.{found.source}"))
    if not any(period.hours.open_days for period in found.periods):
        return titled(title, t("cli.suggest_none"))
    parts = [suggested_words(found, t)]
    spans = [span for period in found.periods for day in period.hours.days for span in day]
    if not grid.holds(spans):
        first = min(grid.earliest, *(span.start for span in spans)) // 60 * 60
        last = -(-max(grid.latest, *(span.end for span in spans)) // 60) * 60
        edges = {"earliest": format_time(first), "latest": format_time(last)}
        parts.append(t("cli.suggest_grid", **edges))
    parts += [t("cli.suggest_paste"), found.toml.rstrip()]
    return titled(title, "\n\n".join(parts))


def suggested_words(found: SuggestedHours, t: Texts) -> str:
    """Opening hours that counts show, and how sure they are."""
    return "\n\n".join("\n".join(_period_lines(period, t)) for period in found.periods)


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
        told = [tell(found, t) for found in model.diagnostics]
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


def _period_lines(period: FoundHours, t: Texts) -> Iterator[str]:
    """What is known of the hours of a period."""
    heading = "cli.suggest_from" if period.start else "cli.suggest_first"
    yield t(heading, start=period.first, end=period.last)
    if period.between and period.between[0] != period.between[1]:
        start, end = period.between
        yield f"  {t('cli.suggest_between', start=start, end=end)}"
    alike: dict[tuple[Spans, str], list[int]] = {}
    for weekday in range(7):
        found = (period.hours[weekday], period.certainty[weekday])
        alike.setdefault(found, []).append(weekday)
    for (spans, certainty), days in alike.items():
        key = {"sure": "sure", "likely": "likely", "unsure": "guess"}[certainty]
        told = {"days": spoken_days(format_days(days), t), "hours": t.spans(spans)}
        yield f"  {t(f'cli.suggest_{key}', **told)}"
    for stretch in period.unsure:
        yield f"  {t('cli.suggest_unsure', **_stretch(stretch, t))}"
    often = sorted(period.irregular, key=lambda stretch: -stretch.share)
    for stretch in often[:TOP_PROBLEMS]:
        share = t.percent(stretch.share)
        yield f"  {t('cli.suggest_irregular', share=share, **_stretch(stretch, t))}"
    for one in period.differences:
        days_told = spoken_days(format_days(one.weekdays), t)
        stated, shown = t.spans(one.stated), t.spans(one.found)
        yield f"  {t('cli.suggest_differs', days=days_told, stated=stated, found=shown)}"
    if not period.differences:
        yield f"  {t('cli.suggest_agrees')}"


def _stretch(stretch: Stretch, t: Texts) -> dict[str, str]:
    days = spoken_days(format_days(stretch.weekdays), t)
    return {"days": days, "hours": t.span(stretch.span)}


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
