"""Observations as compressed bytes and back; no pickle, so a kept file can do no harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from hoursopt.hours import Grid
from hoursopt.observations import Channel, Note, Observations
from hoursopt.store.arrays import pack_arrays, unpack_arrays


def pack(observations: Observations) -> bytes:
    """All arrays compressed, and what is no array as JSON among them."""
    grid = observations.grid
    head = {
        "grid": [grid.slot_minutes, grid.earliest, grid.latest],
        "first": observations.dates[0].isoformat(),
        "channels": list(observations.channels),
        "notes": [[note.key, _plain(note.values)] for note in observations.notes],
    }
    arrays: dict[str, Any] = {"opened": observations.opened}
    if observations.staff is not None:
        arrays["staff"] = observations.staff
    for name, channel in observations.channels.items():
        for part, array in vars(channel).items():
            arrays[f"{name}.{part}"] = np.asarray(array)
    return pack_arrays(head, arrays, compress=True)


def unpack(content: bytes) -> Observations | None:
    """Observations of `pack`; None for bytes of an older form, whose rows are counted again."""
    return unpack_arrays(content, _observations)


def _observations(head: dict[str, Any], arrays: Mapping[str, Any]) -> Observations:
    opened = arrays["opened"]
    first = dt.date.fromisoformat(head["first"])
    channels = {
        name: Channel(
            **{part: _part(arrays[f"{name}.{part}"]) for part in Channel.__dataclass_fields__}
        )
        for name in head["channels"]
    }
    notes = tuple(Note(key, MappingProxyType(_rich(told))) for key, told in head["notes"])
    dates = tuple(first + dt.timedelta(days=day) for day in range(len(opened)))
    return Observations(
        Grid(*head["grid"]),
        dates,
        opened,
        MappingProxyType(channels),
        notes,
        arrays.get("staff"),
    )


def _part(array: Any) -> Any:
    """An array, or the single number that was kept as one."""
    return array if array.ndim else array.item()


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: {"dates": [date.isoformat() for date in value]} if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _rich(values: Mapping[str, Any]) -> dict[str, object]:
    return {
        name: tuple(map(dt.date.fromisoformat, value["dates"]))
        if isinstance(value, dict)
        else value
        for name, value in values.items()
    }
