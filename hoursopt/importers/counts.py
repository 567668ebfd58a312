"""Footfall and street counts: long (time, sensor, count), wide (a column per sensor), in and out.

A blank cell is a missing count, never a zero. The interval's length is found from the stamps, which
are taken as interval starts; of two counts of the same sensor and time the larger stands, because
counters that fall silent report zeros (the doubled autumn hour rightly has two).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from hoursopt.errors import DataError
from hoursopt.importers.columns import plain
from hoursopt.importers.formats import read_figures, read_times
from hoursopt.importers.moments import Moments, doubled_hour, missing_hour
from hoursopt.importers.opening import open_all
from hoursopt.importers.receipt import Reading
from hoursopt.importers.rows import Fate, Rows, close_rows, fail_mostly
from hoursopt.importers.text import TextTable
from hoursopt.shop import Shop

MOST = 1e6  # people in one interval; more is a counter's running total or no count at all
LONGEST_STEP = 12 * 60
WIDE = "count:"


def read_counts(source: str, tables: Sequence[TextTable], shop: Shop) -> Reading:
    """Counts of all files of a source; DataErrors `import.*`."""
    options = shop.sources.option(source)
    files = open_all(tables, source, options, "counts", partial(_pick, source))
    for rows in files:
        one_way = sorted(_one_way(rows.table)) if not rows.has("count") else []
        if one_way:
            names = ", ".join(rows.table.header[column] for column in one_way)
            rows.note("import.one_way", columns=names)
    times = read_times(files, shop.timezone, shift_missing=False)
    for rows, moments in zip(files, times, strict=True):
        lost = rows.judge(missing_hour(moments, shop.timezone), Fate.IGNORED).sum()
        if lost:
            rows.note("import.missing_hour", count=int(lost))
    counts = _counts(files, times)
    for rows in files:
        fail_mostly(rows)
    if counts.empty:
        raise DataError("import.nothing", file=files[0].table.named, source=source)
    counts = _stand(files, counts, shop.timezone)
    steps = _steps(files, counts)
    counts["minutes"] = counts["file"].map(dict(enumerate(steps)))
    told = tuple(
        close_rows(
            rows,
            rows.profile.name if rows.profile.title else "generic_counts",
            moments,
            total=f"{counts.loc[counts['file'] == position, 'count'].sum():.15g}",
        )
        for position, (rows, moments) in enumerate(zip(files, times, strict=True))
    )
    table = counts.sort_values(["time", "sensor", "count"], ignore_index=True)
    return Reading(table[["time", "minutes", "count", "sensor"]], told)


def _pick(source: str, table: TextTable, found: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """The count column and its sensor, or every column that is nothing else as a sensor."""
    for role in ("in", "count"):
        if role in found:
            sensor = {"sensor": found["sensor"][0]} if "sensor" in found else {}
            return {"count": found[role][0], **sensor}
    known = {column for columns in found.values() for column in columns} | _one_way(table)
    wide = {
        f"{WIDE}{name}": column
        for column, name in enumerate(table.header)
        if column not in known and name
    }
    if not wide:
        raise DataError(
            "import.no_count", file=table.named, source=source, known=", ".join(table.header)
        )
    return wide


def _one_way(table: TextTable) -> set[int]:
    """Columns of a direction (`Door IN`, `Door OUT`) that a column beside them sums or betters."""
    words = [plain(cell) for cell in table.header]
    known = set(words)
    found = set()
    for column, word in enumerate(words):
        name, _, way = word.rpartition(" ")
        both = way in ("in", "out") and name in known
        if both or (way == "out" and f"{name} in" in known):
            found.add(column)
    return found


def _counts(files: Sequence[Rows], times: Sequence[Moments]) -> pd.DataFrame:
    """All counts of a source: file, row (position), time, sensor, count; blanks left out."""
    parts = [pd.DataFrame({name: [] for name in ("file", "row", "time", "sensor", "count")})]
    roles = dict.fromkeys(
        role for rows in files for role in rows.columns if role == "count" or role.startswith(WIDE)
    )
    for role in roles:
        having = [position for position, rows in enumerate(files) if rows.has(role)]
        figures = read_figures([files[position] for position in having], role, whole=True)
        for position, counts in zip(having, figures, strict=True):
            rows = files[position]
            sensors = rows.cells["sensor"].texts if rows.has("sensor") else rows.name(role)
            filled = ~rows.cells[role].blank & rows.alive
            if role != "count" and 2 * np.isnan(counts[filled]).sum() > filled.sum():
                rows.note("import.no_sensor", column=rows.name(role))
                continue
            part = pd.DataFrame(
                {
                    "file": position,
                    "row": np.arange(len(counts)),
                    "time": times[position],
                    "sensor": sensors,
                    "count": counts,
                    "role": role,
                }
            )
            parts.append(part[filled])
    if len(parts) == 1:
        table = files[0].table
        known = ", ".join(table.header)
        raise DataError("import.no_count", file=table.named, source=files[0].source, known=known)
    return _judged(files, pd.concat(parts[1:], ignore_index=True))


def _judged(files: Sequence[Rows], counts: pd.DataFrame) -> pd.DataFrame:
    """Counts that can be read; rows without any are failed, or ignored if their cells are blank."""
    kept = []
    for position, rows in enumerate(files):
        own = counts[counts["file"] == position]
        bad = own["count"].isna()
        readable = own[~bad]
        for wrong, key in ((readable["count"] < 0, "negative"), (readable["count"] > MOST, "huge")):
            if wrong.any():
                first = readable[wrong].iloc[0]
                raise rows.error(f"import.{key}_count", first["row"], first["role"])
        for role, cells in own[bad].groupby("role", sort=False):
            where = np.isin(np.arange(len(rows.fate)), cells["row"])
            rows.point(where & rows.alive, str(role), "import.not_a_number")
        good = np.isin(np.arange(len(rows.fate)), readable["row"])
        rows.judge(~good & np.isin(np.arange(len(rows.fate)), own["row"]), Fate.FAILED)
        missing = int(rows.judge(~good, Fate.IGNORED).sum())
        if missing:
            rows.note("import.missing_counts", count=missing)
        kept.append(readable)
    return pd.concat(kept)


def _stand(files: Sequence[Rows], counts: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The counts that stand where a sensor reports a time twice; rows with none are duplicates."""
    key = ["sensor", "time"]
    ordered = counts.sort_values(["count", "file", "row"], ascending=[False, True, True])
    groups = ordered.groupby(key)
    first_file = ordered["file"] == groups["file"].transform("min")
    doubled = doubled_hour(ordered["time"].to_numpy(), zone)
    keep = np.where(
        doubled,
        first_file & (ordered.groupby(["file", *key]).cumcount() < 2),
        groups.cumcount() < 1,
    )
    stand, dropped = ordered[keep], ordered[~keep]
    standing = groups["count"].transform("max")[~keep]
    for position, rows in enumerate(files):
        here = np.arange(len(rows.fate))
        used = np.isin(here, stand.loc[stand["file"] == position, "row"])
        rows.judge(~used, Fate.DUPLICATE)
        own = dropped["file"] == position
        differing = int((dropped["count"] != standing)[own].sum())
        if differing:
            rows.note("import.two_counts", count=differing)
    return stand


def _steps(files: Sequence[Rows], counts: pd.DataFrame) -> list[int]:
    """Minutes between the stamps of each file, the commonest distance within its sensors.

    A file with a single stamp takes the step of the source; DataErrors `import.step` if nothing
    tells a whole number of minutes and `import.coarse_counts` for counts per day.
    """
    gaps = (
        counts.sort_values("time").groupby(["file", "sensor"])["time"].diff().dt.total_seconds()
        / 60
    )
    gaps = gaps[gaps > 0]
    by_file = {file: _commonest(own) for file, own in gaps.groupby(counts["file"])}
    steps = []
    for position, rows in enumerate(files):
        step = by_file.get(position) or (_commonest(gaps) if len(gaps) else None)
        if step is None or step % 1:
            raise DataError("import.step", file=rows.table.named)
        if step > LONGEST_STEP:
            raise DataError("import.coarse_counts", file=rows.table.named, hours=round(step / 60))
        steps.append(int(step))
    return steps


def _commonest(gaps: pd.Series) -> float:
    """The commonest gap, the shorter of two that are equally common."""
    return float(gaps.mode().min())
