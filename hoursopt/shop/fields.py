"""The form of `shop.toml`: its sections and their fields, all of them, once, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hoursopt.calendar import Season
from hoursopt.hours import (
    DAY,
    LONGEST_DAY_END,
    Grid,
    Span,
    format_days,
    format_hours,
    format_spans,
    format_time,
    parse_days,
    parse_hours,
)
from hoursopt.shop import (
    LANGUAGES,
    RULE_KINDS,
    SOURCES,
    WITNESS_KINDS,
    Decision,
    Diversion,
    Economics,
    Event,
    Exceptions,
    Horizon,
    HoursInForce,
    Limits,
    Rule,
    RuleKind,
    Service,
    SourceOptions,
    Sources,
    StaffGroup,
    Supplement,
)
from hoursopt.shop.checks import Fault, check_rule, check_staff_group, check_supplement
from hoursopt.shop.values import (
    Reader,
    any_text,
    boolean,
    choice,
    clock,
    currency,
    date,
    dates,
    days_and_holidays,
    hour_or_span,
    hours_by_date,
    month_day,
    number,
    pair,
    positive,
    range_of,
    stretches,
    text,
    text_by_name,
    texts,
    timezone,
    web_address,
    whole,
    write_days_and_holidays,
    write_hour_or_span,
    write_month_day,
    write_range,
)


@dataclass(frozen=True)
class Field:
    """One key of a section; `attribute` is its name in the noun, where that is another."""

    key: str
    read: Reader
    write: Callable[[Any], Any] = lambda value: value
    attribute: str = ""
    required: bool = False

    @property
    def name(self) -> str:
        """Name of the value in our noun."""
        return self.attribute or self.key


def _attributes(noun: object) -> Mapping[str, Any]:
    return noun if isinstance(noun, dict) else vars(noun)


def _no_faults(noun: Any) -> Iterator[Fault]:
    return iter(())


@dataclass(frozen=True)
class Section:
    """A table of the file (an array of tables where `many`) and the part of `Shop` that it gives.

    build makes the noun of the values by name, show gives them back, check finds what is wrong
    within one noun. `none` is the error where the file has none of an array that must not be empty.
    """

    name: str
    part: str
    build: Callable[..., Any]
    fields: tuple[Field, ...]
    many: bool = False
    none: str = ""
    show: Callable[[Any], Mapping[str, Any]] = _attributes
    check: Callable[[Any], Iterator[Fault]] = _no_faults


def _build_grid(slot_minutes: int = 30, earliest: int = 6 * 60, latest: int = DAY) -> Grid:
    return Grid(slot_minutes, earliest, latest)


def _build_supplement(
    name: str,
    days: tuple[tuple[int, ...], bool],
    start: int = 0,
    end: int = DAY,
    per_hour: float = 0.0,
    share: float = 0.0,
) -> Supplement:
    weekdays, holidays = days
    span = Span(start, end if end > start else end + DAY)
    return Supplement(name, weekdays, holidays, span, per_hour, share)


def _show_supplement(supplement: Supplement) -> dict[str, Any]:
    return {
        "name": supplement.name,
        "days": (supplement.weekdays, supplement.holidays),
        "start": supplement.span.start,
        "end": supplement.span.end,
        "per_hour": supplement.per_hour or None,
        "share": supplement.share or None,
    }


def _build_rule(
    name: str,
    kind: RuleKind,
    weekdays: tuple[int, ...],
    at: int | Span | None = None,
    season: str | None = None,
) -> Rule:
    if isinstance(at, Span):
        return Rule(name, kind, weekdays, span=at, season=season)
    return Rule(name, kind, weekdays, at=at, season=season)


def _show_rule(rule: Rule) -> dict[str, Any]:
    return vars(rule) | {"at": rule.span if rule.at is None else rule.at}


def _show_event(event: Event) -> dict[str, Any]:
    return vars(event) | {"dates": [list(stretch) for stretch in event.dates]}


NAME = Field("name", text, required=True)
MONEY = number()
RATE = number(0, 1)

OPTIONS = Section(
    "options",
    "options",
    SourceOptions,
    (
        Field("columns", text_by_name, dict),
        Field("date_order", choice("dmy", "mdy", "ymd")),
        Field("decimal", choice(",", ".")),
        Field("encoding", text),
        Field("delimiter", choice(",", ";", "\t", "|")),
        Field("timezone", timezone),
        Field("kind", choice(*WITNESS_KINDS)),
    ),
)

SECTIONS = (
    Section(
        "shop",
        "",
        dict,
        (
            NAME,
            Field("country", text, required=True),
            Field("subdivision", any_text),
            Field("timezone", timezone, required=True),
            Field("currency", currency, required=True),
            Field("language", choice(*LANGUAGES)),
            Field("web", web_address),
        ),
    ),
    Section(
        "grid",
        "grid",
        _build_grid,
        (
            Field("slot_minutes", choice(15, 30, 60)),
            Field("earliest", clock(DAY - 15), format_time),
            Field("latest", clock(LONGEST_DAY_END), format_time),
        ),
    ),
    Section(
        "hours",
        "hours",
        HoursInForce,
        (
            Field("from", date, attribute="start"),
            Field("hours", lambda value: parse_hours(text(value)), format_hours, required=True),
        ),
        many=True,
        none="shop.no_hours",
    ),
    Section(
        "sources",
        "sources",
        Sources,
        tuple(Field(source, texts, list) for source in (*SOURCES, "peers")),
    ),
    Section(
        "exceptions",
        "exceptions",
        Exceptions,
        (
            Field("closed", dates, list),
            Field(
                "hours",
                hours_by_date,
                lambda days: {str(day): format_spans(given) for day, given in days.items()},
            ),
        ),
    ),
    Section(
        "economics",
        "economics",
        Economics,
        (
            Field("conversion", number(0.001, 1)),
            Field("basket_value", positive),
            Field("online_basket_value", positive),
            Field("prices_include_vat", boolean),
            Field("vat_rate", RATE),
            Field("margin_rate", number(-1, 1), required=True),
            Field("online_margin_rate", number(-1, 1)),
            Field("open_hour_cost", MONEY),
            Field("open_day_cost", MONEY),
            Field("goodwill_cost", MONEY),
        ),
    ),
    Section(
        "diversion",
        "diversion",
        Diversion,
        (
            Field("recaptured", range_of(RATE), write_range),
            Field("reach_hours", range_of(positive), write_range),
            Field("next_day", range_of(RATE), write_range),
            Field("online", range_of(RATE), write_range),
        ),
    ),
    Section(
        "service",
        "service",
        Service,
        (
            Field("minutes_per_customer", positive),
            Field("patience_minutes", positive),
            Field("minutes_per_order", number()),
        ),
    ),
    Section(
        "staff",
        "staff",
        StaffGroup,
        (
            NAME,
            Field("people", whole(1, 1000), required=True),
            Field("hourly_cost", positive),
            Field("hourly_wage", positive),
            Field("on_cost_rate", number(0, 3)),
            Field("supplements", boolean),
            Field("shift_hours", pair(number(0, 24)), list),
            Field("week_hours", positive),
            Field("break_after_hours", positive),
            Field("break_minutes", number(0, 240)),
        ),
        many=True,
        none="shop.no_staff",
        check=check_staff_group,
    ),
    Section(
        "supplement",
        "supplements",
        _build_supplement,
        (
            NAME,
            Field("days", days_and_holidays, write_days_and_holidays, required=True),
            Field("from", clock(DAY - 1), format_time, attribute="start"),
            Field("to", clock(2 * DAY), format_time, attribute="end"),
            Field("per_hour", positive),
            Field("share", positive),
        ),
        many=True,
        show=_show_supplement,
        check=check_supplement,
    ),
    Section(
        "limits",
        "limits",
        Limits,
        (
            Field("min_staff", whole(1, 1000)),
            Field("max_staff", whole(1, 1000)),
            Field("intervals_per_day", choice(1, 2)),
            Field("min_open_hours", number(0, 24)),
            Field("week_open_hours", pair(number(0, 168)), list),
            Field("patterns", whole(1, 7)),
            Field("change_cost", MONEY),
            Field("season_changes", whole(0, 1000)),
            Field("season_change_cost", MONEY),
        ),
    ),
    Section(
        "rule",
        "rules",
        _build_rule,
        (
            NAME,
            Field("kind", choice(*RULE_KINDS), required=True),
            Field(
                "days",
                lambda value: parse_days(text(value)),
                format_days,
                attribute="weekdays",
                required=True,
            ),
            Field("at", hour_or_span, write_hour_or_span),
            Field("season", text),
        ),
        many=True,
        show=_show_rule,
        check=check_rule,
    ),
    Section(
        "season",
        "seasons",
        Season,
        (
            NAME,
            Field("from", month_day, write_month_day, attribute="first", required=True),
            Field("to", month_day, write_month_day, attribute="last", required=True),
        ),
        many=True,
    ),
    Section(
        "event",
        "events",
        Event,
        (
            NAME,
            Field("dates", stretches, required=True),
            Field("factor", positive),
        ),
        many=True,
        show=_show_event,
    ),
    Section(
        "horizon",
        "horizon",
        Horizon,
        (Field("from", date, attribute="start"), Field("weeks", whole(1, 520))),
    ),
    Section(
        "decision",
        "decision",
        Decision,
        (Field("chance", number(0.01, 0.99)), Field("robust", RATE)),
    ),
)
