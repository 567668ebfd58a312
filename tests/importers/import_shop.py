"""A shop whose files are written by the test, and short ways to read them."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from hoursopt.errors import DataError
from hoursopt.hours import Grid, parse_hours
from hoursopt.importers import Imported, ImportReceipt, read_sources
from hoursopt.shop import Economics, HoursInForce, Shop, SourceOptions, Sources

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def real(name: str) -> Path:
    """A real file, or the test is skipped."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine")
    return path


def shop_of(
    folder: Path,
    *,
    hours: str = "Mo-Su 08:00-20:00",
    timezone: str = "Europe/Helsinki",
    options: dict[str, SourceOptions] | None = None,
    **sources: tuple[str, ...],
) -> Shop:
    """A shop in `folder` with the files of each source."""
    return Shop(
        name="Files",
        country="FI",
        timezone=timezone,
        currency="EUR",
        grid=Grid(30, 6 * 60, 24 * 60),
        hours=(HoursInForce(parse_hours(hours)),),
        economics=Economics(margin_rate=0.5),
        staff=(),
        sources=Sources(options=MappingProxyType(options or {}), **sources),
        folder=folder,
    )


def read(
    folder: Path,
    *contents: str | bytes,
    source: str = "receipts",
    timezone: str = "Europe/Helsinki",
    hours: str = "Mo-Su 08:00-20:00",
    suffix: str = ".csv",
    **option: object,
) -> Imported:
    """Write the contents as files of one source and read them."""
    names = tuple(f"file{number}{suffix}" for number in range(len(contents)))
    for name, content in zip(names, contents, strict=True):
        data = content.encode("utf-8") if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    options = {source: SourceOptions(**option)}  # type: ignore[arg-type]
    shop = shop_of(folder, hours=hours, timezone=timezone, options=options, **{source: names})
    return read_sources(shop)


def fault(folder: Path, *contents: str | bytes, **how: object) -> DataError:
    """The error that the contents raise."""
    with pytest.raises(DataError) as caught:
        read(folder, *contents, **how)  # type: ignore[arg-type]
    return caught.value


def told(receipt: ImportReceipt) -> tuple[int, int, int, int, int, int]:
    """Used, refunds, cancelled, duplicates, ignored, failed; summing to the rows."""
    fates = (
        receipt.used,
        receipt.refunds,
        receipt.cancelled,
        receipt.duplicates,
        receipt.ignored,
        receipt.failed,
    )
    assert sum(fates) == receipt.rows
    return fates
