"""What stands on a sign and where: name, hours, validity, days of their own, and the web shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import segno

from hoursopt.fonts import SANS, SANS_BOLD, SERIF
from hoursopt.hours import OpeningHours, Spans
from hoursopt.i18n import Texts
from hoursopt.paper.letters import MM_OF_POINT, drawable, fitting, width
from hoursopt.paper.marks import A4, Block, Box, Frame, Mark, Page, Text
from hoursopt.publish.hours import OwnDay, PublishedHours, Stretch

INK, QUIET, LINE, ACCENT = "#22303c", "#5f6b76", "#d5d9dc", "#1f568a"
WIDTH, HEIGHT = A4
LEFT, RIGHT, MIDDLE = 28.0, WIDTH - 28.0, WIDTH / 2
ROOM = RIGHT - LEFT
TOP, BOTTOM = 28.0, HEIGHT - 24.0
SCALES = tuple(1.28 - 0.04 * step for step in range(24))
NARROWEST_GAP, WIDEST_GAP = 11.0, 17.0
LARGE, SMALL = 23.0, 12.0
DOT = "  ·  "


def sign_pages(hours: PublishedHours, languages: Sequence[str]) -> tuple[Page, ...]:
    """A page for every week, in the languages (the first one large, at most two more small)."""
    texts = [Texts(language) for language in languages]
    return tuple(_page(hours, stretch, texts) for stretch in hours.weeks())


def _page(hours: PublishedHours, stretch: Stretch, texts: Sequence[Texts]) -> Page:
    first = texts[0]
    days = hours.unlike_own(stretch)
    for scale in SCALES:
        blocks = [_head(hours.shop, texts, scale), _week(stretch.hours, texts, scale)]
        if days:
            blocks.append(_own_days(days, texts, scale))
        if hours.web:
            blocks.append(_web(hours.web, texts, scale))
        foot = _validity(stretch, texts)
        free = BOTTOM - TOP - foot.height - sum(block.height for block in blocks)
        if free >= NARROWEST_GAP * len(blocks):
            break
    gap = min(free / len(blocks), WIDEST_GAP)
    marks: list[Mark] = list(_frame())
    # What is left over stands above and below, a little more below.
    y = TOP + max(free - gap * len(blocks), 0.0) * 0.42
    for block in blocks:
        marks += block.at(y)
        y += block.height + gap
    marks += foot.at(BOTTOM - foot.height)
    title = f"{hours.shop}: {first('sign.title')} {first.days(stretch.first, stretch.last)}"
    return Page(title, first.language, tuple(marks))


def _frame() -> Iterator[Mark]:
    for inset, line in ((11.0, 0.9), (13.0, 0.25)):
        yield Frame(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset, INK, line)


def _head(shop: str, texts: Sequence[Texts], scale: float) -> Block:
    """The shop's name, in two lines where it is long, and what this is."""
    lines = _name_lines(drawable(shop, SERIF) or " ", 44 * scale)
    size = min(fitting(line, SERIF, 44 * scale, ROOM) for line in lines)
    marks: list[Mark] = []
    y = 0.0
    for line in lines:
        y += size * MM_OF_POINT * (0.82 if not marks else 1.1)
        marks.append(Text(MIDDLE, y, line, SERIF, size, INK, "middle"))
    y += 4.5 * scale + 0.22 * size * MM_OF_POINT
    marks.append(Box(MIDDLE - 9, y, 18, 0.7, ACCENT))
    titles = DOT.join(dict.fromkeys(t("sign.title").upper() for t in texts))
    tracking = 0.55
    size = fitting(titles, SANS_BOLD, 11.5 * max(scale, 0.8), ROOM - 10, tracking)
    y += 5.0 + size * MM_OF_POINT
    marks.append(Text(MIDDLE, y, titles, SANS_BOLD, size, ACCENT, "middle", tracking))
    return Block(y, tuple(marks))


def _name_lines(name: str, size: float) -> list[str]:
    words = name.split() or [" "]
    if len(words) == 1 or width(name, SERIF, size * 0.62) <= ROOM:
        return [" ".join(words)]
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(min(splits, key=lambda lines: max(width(line, SERIF, size) for line in lines)))


