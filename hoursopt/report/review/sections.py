"""The sections of a review, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.problem import PARAMETERS
from hoursopt.hours import format_days
from hoursopt.observations import spoken_days
from hoursopt.report.nouns import Block, Cell, Column, Kind, Picture, Row, Section, Table, Words
from hoursopt.report.ranges import Ranged, ranges_picture
from hoursopt.report.review.choosing import changed_sources
from hoursopt.report.review.comparison import CHANGED, FAR, NEAR, Stretch
from hoursopt.report.review.outcome import OTHER, PLAN
from hoursopt.report.review.subject import Measured, ReviewSubject, chance_between
from hoursopt.report.subject import chance_told

MEASURES: tuple[tuple[str, Kind], ...] = (
    *(("customers", "count"), ("sales", "money")),
    ("profit", "money"),
)
ALL = (FAR, NEAR, CHANGED)
SHARES = ("recaptured", "next_day", "online")
STATED = 0.8


def verdict(subject: ReviewSubject) -> Section:
    """The answer in five lines."""
    t, outcome = subject.t, subject.outcome
    judged = outcome.way != OTHER
    compared = subject.comparison
    customers, profit = subject.customers(judged, ALL), subject.profit(judged)
    inside = sum(subject.customers(within, ALL).held for _, within in outcome.weeks)
    rows = [
        Row((t("review.line_change"), _change(subject))),
        Row((t("review.line_customers"), _against(subject, customers, money=False))),
        Row((t("review.line_profit"), _against(subject, profit, money=True))),
        Row(
            (
                t("review.line_range"),
                t("review.range_held", count=len(outcome.weeks), inside=inside),
            )
        ),
        Row((t("review.line_next"), t(f"review.next_{compared.verdict}"))),
    ]
    lead = t(f"review.lead_{compared.verdict}")
    columns = (Column("", broad=0.5), Column("", broad=2.5))
    blocks: list[Block] = [Words((lead,), lead=True), Table("", columns, tuple(rows))]
    warned = _warnings(subject)
    if warned:
        blocks.insert(1, Words(tuple(warned)))
    return Section(t("review.verdict"), tuple(blocks), "hours")


def _change(subject: ReviewSubject) -> str:
    t, compared = subject.t, subject.comparison
    if subject.chosen.season.best == subject.chosen.season.today:
        return t("review.change_same")
    if not (subject.outcome.way == PLAN).any():
        return t("review.change_never")
    if compared.gain is None:
        return t("review.change_unknown")
    return t("review.change_gain", **subject.estimate(compared.gain))


def _against(subject: ReviewSubject, one: Measured, *, money: bool) -> str:
    t = subject.t

    def told(value: float) -> str:
        return subject.money(value) if money else t.number(value, 0)

    ends = (one.expected.mean, one.expected.low, one.expected.high)
    mean, low, high = map(told, ends)
    key = "review.held" if one.held else "review.not_held"
    return t(key, actual=told(one.actual), mean=mean, low=low, high=high)


def _warnings(subject: ReviewSubject) -> list[str]:
    """What the reader must know before any figure: other data, a late plan, days left out."""
    t = subject.t
    found = []
    if changed_sources(subject.chosen.kept, subject.loaded):
        found.append(t("review.data_changed"))
    if not subject.chosen.in_time:
        found.append(t("review.late_plan", date=subject.chosen.kept.at.date()))
    left = len(subject.outcome.dates) - subject.outcome.judged
    if left:
        found.append(t("review.left_out", count=left))
    return found


def weeks(subject: ReviewSubject) -> Section:
    """Customers, sales, and profit with staff hours: week by week, beside the range stated."""
    t = subject.t
    tables = []
    for name, kind in MEASURES:
        rows = []
        for monday, within in subject.outcome.weeks:
            one = _measured(subject, name, within)
            staff = subject.staff(within) if name == "profit" else ()
            cells = (monday, int(within.sum()), *_cells(one, subject), *staff)
            rows.append(Row(cells, "" if one.held else "changed"))
        judged = subject.outcome.way != OTHER
        whole = _measured(subject, name, judged)
        staff = subject.staff(judged) if name == "profit" else ()
        days = int(judged.sum())
        rows.append(Row((t("report.in_all"), days, *_cells(whole, subject), *staff), "group"))
        columns = (
            Column(t("review.week_of"), "date", broad=1.2),
            Column(t("review.days"), "count", broad=0.6),
            *_ranges(subject, kind),
            Column(t("review.within")),
        )
        if name == "profit":
            columns = (
                *columns,
                Column(t("review.staff_actual"), "number"),
                Column(t("review.staff_expected"), "number"),
            )
        tables.append(Table(t(f"review.{name}_title"), columns, tuple(rows), t("review.bold_note")))
    words = Words((t("review.weeks_words"), t("review.profit_words")))
    return Section(t("review.weeks"), (words, _picture(subject), *tables), "week")


def _picture(subject: ReviewSubject) -> Picture:
    """The customers of each week beside their range."""
    weeks = []
    for monday, within in subject.outcome.weeks:
        one = subject.customers(within, ALL)
        ends = (one.expected.low, one.expected.mean, one.expected.high)
        weeks.append(Ranged(monday, *ends, one.actual))
    return ranges_picture(subject.t("review.picture_title"), weeks, subject.t)


def _measured(subject: ReviewSubject, name: str, within: NDArray[np.bool_]) -> Measured:
    if name == "profit":
        return subject.profit(within)
    return subject.customers(within, ALL) if name == "customers" else subject.sales(within, ALL)


def _cells(one: Measured, subject: ReviewSubject) -> tuple[Cell, ...]:
    expected = one.expected
    key = (
        "review.yes"
        if one.held
        else "review.above"
        if one.actual > expected.high
        else "review.below"
    )
    return (one.actual, expected.mean, expected.low, expected.high, subject.t(key))


def classes(subject: ReviewSubject) -> Section:
    """Hours that stayed, far from a change and near one, and hours that are new."""
    t = subject.t
    judged = subject.outcome.way != OTHER
    tables = []
    for measure, kind in MEASURES[:2]:
        rows = []
        for number, name in enumerate(("far", "near", "changed")):
            take = subject.customers if measure == "customers" else subject.sales
            one = take(judged, (number,))
            if one.expected.mean or one.actual:
                ratio = one.actual / one.expected.mean if one.expected.mean else None
                figures = _cells(one, subject)
                rows.append(Row((t(f"review.class_{name}"), *figures[:-1], ratio, figures[-1])))
        columns = (
            Column(t("review.class"), broad=2.0),
            *_ranges(subject, kind),
            Column(t("review.ratio"), "share"),
            Column(t("review.within")),
        )
        tables.append(Table(t(f"review.{measure}_title"), columns, tuple(rows)))
    return Section(t("review.classes"), (Words((t("review.classes_words"),)), *tables), "hours")


def _ranges(subject: ReviewSubject, kind: Kind) -> tuple[Column, ...]:
    t = subject.t
    return (
        Column(t("review.actual"), kind),
        Column(t("review.expected"), kind),
        Column(t("report.low"), kind),
        Column(t("report.high"), kind),
    )


def coverage(subject: ReviewSubject) -> Section:
    """How often the 80 % range of a week held."""
    t = subject.t
    count = len(subject.outcome.weeks)
    low, high = chance_between(count)
    rows = []
    for name in ("customers", "sales", "profit"):
        inside = sum(_measured(subject, name, within).held for _, within in subject.outcome.weeks)
        told = (
            "review.as_stated"
            if low <= inside <= high
            else ("review.too_narrow" if inside < low else "review.too_wide")
        )
        rows.append(Row((t(f"review.{name}"), inside, count, inside / count, t(told))))
    columns = (
        Column(t("review.measure"), broad=1.2),
        Column(t("review.weeks_within"), "count"),
        Column(t("review.weeks_all"), "count"),
        Column(t("review.share"), "share"),
        Column(t("review.judgement"), broad=1.8),
    )
    words = t("review.coverage_words", count=count, low=low, high=high)
    return Section(
        t("review.coverage"), (Words((words,)), Table("", columns, tuple(rows))), "hours"
    )


def changed_hours(subject: ReviewSubject) -> Section:
    """Which changed hours paid, which did not, and of which nothing can be said."""
    t = subject.t
    stretches = subject.comparison.stretches
    if not stretches:
        return Section(t("review.changed"), (Words((t("review.changed_none"),)),), "worth")
    rows = tuple(_stretch_row(one, subject) for one in stretches)
    columns = (
        Column(t("report.hours"), broad=1.6),
        Column(t("review.kind")),
        Column(t("review.openings"), "count"),
        Column(t("review.customers_each"), "number"),
        Column(t("review.cost_each"), "money"),
        Column(t("review.worth_each"), "money", signed=True),
        Column(t("report.low"), "money"),
        Column(t("report.high"), "money"),
        Column(t("review.judgement"), broad=1.4),
    )
    blocks = (
        Words((t("review.changed_words"),)),
        Table("", columns, rows, t("review.changed_note")),
    )
    return Section(t("review.changed"), blocks, "worth")


def _stretch_row(one: Stretch, subject: ReviewSubject) -> Row:
    t = subject.t
    worth = one.worth
    ends = (worth.mean, worth.low, worth.high) if worth else (None, None, None)
    return Row(
        (
            told_stretch(one, subject),
            t("review.new" if one.added else "review.gone"),
            one.openings if one.added else None,
            one.customers if one.openings else None,
            one.cost,
            *ends,
            t(f"review.stretch_{one.verdict}"),
        )
    )


def told_stretch(one: Stretch, subject: ReviewSubject) -> str:
    """Weekdays and hours of a stretch."""
    t = subject.t
    return f"{spoken_days(format_days(one.weekdays), t)} {t.span(one.span)}"


def comparison(subject: ReviewSubject) -> Section:
    """The change against the hours that did not change."""
    t, compared = subject.t, subject.comparison
    words = [t("review.comparison_words")]
    if not compared.control:
        words.append(t("review.comparison_none"))
        return Section(t("review.comparison"), (Words(tuple(words)),), "worth")
    words.append(t(f"review.control_{compared.control}"))
    rows = []
    for name in ("level", "changed_ratio", "apart"):
        estimate = compared.changed if name == "changed_ratio" else getattr(compared, name)
        if estimate is not None:
            rows.append(Row((t(f"review.{name}"), estimate.mean, estimate.low, estimate.high)))
    columns = (
        Column(t("review.actual_by_expected"), broad=2.6),
        *(Column(t(f"report.{name}"), "share") for name in ("likely", "low", "high")),
    )
    tables = [Table(t("review.ratios_title"), columns, tuple(rows))]
    money = [Row((t("review.naive"), compared.naive, None, None))]
    if compared.gain is not None:
        gain = compared.gain
        cells = (t("review.gain_apart"), gain.mean, gain.low, gain.high)
        money.append(Row(cells, "group"))
    columns = (
        Column(t("review.gain_week"), broad=2.6),
        *(Column(t(f"report.{name}"), "money", signed=True) for name in ("likely", "low", "high")),
    )
    chance = t("review.chance_paid", chance=chance_told(compared.probability, t))
    tables.append(Table(t("review.gain_title"), columns, tuple(money), chance))
    words.append(t(f"review.can_{compared.verdict}"))
    return Section(t("review.comparison"), (Words(tuple(words)), *tables), "worth")


def learned(subject: ReviewSubject) -> Section:
    """Diversion and demand of closed hours, before the season and with its data."""
    t = subject.t
    blocks = (
        Words((t("review.learned_words"),)),
        Table(
            t("review.diversion_title"),
            (
                Column(t("report.diversion_head"), broad=2.4),
                Column(t("review.before"), broad=1.4),
                Column(t("review.after"), broad=1.4),
                Column(t("report.origin"), broad=1.2),
            ),
            tuple(_diversion(subject)),
        ),
        Table(
            t("review.closed_title"),
            (
                Column(t("review.class"), broad=2.2),
                Column(t("review.wanted_before"), "number"),
                Column(t("review.wanted_after"), "number"),
                Column(t("review.unsure_before"), "share"),
                Column(t("review.unsure_after"), "share"),
            ),
            tuple(_closed(subject)),
            t("review.closed_note"),
        ),
    )
    return Section(t("review.learned"), blocks, "assumptions")


def _diversion(subject: ReviewSubject) -> Iterator[Row]:
    t = subject.t
    then = (subject.chosen.kept.basis or {})["diversion"]
    for name in PARAMETERS:
        now = subject.model.diversion.get(name)
        if name not in then or now is None:
            continue
        ends = [
            [then[name][end] for end in ("mean", "low", "high")],
            [now.mean, now.low, now.high],
        ]
        told = [_range(values, name in SHARES, subject) for values in ends]
        origin = t("cli.learned" if now.learned else "cli.assumed")
        yield Row((t(f"cli.{name}"), *told, origin))


def _range(ends: list[float], share: bool, subject: ReviewSubject) -> str:
    t = subject.t
    mean, low, high = (
        t.percent(value) if share else t("report.in_hours", hours=t.number(value)) for value in ends
    )
    return t("chart.mean_and_range", mean=mean, low=low, high=high)


def _closed(subject: ReviewSubject) -> Iterator[Row]:
    """Customers a week who want to come in hours that were shut before: new ones, others."""
    season, grid = subject.chosen.season, subject.loaded.shop.grid
    then = (subject.chosen.kept.basis or {})["demand"][season.name]
    band = subject.model.curves(season.name).walk_in
    now = {"mean": band.mean, "low": band.low, "high": band.high}
    if np.array(then["mean"]).shape != band.mean.shape:
        return
    today, best = (
        np.array([grid.shares(spans) for spans in week.days]) > 0.5
        for week in (season.today, season.best)
    )
    for name, within in (("new", best & ~today), ("still", ~best & ~today)):
        if within.any():
            sums = []
            unsure = []
            for fitted in (then, now):
                mean, low, high = (
                    np.array(fitted[end])[within].sum() for end in ("mean", "low", "high")
                )
                sums.append(float(mean))
                unsure.append(float((high - low) / 2 / mean) if mean else None)
            yield Row((subject.t(f"review.hours_{name}"), *sums, *unsure))


def data(subject: ReviewSubject) -> Section:
    """Whether the plan's data are still what they were, and which days were left out."""
    t = subject.t
    changed = changed_sources(subject.chosen.kept, subject.loaded)
    blocks: list[Block] = []
    if changed:
        lines = tuple(
            Row((t(f"observe.source.{one.source}"), *one.rows, *one.sums)) for one in changed
        )
        heads = (
            Column(t("report.source"), broad=1.5),
            Column(t("review.rows_then"), "count"),
            Column(t("review.rows_now"), "count"),
            Column(t("review.sum_then"), "number"),
            Column(t("review.sum_now"), "number"),
        )
        blocks += [Words((t("review.data_changed"),)), Table("", heads, lines)]
    else:
        blocks.append(Words((t("review.data_same"),)))
    outcome = subject.outcome
    ways = [int((outcome.way == way).sum()) for way in (PLAN, 0, OTHER)]
    rows = tuple(
        Row((t(f"review.days_{name}"), count))
        for name, count in zip(("plan", "today", "other"), ways, strict=True)
    )
    columns = (Column(t("review.days_head"), broad=3.0), Column(t("review.days"), "count"))
    blocks.append(Table(t("review.days_title"), columns, rows, t("review.days_note")))
    blocks.append(Words((t("review.method_words"), t("review.queue_words"))))
    return Section(t("review.data"), tuple(blocks), "assumptions")


def next_season(subject: ReviewSubject) -> Section:
    """What to do next season: hours to keep, to shut, to try on."""
    t = subject.t
    lines = []
    for name, key in (("paid", "keep"), ("lost", "shut"), ("open", "go_on")):
        told = [
            told_stretch(one, subject)
            for one in subject.comparison.stretches
            if one.verdict == name and one.added
        ]
        if told:
            lines.append(t(f"review.do_{key}", hours="; ".join(told)))
    gone = [told_stretch(one, subject) for one in subject.comparison.stretches if not one.added]
    if gone:
        lines.append(t("review.do_gone", hours="; ".join(gone)))
    count = len(subject.outcome.weeks)
    low, _ = chance_between(count)
    inside = sum(subject.customers(within, ALL).held for _, within in subject.outcome.weeks)
    if inside < low:
        lines.append(t("review.do_ranges"))
    if subject.loaded.observations.staff is None:
        lines.append(t("review.do_rota"))
    lines.append(t("review.do_plan"))
    return Section(t("review.next"), (Words(tuple(lines), listed=True),), "worth")


SECTIONS = (
    *(verdict, weeks, classes, coverage, changed_hours, comparison, learned, next_season, data),
)
