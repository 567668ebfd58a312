"""Random draws of uncertain inputs: draw number n is the same on every machine, in every shop."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hoursopt.batch.nouns import Change
from hoursopt.errors import DataError
from hoursopt.shop.values import shown

EIGHTY_PERCENT = 2.5631031310892
"""Width of a normal's 80 % range in standard deviations."""
SHAPES = {"uniform": 2, "normal": 2, "triangle": 3, "choice": 0}
"""Shapes and how many numbers each takes; 0: any number of any values."""


@dataclass(frozen=True)
class Distribution:
    """How an input varies: `uniform` in [low, high], `normal` with 80 % within [low, high],
    `triangle` from low over the mode to high, `choice` among values, each as likely.
    """

    shape: str
    parts: tuple[Any, ...]

    def draw(self, seed: int, name: str, number: int) -> Any:
        """Draw `number` of the input of a name; another input does not change it."""
        rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
        if self.shape == "choice":
            return self.parts[int(rng.integers(len(self.parts)))]
        low, *mode, high = self.parts
        if self.shape == "uniform":
            value = rng.uniform(low, high)
        elif self.shape == "normal":
            value = rng.normal((low + high) / 2, (high - low) / EIGHTY_PERCENT)
        else:
            value = rng.triangular(low, mode[0], high)
        return float(f"{value:.6g}")


@dataclass(frozen=True)
class Draws:
    """`count` draws of several inputs; `inputs` by the name of the column."""

    count: int
    seed: int
    inputs: Mapping[str, tuple[Distribution, Callable[[Any], Change]]]

    def changes(self, number: int) -> tuple[Change, ...]:
        """What draw `number` (from 1) changes."""
        return tuple(
            make(distribution.draw(self.seed, name, number))
            for name, (distribution, make) in self.inputs.items()
        )


def read_distribution(value: Any) -> Distribution:
    """`{ uniform = [0.4, 0.5] }` and the like; DataError `batch.distribution`."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise DataError("batch.distribution", value=shown(value))
    ((shape, parts),) = value.items()
    if shape not in SHAPES or not isinstance(parts, list) or not parts:
        raise DataError("batch.distribution", value=shown(value))
    if SHAPES[shape] and not (len(parts) == SHAPES[shape] and _rising(parts)):
        raise DataError("batch.distribution", value=shown(value))
    return Distribution(shape, tuple(parts))


def _rising(parts: Sequence[Any]) -> bool:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in parts)
    return numbers and list(parts) == sorted(parts) and parts[0] < parts[-1]
