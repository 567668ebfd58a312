"""Every sentence that a user reads: texts, numbers, dates and hours in Finnish, Swedish, English.

The texts stand in `texts/{fi,sv,en}.toml`: tables of sentences with `{placeholders}`, and where a
number decides the form, a table of plural forms chosen by `count`.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_currency, format_decimal, format_percent

from hoursopt.errors import DataError, HoursoptError
from hoursopt.hours import DAY, OpeningHours, PartOfWeek, Span, Spans

PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
Text = str | Mapping[str, str]


@dataclass(frozen=True)
class _Manner:
    """How a language writes: babel's locale, dates, days, the sign between hours and minutes."""

    locale: str
    date: str
    day: str
    time_sign: str
    whole_hours: bool


# sv_FI's own short date is 2026-06-19, which nobody in Finland puts on a door. In English the month
# is a word, for 6/5 is two dates. Finnish and Swedish signs say 10-17 for 10.00-17.00.
_MANNERS = {
    "fi": _Manner("fi", "d.M.yyyy", "d.M.", ".", True),
    "sv": _Manner("sv_FI", "d.M.yyyy", "d.M.", ":", True),
    "en": _Manner("en_GB", "d MMM yyyy", "d MMM", ":", False),
}


def is_plural(value: object) -> bool:
    """Whether a value of the catalogue is a table of plural forms and not a table of texts."""
    return isinstance(value, Mapping) and "other" in value and value.keys() <= PLURALS


@cache
def catalogue(language: str) -> Mapping[str, Text]:
    """All texts of a language by dotted key."""
    source = resources.files("hoursopt").joinpath("texts", f"{language}.toml")
    return MappingProxyType(dict(_flat(tomllib.loads(source.read_text("utf-8")))))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, Text]]:
    for name, value in table.items():
        if isinstance(value, Mapping) and not is_plural(value):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value  # type: ignore[misc]


GROUPED = 10_000
"""Whole numbers from here on are told in groups of three digits; years stand as they are."""


