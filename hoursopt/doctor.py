"""Is this machine able: packages, solvers, a writable folder, time zones, languages, holidays."""

from __future__ import annotations

import datetime as dt
import platform
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from hoursopt.calendar import special_days
from hoursopt.diversion import DiversionDraws
from hoursopt.errors import HoursoptError
from hoursopt.hours import Grid, Span
from hoursopt.i18n import Texts
from hoursopt.program import best_week
from hoursopt.scenario import Scenario, StaffCost
from hoursopt.shop import LANGUAGES, Limits, Service

PACKAGES = (
    "numpy", "pandas", "PuLP", "highspy", "streamlit", "holidays", "Babel", "tomlkit", "tzdata",
)  # fmt: skip
SOLVERS = ("highs", "cbc")
TIMEZONES = ("Europe/Helsinki", "Europe/London", "America/New_York")


@dataclass(frozen=True)
class Finding:
    """One thing looked at, whether it works, and what was seen; `kind` solver, package or other."""

    kind: str
    name: str
    works: bool
    detail: str
    needed: bool = True


def examine(folder: Path, t: Texts) -> tuple[Finding, ...]:
    """Look at everything that the commands need; `folder` is where results would be written."""
    return (*_packages(t), *_solvers(t), *_surroundings(folder, t))


def exit_status(findings: tuple[Finding, ...]) -> int:
    """0 able; 4 without any solver; 1 where something else that is needed is missing."""
    if not any(found.works for found in findings if found.kind == "solver"):
        return 4
    return 0 if all(found.works for found in findings if found.needed) else 1


def tiny_scenario() -> Scenario:
    """One day of four hours with customers in the middle two: best hours 11:00 to 13:00."""
    one = np.ones(1)
    return Scenario(
        name="tiny",
        grid=Grid(60, 10 * 60, 14 * 60),
        weekdays=(0,),
        walk_in=np.array([[[0.0, 6.0, 6.0, 0.0]]]),
        margin=np.full((1, 4), 10.0),
        online_margin=0.0,
        goodwill=0.0,
        own_orders=np.zeros(1),
        diversion=DiversionDraws(0 * one, one, 0 * one, 0 * one),
        service=Service(),
        staff=(StaffCost("owner", 1, np.full((1, 4), 12.0), 1, 4),),
        open_slot_cost=1.0,
        open_day_cost=0.0,
        limits=Limits(min_staff=1, max_staff=1, min_open_hours=2.0),
        rules=(),
        today=((Span(10 * 60, 14 * 60),),),
    )


def _packages(t: Texts) -> Iterator[Finding]:
    yield Finding("package", "Python", True, platform.python_version())
    for name in PACKAGES:
        try:
            yield Finding("package", name, True, metadata.version(name))
        except metadata.PackageNotFoundError as error:
            yield Finding("package", name, False, t("cli.missing", reason=error))


def _solvers(t: Texts) -> Iterator[Finding]:
    """HiGHS is needed; CBC is a second opinion."""
    for name in SOLVERS:
        try:
            answer = best_week(tiny_scenario(), solver=name, time_limit=20.0)
            works = answer.week.hours == ((Span(11 * 60, 13 * 60),),)
            detail = t("cli.solved") if works else t("cli.unsolved", reason=answer.week.hours)
        except HoursoptError as error:
            works, detail = False, t("cli.unsolved", reason=t.describe(error))
        told = t("cli.doctor_solver", name=name)
        yield Finding("solver", told, works, detail, needed=name == SOLVERS[0])


def _surroundings(folder: Path, t: Texts) -> Iterator[Finding]:
    yield _tried("doctor_folder", t, lambda: _written(folder))
    yield _tried("doctor_timezones", t, _timezones)
    yield _tried("doctor_locales", t, _locales)
    yield _tried("doctor_holidays", t, lambda: _holidays(t))


def _tried(key: str, t: Texts, look: Callable[[], str]) -> Finding:
    name = t(f"cli.{key}")
    try:
        return Finding("other", name, True, look())
    except (OSError, LookupError, ValueError, HoursoptError) as error:
        return Finding("other", name, False, t("cli.missing", reason=error))


def _written(folder: Path) -> str:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"hoursopt")
    return str(folder.resolve())


def _timezones() -> str:
    moment = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    return ", ".join(
        f"{name} {moment.astimezone(zoneinfo.ZoneInfo(name)):%H:%M}" for name in TIMEZONES
    )


def _locales() -> str:
    return ", ".join(f"{name}: {Texts(name).weekday(0)}" for name in LANGUAGES)


def _holidays(t: Texts) -> str:
    days = special_days("FI", "", dt.date(2026, 12, 25), dt.date(2026, 12, 25), t.language)
    return ", ".join(day.name for day in days)
