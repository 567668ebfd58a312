"""The change announced: what changes, from when and why, as a post and as a paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hoursopt.hours import OpeningHours, Spans
from hoursopt.i18n import Texts
from hoursopt.publish.choose import Chosen
from hoursopt.publish.hours import Stretch

LONGEST_POST = 280
"""Signs that fit in a post of the short networks."""


def notice_text(chosen: Chosen, languages: Sequence[str]) -> str:
    """The notice in each language, a post and a paragraph under a heading; plain text."""
    parts = []
    for t in map(Texts, languages):
        name = t("notice.language")
        parts.append(
            f"{name}\n{'=' * len(name)}\n\n"
            f"{t('notice.post_title')}\n\n{post(chosen, t)}\n\n"
            f"{t('notice.paragraph_title')}\n\n{paragraph(chosen, t)}\n"
        )
    return "\n\n".join(parts)


def post(chosen: Chosen, t: Texts) -> str:
    """The news in at most 280 signs; what does not fit is left out from the end."""
    hours, news = chosen.hours, _news(chosen)
    stretch = news or hours.weeks()[0]
    key = "notice.post_new" if news else "notice.post_same"
    told = t(key, shop=hours.shop, date=stretch.first, hours=stretch.hours)
    if len(told) > LONGEST_POST:
        told = t("notice.post_short", shop=hours.shop, date=stretch.first)
    more = [_why(chosen, stretch.hours, t)] if news else []
    more += [t("notice.web", web=hours.web)] if hours.web else []
    for sentence in filter(None, more):
        if len(told) + 1 + len(sentence) <= LONGEST_POST:
            told = f"{told} {sentence}"
    return told


def paragraph(chosen: Chosen, t: Texts) -> str:
    """The same at more length: each change, the reason, later weeks, days of their own."""
    hours, news = chosen.hours, _news(chosen)
    weeks = hours.weeks()
    if news is None:
        same = {"shop": hours.shop, "hours": weeks[0].hours}
        sentences = [t("notice.same", dates=t.days(hours.first, hours.last), **same)]
    else:
        sentences = [
            t("notice.new", shop=hours.shop, date=news.first),
            t("notice.changes", changes="; ".join(_changes(chosen.before, news.hours, t))),
            _why(chosen, news.hours, t),
            *_later(chosen, news, t),
        ]
    sentences.append(_own_days(chosen, t))
    sentences += [t("notice.web", web=hours.web)] if hours.web else []
    return " ".join(filter(None, [*sentences, t("notice.welcome")]))


def _news(chosen: Chosen) -> Stretch | None:
    """The first week that differs from the hours before."""
    return next((week for week in chosen.hours.weeks() if week.hours != chosen.before), None)


def _later(chosen: Chosen, news: Stretch, t: Texts) -> Iterator[str]:
    for week in chosen.hours.weeks():
        if week.first > news.first:
            if week.hours == chosen.before:
                yield t("notice.back", date=week.first, hours=week.hours)
            else:
                yield t("notice.later", date=week.first, hours=week.hours)


def _changes(before: OpeningHours, after: OpeningHours, t: Texts) -> Iterator[str]:
    """Weekdays in a row with the same change: `Mon–Fri 10:00–20:00 (until now 10:00–17:00)`."""
    runs: list[list[int]] = []
    for day in (day for day in range(7) if before[day] != after[day]):
        last = runs[-1][-1] if runs else -2
        alike = (before[last], after[last]) == (before[day], after[day])
        if day == last + 1 and alike:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        days = "–".join(t.weekday(day, short=True) for day in dict.fromkeys((run[0], run[-1])))
        now, then = t.spans(after[run[0]]), t.spans(before[run[0]])
        yield t("notice.change", days=days, now=now, then=then)


def _why(chosen: Chosen, after: OpeningHours, t: Texts) -> str:
    """The reason that a plan gives; a week that the owner set has hers, which is not ours to tell.

    Hours are added where the demand model sees customers enough, and leave where it does not.
    """
    if not chosen.planned:
        return ""
    pairs = list(zip(chosen.before.days, after.days, strict=True))
    added = any(_minutes(now) > _overlap(now, then) for then, now in pairs)
    gone = any(_minutes(then) > _overlap(now, then) for then, now in pairs)
    if added and gone:
        return t("notice.why_both")
    return t("notice.why_longer") if added else t("notice.why_shorter")


def _minutes(spans: Spans) -> int:
    return sum(span.end - span.start for span in spans)


def _overlap(one: Spans, other: Spans) -> int:
    return sum(a.overlap(b) for a in one for b in other)


def _own_days(chosen: Chosen, t: Texts) -> str:
    """The days of their own that differ from their week, those with the same hours together."""
    hours = chosen.hours
    groups: dict[Spans, list[str]] = {}
    for week in hours.weeks():
        for day in hours.unlike_own(week):
            groups.setdefault(day.hours, []).append(t.date(day.date))
    told = [
        t("notice.own_hours", hours=t.spans(spans), dates=", ".join(dates))
        for spans, dates in groups.items()
    ]
    return t("notice.own_days", days="; ".join(told)) if told else ""
