"""From a shop's folder to observations: the one way in, for command line and page alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hoursopt.importers import Imported, read_sources
from hoursopt.observations import Observations, observe
from hoursopt.shop import Shop
from hoursopt.shop.file import read_shop


@dataclass(frozen=True)
class Loaded:
    """A shop, what its files held, and the counts made of them."""

    shop: Shop
    imported: Imported
    observations: Observations


def load(path: Path) -> Loaded:
    """Read `shop.toml` (or its folder) and every source once; DataError where one is at fault."""
    shop = read_shop(path)
    imported = read_sources(shop)
    return Loaded(shop, imported, observe(shop, imported.tables))
