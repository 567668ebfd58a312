"""Names of time zones as tills write them: IANA names, the names of Rails, UTC and its offsets."""

from __future__ import annotations

import tomllib
import zoneinfo
from functools import cache
from importlib.resources import files


@cache
def known_zone(text: str) -> str | None:
    """The IANA name of a zone's name, None for what names none."""
    name = text.strip()
    found = _names().get(name.casefold())
    if found:
        return found
    try:
        return zoneinfo.ZoneInfo(name).key if "/" in name or name == "UTC" else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _names() -> dict[str, str]:
    text = files("hoursopt.importers").joinpath("profiles", "zones.toml").read_text("utf-8")
    return {name.casefold(): zone for name, zone in tomllib.loads(text)["zones"].items()}
