"""How the page says what others say in terms of shop.toml: where on the page it is mended.

The command line names file and key. Who works on the page has never seen either, so the same error
names the field in which it stands there, and a text that speaks of the file has one in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hoursopt.errors import HoursoptError
from hoursopt.hours import WEEKDAYS
from hoursopt.i18n import Texts
from hoursopt.shop.file import FILE_NAME
from hoursopt.workspace.questions import question_of

THEMES = {
    "hours": ("hours",),
    "money": ("economics",),
    "people": ("staff", "supplement"),
    "service": ("service",),
    "habits": ("diversion",),
    "limits": ("limits",),
    "rules": ("rule",),
    "seasons": ("season",),
    "days": ("exceptions", "event"),
    "search": ("grid", "horizon", "decision"),
}
"""The themes of the figures in their order, each with its sections of shop.toml."""

STEP = " › "
OWN = "onpage."
# Of these there is one at a time, or all stand in one form.
UNNUMBERED = ("hours",)
# Whatever hangs on a batch is told where its values are written, not where the shop's own stand.
ELSEWHERE = "batch."
_WHERE = re.compile(r"(\w+)(?:\[(\d+|\+)\])?(?:\.(.+))?")


class PageTexts(Texts):
    """The texts for who reads them on the page."""

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, that of the page where there is one."""
        own = f"{OWN}{key}"
        return super().__call__(own if own in self else key, **values)

    def sentence(self, error: HoursoptError) -> str:
        """The text of an error, its keys and places in the words of the page."""
        return super().sentence(type(error)(error.key, **_spoken(error, self)))

    def describe(self, error: HoursoptError) -> str:
        """The text of an error with its place on the page, and its causes as lines below."""
        return self.told(error, whole=not error.key.startswith(ELSEWHERE))

    def told(self, error: HoursoptError, *, whole: bool) -> str:
        """The same; without `whole` by the name of the field alone, where it is written."""
        own = error.key.startswith(ELSEWHERE)
        place = () if own else place_of(str(error.values.get("where", "")), self)
        way = STEP.join(place if whole else place[-1:])
        lines = [": ".join(filter(None, (way, said(error, self))))]
        if question_of(error) and not error.causes:
            lines[0] = f"{lines[0]} {self('place.ask_again')}"
        if error.key != WRAPPED:
            causes = (self.told(cause, whole=whole) for cause in error.causes)
            lines += ["- " + cause.replace("\n", "\n  ") for cause in causes]
        return "\n".join(lines)


WRAPPED = "shop.value"
"""The error that only says where that of another room stands in the file."""


def said(fault: HoursoptError, t: Texts) -> str:
    """A fault as it stands beside its field, where its place need not be named again."""
    if fault.key == WRAPPED and fault.causes:
        return " ".join(said(cause, t) for cause in fault.causes)
    told = t.sentence(fault)
    file = _file(fault.values.get("file"))
    place = f"{file}, {fault.values.get('where')}: "
    return _capital(told.removeprefix(place)) if told.startswith(place) else told


def asked(fault: HoursoptError, t: Texts) -> str:
    """A fault of a file as it stands below the file's name."""
    if fault.causes:
        return "\n".join(asked(cause, t) for cause in fault.causes)
    told, file = said(fault, t), str(fault.values.get("file"))
    return _capital(told.removeprefix(file).lstrip(":, "))


def place_of(where: str, t: Texts) -> Sequence[str]:
    """The way to a key such as `rule[2].at` on the page; nothing where it does not stand there."""
    found = _WHERE.fullmatch(where)
    if found is None:
        return ()
    section, number, key = found[1], found[2], found[3] or ""
    if section == "shop":
        return (t("setup.page"), t("setup.identity"), *_label(section, key, t))
    if section == "sources":
        named = next((one for one in key.split(".") if f"setup.source_{one}" in t), "")
        source = (t(f"setup.source_{named}"),) if named else ()
        return (t("setup.page"), t("place.files"), *source)
    theme = next((name for name, parts in THEMES.items() if section in parts), "")
    if not theme:
        return ()
    several = number and number != "+" and section not in UNNUMBERED
    nth = (t("place.nth", part=t(f"place.{section}"), number=number),) if several else ()
    way = (t("setup.page"), t("place.figures"), t(f"setup.theme_{theme}"))
    return (*way, *nth, *_label(section, key, t))


def _label(section: str, key: str, t: Texts) -> Sequence[str]:
    """The label of a field, or the weekday of a door sign; none for a whole section."""
    if key in WEEKDAYS:
        return (t.weekday(WEEKDAYS.index(key)),)
    named = _named(f"setup.label.{section}", key, t)
    return () if named == key else (named,)


def _spoken(error: HoursoptError, t: Texts) -> dict[str, Any]:
    """The values of an error as the page has them: keys of the file in the words of the page."""
    words: dict[str, Callable[[Any], object]] = {
        "file": _file,
        "day": lambda day: _weekday(day, t),
        "field": lambda key: STEP.join(place_of(key, t)),
        "kind": lambda kind: _named("setup.choice.rule.kind", kind, t),
        "limit": lambda key: _named("setup.label.limits", _named("setup.label.staff", key, t), t),
        "source": lambda source: _source(source, t),
        "others": lambda sources: " / ".join(_source(one, t) for one in sources.split(" / ")),
    }
    if error.key == "shop.share":
        words["low"] = words["high"] = lambda share: t.percent(float(share))
    if error.key.startswith("grid."):
        words["name"] = lambda key: _named("setup.label.grid", key, t)
    return {
        name: words[name](value) if name in words and isinstance(value, str) else value
        for name, value in error.values.items()
    }


def _file(file: object) -> object:
    """Instead of the file that nobody has seen, the shop's folder."""
    path = Path(str(file))
    return str(path.parent) if path.name == FILE_NAME else file


def _weekday(day: str, t: Texts) -> str:
    return t.weekday(WEEKDAYS.index(day)) if day in WEEKDAYS else _named("place", day, t)


def _source(source: str, t: Texts) -> str:
    key = f"setup.source_{source}"
    return t(key) if key in t else source


def _named(room: str, key: str, t: Texts) -> str:
    """The text of a key in a room of texts, without its currency; the key where it has none."""
    named = f"{room}.{key}"
    return t(named, currency="").replace(" ()", "") if named in t else key


def _capital(told: str) -> str:
    return told[:1].upper() + told[1:]