def _week(hours: OpeningHours, texts: Sequence[Texts], scale: float) -> Block:
    """Weekdays in a row with equal hours, named in each language, and their hours large."""
    first = texts[0]
    marks: list[Mark] = []
    y = 0.0
    for run in _runs(hours):
        spans = hours[run[0]]
        times = [first.span(span) for span in spans] or [first("common.closed")]
        others = [_day_names(run, t) for t in texts[1:]]
        size = 35.0 * scale if len(times) == 1 else 27.0 * scale
        step = size * MM_OF_POINT * 1.12
        small = SMALL * max(scale, 0.78)
        height = max(step * len(times), (LARGE * MM_OF_POINT + 7.0) * scale) + 5.6 * scale
        middle = y + height / 2
        shut = not spans
        # Days: the first language large, the others below it in one line.
        name = _capital(_day_names(run, first))
        room = ROOM * 0.49
        large = fitting(name, SERIF, LARGE * scale, room)
        below = DOT.join(dict.fromkeys(others))
        up = 0.0 if not below else small * MM_OF_POINT * 0.62
        marks.append(Text(LEFT, middle + 0.34 * large * MM_OF_POINT - up, name, SERIF, large, INK))
        if below:
            fit = fitting(below, SANS, small, room)
            at = middle + 0.34 * large * MM_OF_POINT - up + small * MM_OF_POINT * 1.34
            marks.append(Text(LEFT, at, below, SANS, fit, QUIET))
        if shut:
            marks += _shut(middle, texts, scale)
        else:
            fit = min(fitting(told, SERIF, size, ROOM * 0.46) for told in times)
            for number, told in enumerate(times):
                at = middle + (number - (len(times) - 1) / 2) * step + 0.335 * fit * MM_OF_POINT
                marks.append(Text(RIGHT, at, told, SERIF, fit, INK, "end"))
        y += height
        marks.append(Box(LEFT, y, ROOM, 0.2, LINE))
    return Block(y, tuple(marks[:-1]))


def _shut(middle: float, texts: Sequence[Texts], scale: float) -> Iterator[Mark]:
    """The word for closed, quieter than hours are."""
    size, small = 20.0 * scale, SMALL * max(scale, 0.78)
    below = DOT.join(dict.fromkeys(t("common.closed") for t in texts[1:]))
    up = 0.0 if not below else small * MM_OF_POINT * 0.62
    y = middle + 0.34 * LARGE * scale * MM_OF_POINT - up
    yield Text(RIGHT, y, texts[0]("common.closed"), SERIF, size, QUIET, "end")
    if below:
        at = middle + 0.34 * LARGE * scale * MM_OF_POINT - up + small * MM_OF_POINT * 1.34
        fit = fitting(below, SANS, small, ROOM * 0.42)
        yield Text(RIGHT, at, below, SANS, fit, QUIET, "end")


def _runs(hours: OpeningHours) -> list[list[int]]:
    runs = [[0]]
    for before, weekday in pairwise(range(7)):
        if hours[before] == hours[weekday]:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    return runs


