"""`hoursopt publish`: which hours, into which file, and what its reader must know of them."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hoursopt.errors import DataError
from hoursopt.i18n import Texts
from hoursopt.observations import tell
from hoursopt.publish import choose, languages_of, make, write_whole
from hoursopt.publish.choose import Chosen
from hoursopt.shop import Shop
from hoursopt.store import open_store

STANDARD_OUTPUT = Path("-")
FILES = {
    "map.txt": "osm",
    "web-page.html": "schema.org",
    "google.csv": "google",
    "calendar.ics": "ics",
    "sign.pdf": "sign",
    "sign.svg": "sign",
    "notice.txt": "notice",
}
"""What `publish_plan` writes."""


def publish_shop(asked: argparse.Namespace, shop: Shop) -> None:
    """Make the file that was asked for; DataErrors as `choose`, `make` and `write_whole`.

    What is told goes to standard error where the file itself goes to standard output.
    """
    t = Texts(shop.language)
    languages = languages_of(shop, asked.languages)
    now = dt.datetime.now(dt.UTC)
    local = now.astimezone(ZoneInfo(shop.timezone))
    plan, kept = _kept(shop) if asked.hours in ("plan", "advised") else (None, None)
    chosen = choose(shop, asked.hours, plan, local.date(), getattr(asked, "from"), asked.to)
    made = make(
        chosen,
        asked.format,
        languages,
        now.replace(microsecond=0),
        asked.out.suffix.lower(),
        asked.store_code or "",
    )
    lines = [_source(asked.hours, kept and kept.astimezone(ZoneInfo(shop.timezone)), t)]
    lines += _weeks(chosen, t)
    if asked.out == STANDARD_OUTPUT:
        sys.stdout.write(made.content.decode())
        print("\n".join(lines), file=sys.stderr)
    else:
        write_whole(asked.out, made.content)
        print("\n".join([*lines, t("cli.written", file=asked.out)]))
    for note in (*chosen.notes, *made.notes):
        print(f"! {tell(note, t)}", file=sys.stderr)


def publish_plan(shop: Shop, plan: dict[str, Any], folder: Path) -> None:
    """Write a plan's hours in every format into a folder; DataErrors as `publish_shop`."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    chosen = choose(shop, "advised", plan, now.astimezone(ZoneInfo(shop.timezone)).date())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("publish.unwritable", file=str(folder), reason=error.strerror) from error
    for name, form in FILES.items():
        file = folder / name
        made = make(chosen, form, languages_of(shop, None), now, file.suffix)
        write_whole(file, made.content)


def _kept(shop: Shop) -> tuple[dict[str, Any] | None, dt.datetime | None]:
    with open_store(shop.folder) as store:
        return store.last_plan(), store.last_plan_time()


def _source(wanted: str, kept: dt.datetime | None, t: Texts) -> str:
    if kept is not None:
        key = "publish.of_plan" if wanted == "plan" else "publish.of_advice"
        minute = kept.hour * 60 + kept.minute
        return t(key, date=kept.date(), time=t.time(minute))
    return t("publish.of_today" if wanted == "today" else "publish.of_given")


def _weeks(chosen: Chosen, t: Texts) -> list[str]:
    hours = chosen.hours
    lines = [
        t("publish.week", dates=t.days(week.first, week.last), hours=week.hours)
        for week in hours.weeks()
    ]
    own = sum(len(hours.unlike_own(week)) for week in hours.weeks())
    return [f"  {line}" for line in [*lines, *([t("publish.own_days", count=own)] if own else [])]]