@dataclass(frozen=True)
class Texts:
    """The texts and the manner of writing of one language: `fi`, `sv` or `en`.

    Call it with a key for a sentence. Raises DataError `i18n.language` for any other language.
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in _MANNERS:
            raise DataError("i18n.language", language=self.language, known=tuple(_MANNERS))

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key; dates, numbers, hours and lists among the values are written out.

        Raises KeyError for an unknown key or a placeholder without value.
        """
        text = catalogue(self.language)[key]
        if not isinstance(text, str):
            form = self._locale.plural_form(values["count"])  # type: ignore[arg-type]
            text = text.get(form, text["other"])
        told = {name: self.say(value) for name, value in values.items()}
        if "season" in told and not key.startswith("error."):
            told["season"] = self.season(told["season"])
        return text.format_map(told)

    def __contains__(self, key: str) -> bool:
        return key in catalogue(self.language)

    def season(self, name: str) -> str:
        """A season as its owner calls it; the whole year of a shop without seasons in words."""
        key = f"season_name.{name}"
        return self(key) if key in self else name

    def describe(self, error: HoursoptError) -> str:
        """The text of an error, its causes as lines below; its key where it has no text."""
        causes = [self.describe(cause).replace("\n", "\n  ") for cause in error.causes]
        return "\n".join([self.sentence(error), *(f"- {cause}" for cause in causes)])

    def sentence(self, error: HoursoptError) -> str:
        """The text of an error without its causes; its key where it has no text."""
        try:
            return self(f"error.{error.key}", **error.values)
        except (KeyError, ValueError, IndexError):
            return f"{error.key}: {error.values}" if error.values else error.key

    def say(self, value: object) -> str:
        """A value as it stands in a sentence."""
        match value:
            case str():
                return value
            case HoursoptError():
                return self.describe(value)
            case int() if abs(value) >= GROUPED:
                return self.number(value, digits=0)
            case float():
                return self.number(value, digits=2)
            case dt.date():
                return self.date(value)
            case Span():
                return self.span(value)
            case OpeningHours():
                return self.hours(value)
            case PartOfWeek():
                return self.part_of_week(value)
            case Sequence():
                return ", ".join(map(self.say, value))
        return str(value)

    def number(
        self, value: float, digits: int = 1, *, fixed: bool = False, grouped: bool = True
    ) -> str:
        """A number with at most `digits` decimals; `fixed`: with so many, as columns have them.

        `grouped`: its thousands stand apart.
        """
        form = ("#,##0." if grouped else "0.") + ("0" if fixed else "#") * digits
        return format_decimal(value, format=form, locale=self._locale)

    def money(self, value: float, currency: str, digits: int | None = None) -> str:
        """An amount in a currency (ISO 4217), with its usual decimals or with `digits`."""
        if digits is None:
            return format_currency(value, currency, locale=self._locale)
        pattern = self._locale.currency_formats["standard"].pattern
        shown = pattern.replace("0.00", "0." + "0" * digits if digits else "0")
        return format_currency(value, currency, shown, locale=self._locale, currency_digits=False)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 in per cent."""
        pattern = self._locale.percent_formats[None].pattern
        shown = pattern.replace("0", "0." + "#" * digits) if digits else pattern
        return format_percent(share, shown, locale=self._locale)

    def date(self, date: dt.date) -> str:
        """A date with its year."""
        return format_date(date, self._manner.date, locale=self._locale)

    def day(self, date: dt.date) -> str:
        """A date without its year, as on a door."""
        return format_date(date, self._manner.day, locale=self._locale)

    def days(self, first: dt.date, last: dt.date) -> str:
        """Dates from first to last, the year once where it is the same: `1.6.–31.8.2026`."""
        if first == last:
            return self.date(first)
        start = self.day(first) if first.year == last.year else self.date(first)
        gap = " " if " " in start else ""
        return f"{start}{gap}–{gap}{self.date(last)}"

    def month(self, month: int) -> str:
        """Name of a month, January 1."""
        return get_month_names("wide", "stand-alone", self._locale)[month]

    def country(self, code: str) -> str:
        """Name of a country (ISO 3166-1); the code where it has none."""
        return str(self._locale.territories.get(code, code))

    def weekday(self, weekday: int, short: bool = False) -> str:
        """Name of a weekday, Monday 0."""
        names = get_day_names("abbreviated" if short else "wide", "stand-alone", self._locale)
        return names[weekday]

    def time(self, minute: int) -> str:
        """A clock time; 24:00 stays 24:00, later minutes are those of the next morning."""
        hour, rest = divmod(minute if minute <= DAY else minute - DAY, 60)
        return f"{hour:02d}{self._manner.time_sign}{rest:02d}"

    def span(self, span: Span) -> str:
        """A stretch of hours as a door sign has it: `10-17.30`."""
        return "–".join(self._short_time(minute) for minute in (span.start, span.end))

    def stretch(self, weekday: int, start: int, end: int) -> str:
        """A stretch of a weekday as a door sign has it: `to 17–18`."""
        return f"{self.weekday(weekday, short=True)} {self.span(Span(start, end))}"

    def hours(self, hours: OpeningHours) -> str:
        """The hours of a week in one line, closed days named."""
        return ", ".join(f"{days} {times}" for days, times in self.hours_lines(hours))

    def part_of_week(self, part: PartOfWeek) -> str:
        """Days and hours in one line, without the days that have none."""
        lines = self.hours_lines(part.hours)
        closed = self.spans(())
        return ", ".join(f"{days} {times}" for days, times in lines if times != closed)

    def hours_lines(self, hours: OpeningHours) -> tuple[tuple[str, str], ...]:
        """The lines of a door sign: weekdays in a row with equal hours, and their hours."""
        runs: list[list[int]] = []
        for weekday in range(7):
            if runs and hours[weekday] == hours[runs[-1][0]]:
                runs[-1].append(weekday)
            else:
                runs.append([weekday])
        return tuple((self._run(run), self.spans(hours[run[0]])) for run in runs)

    def spans(self, spans: Spans) -> str:
        """The hours of one day; the word for closed where there are none."""
        shown = [self.span(span) for span in spans]
        return f" {self('common.and')} ".join(shown) or self("common.closed")

    def _run(self, weekdays: Sequence[int]) -> str:
        ends = dict.fromkeys((weekdays[0], weekdays[-1]))
        return "–".join(self.weekday(weekday, short=True) for weekday in ends)

    def _short_time(self, minute: int) -> str:
        if self._manner.whole_hours and minute % 60 == 0:
            return str((minute if minute <= DAY else minute - DAY) // 60)
        return self.time(minute).removeprefix("0" if self._manner.whole_hours else "")

    @property
    def _manner(self) -> _Manner:
        return _MANNERS[self.language]

    @property
    def _locale(self) -> Locale:
        return _locale_of(self._manner.locale)


@cache
def _locale_of(name: str) -> Locale:
    """Looked up once: a page formats a thousand numbers."""
    return Locale.parse(name)