def _day_names(run: Sequence[int], t: Texts) -> str:
    return "–".join(t.weekday(weekday) for weekday in dict.fromkeys((run[0], run[-1])))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _own_days(days: Sequence[OwnDay], texts: Sequence[Texts], scale: float) -> Block:
    """Days of their own by date; those in a row with one name and the same hours in one line."""
    first = texts[0]
    groups = _grouped(days)
    title = DOT.join(dict.fromkeys(t("sign.own_days") for t in texts))
    small = 12.0 * max(scale, 0.8)
    marks: list[Mark] = []
    size = fitting(title, SANS_BOLD, 11.0 * max(scale, 0.8), ROOM)
    y = size * MM_OF_POINT
    marks.append(Text(LEFT, y, title, SANS_BOLD, size, ACCENT))
    y += 2.6
    # Many of them take two columns, and then only the first language's names.
    columns = 1 if len(groups) <= 9 else 2
    gap = 8.0
    room = (ROOM - gap * (columns - 1)) / columns
    each = -(-len(groups) // columns)
    step = small * MM_OF_POINT * 1.5 if columns == 1 else small * MM_OF_POINT * 1.28
    size = small if columns == 1 else small * 0.84
    for number, group in enumerate(groups):
        column, row = divmod(number, each)
        left = LEFT + column * (room + gap)
        at = y + (row + 1) * step
        dates = _capital(_dates_told(group, first))
        hours = _hours_told(group[0].hours, texts if columns == 1 else texts[:1])
        marks.append(Text(left, at, dates, SANS_BOLD, size, INK))
        marks.append(Text(left + room, at, hours, SANS_BOLD, size, INK, "end"))
        start = left + max(width(dates, SANS_BOLD, size) + 4, 30.0 if columns == 1 else 0.0)
        left_over = left + room - width(hours, SANS_BOLD, size) - 4 - start
        name = _name(group[0], texts if columns == 1 else texts[:1], left_over, size)
        marks += [Text(start, at, name, SANS, size, QUIET)] if name else []
    return Block(y + each * step, tuple(marks))


def _name(day: OwnDay, texts: Sequence[Texts], room: float, size: float) -> str:
    """The name in as many languages as there is room for."""
    names = [drawable(name, SANS) for t in texts if (name := day.name(t.language))]
    told = list(dict.fromkeys(names))
    while told and width(DOT.join(told), SANS, size) > room:
        told.pop()
    if not told and names:
        cut = names[0]
        while cut and width(f"{cut}…", SANS, size) > room:
            cut = cut[:-1]
        return f"{cut.rstrip()}…" if cut else ""
    return DOT.join(told)


def _grouped(days: Sequence[OwnDay]) -> list[list[OwnDay]]:
    groups: list[list[OwnDay]] = []
    for day in days:
        before = groups[-1][-1] if groups else None
        if (
            before
            and (day.date - before.date).days == 1
            and (day.hours, day.names) == (before.hours, before.names)
        ):
            groups[-1].append(day)
        else:
            groups.append([day])
    return groups


def _dates_told(group: Sequence[OwnDay], t: Texts) -> str:
    first, last = group[0].date, group[-1].date
    weekday = t.weekday(first.weekday(), short=True)
    if first == last:
        return f"{weekday} {t.day(first)}"
    return f"{t.day(first)}–{t.day(last)}"


def _hours_told(spans: Spans, texts: Sequence[Texts]) -> str:
    if spans:
        return ", ".join(texts[0].span(span) for span in spans)
    return texts[0]("common.closed")


def _web(address: str, texts: Sequence[Texts], scale: float) -> Block:
    """The web shop's address for telephones and for eyes: open when we are not."""
    side = 34.0 * max(scale, 0.75)
    marks = list(_qr(address, LEFT, 0.0, side))
    left = LEFT + side + 8
    room = RIGHT - left
    lines: list[tuple[str, str, float, str]] = []
    for number, t in enumerate(texts):
        face, size = (SERIF, 15.5) if number == 0 else (SANS, 11.0)
        told = t("sign.web")
        lines.append((told, face, fitting(told, face, size * max(scale, 0.8), room), INK))
    shown = drawable(address.split("://", 1)[1].rstrip("/"), SANS_BOLD)
    size = fitting(shown, SANS_BOLD, 12.5 * max(scale, 0.8), room)
    lines.append((shown, SANS_BOLD, size, ACCENT))
    heights = [size * MM_OF_POINT * 1.42 for _, _, size, _ in lines]
    y = (side - sum(heights)) / 2
    for (told, face, size, colour), height in zip(lines, heights, strict=True):
        y += height
        marks.append(Text(left, y - 0.38 * size * MM_OF_POINT, told, face, size, colour))
    return Block(side, tuple(marks))


def _qr(address: str, left: float, top: float, side: float) -> Iterator[Mark]:
    """The QR code as boxes, dark modules in a row as one; the paper around it is its margin."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    unit = side / len(rows)
    for number, row in enumerate(rows):
        start: int | None = None
        for at, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = at
            elif not dark and start is not None:
                y = top + number * unit
                # A little taller, or fine lines show between the rows.
                yield Box(left + start * unit, y, (at - start) * unit, unit * 1.03, INK)
                start = None


def _validity(stretch: Stretch, texts: Sequence[Texts]) -> Block:
    told = DOT.join(
        dict.fromkeys(t("sign.valid", dates=t.days(stretch.first, stretch.last)) for t in texts)
    )
    size = fitting(told, SANS, 10.5, ROOM + 16)
    return Block(4.0, (Text(MIDDLE, 4.0, told, SANS, size, QUIET, "middle"),))
