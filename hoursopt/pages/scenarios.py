"""What-ifs that are done, in words and in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoursopt.batch import Answered
from hoursopt.batch.answering import BETWEEN_SEASONS
from hoursopt.batch.nouns import Drop
from hoursopt.charts import Outcome
from hoursopt.hours import parse_hours
from hoursopt.i18n import Texts
from hoursopt.pages.decision import signed
from hoursopt.pages.markup import Markup, Row, join, lines, paragraph, table, tag
from hoursopt.pages.questions import Question, say


@dataclass(frozen=True)
class Runs:
    """What-ifs that are done, and the seasons in the order in which results have their hours."""

    seasons: tuple[str, ...]
    done: tuple[Answered, ...]


def words(runs: Runs, currency: str, t: Texts) -> Markup:
    """In how many what-ifs the same hours stay the best, and between what the gain lies."""
    answered = [run.result for run in runs.done if run.result.gain is not None]
    if not answered:
        return paragraph(t("asking.no_answer"))
    weeks = [result.hours for result in answered]
    usual = max(dict.fromkeys(weeks), key=weeks.count)
    gains = [result.gain for result in answered if result.gain is not None]
    told = t(
        "asking.summary",
        count=len(answered),
        same=weeks.count(usual),
        low=signed(min(gains), currency, t),
        high=signed(max(gains), currency, t),
    )
    lines_of = [tag("li", line) for line in said_hours(usual, runs.seasons, t)]
    return join([paragraph(told), tag("ul", *lines_of, class_="ho-text")])


def outcomes_of(
    runs: Runs, known: Mapping[str, Question], currency: str, t: Texts
) -> list[Outcome]:
    """Those with an answer, for the picture."""
    return [
        Outcome(name(run, known, currency, t), result.today_profit, result.best_profit)
        for run in runs.done
        for result in (run.result,)
        if result.today_profit is not None and result.best_profit is not None
    ]


def compared(runs: Runs, known: Mapping[str, Question], currency: str, t: Texts) -> Markup:
    """One row for each what-if, in the order of the grid; below, why some have no answer."""
    head = [t(f"asking.{column}") for column in ("scenario", "today", "best", "gain")]
    head += [t("plan.range"), t("asking.best_hours")]
    rows, faults = [], []
    for run in runs.done:
        told = name(run, known, currency, t)
        result = run.result
        if result.gain is None or result.gain_low is None or result.gain_high is None:
            faults.append(f"{told}: {result.error}")
            continue
        low, high = (t.money(gain, currency, 0) for gain in (result.gain_low, result.gain_high))
        profits = (result.today_profit or 0.0, result.best_profit or 0.0)
        rows.append(
            Row(
                [
                    told,
                    *(t.money(profit, currency, 0) for profit in profits),
                    signed(result.gain, currency, t),
                    t("page.span", low=low, high=high),
                    "; ".join(said_hours(result.hours, runs.seasons, t)),
                ]
            )
        )
    parts = [table(head, rows, told=True)] if rows else []
    return join([*parts, *map(lines, faults)])


def name(run: Answered, known: Mapping[str, Question], currency: str, t: Texts) -> str:
    """A what-if in the reader's words: every value that was asked for."""
    by_key = {question.key: question for question in known.values()}
    changed = {change.column for change in run.whatif.changes}
    told = [
        f"{t(f'asking.short_{by_key[key].name}')} {say(float(value), by_key[key], currency, t)}"
        for key, value in run.values.items()
        if key in by_key and value is not None and key in changed
    ]
    dropped = [change.name for change in run.whatif.changes if isinstance(change, Drop)]
    told += [t("asking.without", name=name) for name in dropped]
    values = ", ".join(told) or t("asking.as_it_is")
    named = run.whatif.scenario and not dropped
    return f"{run.whatif.scenario}: {values}" if named else values


def said_hours(text: str, seasons: Sequence[str], t: Texts) -> list[str]:
    """The hours of each season as on a door, after the season's name where there are several."""
    parts = [t.hours(parse_hours(part)) for part in text.split(BETWEEN_SEASONS)]
    if len(parts) == 1:
        return parts
    return [f"{name}: {part}" for name, part in zip(seasons, parts, strict=True)]
