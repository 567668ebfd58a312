"""From a shop's folder to observations: the one way in, for command line and page alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hoursopt.errors import DataError
from hoursopt.importers import Imported, Warning_, read_sources
from hoursopt.importers.keeping import file_digests, kept_copy, reading_parts
from hoursopt.observations import Note, Observations, Peer, observe
from hoursopt.shop import SOURCES, Shop
from hoursopt.shop.file import file_of, read_peer, read_shop
from hoursopt.store import KEPT_READINGS, Store, digest_of, open_store
from hoursopt.store.readings import receipt_json


@dataclass(frozen=True)
class Loaded:
    """A shop, what its files held, and the counts made of them."""

    shop: Shop
    imported: Imported
    observations: Observations


def load(path: Path) -> Loaded:
    """Read `shop.toml` (or its folder) and every source once; DataError where one is at fault."""
    return load_shop(read_shop(path))


def load_shop(shop: Shop) -> Loaded:
    """Read every source of a shop that was read before; DataErrors as `load`."""
    imported = read(shop)
    peers = [Peer(peer, read_aside(peer, shop)) for peer in peers_of(shop)]
    return Loaded(shop, imported, observe(shop, imported.tables, peers))


def peers_of(shop: Shop) -> tuple[Shop, ...]:
    """Other shops of the chain with their receipts alone; DataErrors as `read_peer`."""
    return tuple(read_peer(shop, name) for name in shop.sources.peers)


def files_of_peers(shop: Shop) -> list[Path]:
    """What is read of other shops: each one's shop.toml and receipts."""
    files = []
    for name, peer in zip(shop.sources.peers, peers_of(shop), strict=True):
        files += [file_of(shop.folder / name)]
        files += [peer.folder / receipts for receipts in peer.sources.receipts]
    return files


def read_aside(peer: Shop, shop: Shop) -> pd.DataFrame:
    """Receipts of a peer; what was read is kept in the shop's own folder, nothing in the peer's.

    Raises DataErrors `import.*`, as the cause of `shop.peer_files`, which names the peer.
    """
    digest = digest_of(reading_parts(peer), file_digests(peer))
    room = KEPT_READINGS + len(shop.sources.peers)
    try:
        with open_store(shop.folder) as store:
            kept = store.load_reading(digest)
    except DataError:
        kept = None
    if kept is not None:
        return kept.tables["receipts"]
    try:
        imported = read_sources(peer)
    except DataError as fault:
        raise DataError("shop.peer_files", causes=(fault,), folder=str(peer.folder)) from None
    try:
        with open_store(shop.folder) as store:
            store.save_reading(digest, imported, room)
    except DataError as fault:
        if not fault.key.startswith("store."):
            raise
    return imported.tables["receipts"]


# What the counts tell of the clock and the hours, with the hours that they show.
OF_THE_HOURS = frozenset({"observe.outside", "observe.shifted", "observe.shifted_as_utc"})


def without_repeats(imported: Imported, notes: Sequence[Note]) -> Imported:
    """What was read, less the warnings on its rows that the notes on the counts say better."""
    told = {(note.key, note.values.get("source")) for note in notes}

    def explained(source: object) -> int:
        """Days of which the notes say that they were shut, or that nothing is known of them."""
        days: set[object] = set()
        for note in notes:
            lost = note.key == "observe.unknown_days" and note.values["source"] == source
            if lost or note.key == "observe.holidays_shut":
                days |= set(note.values["dates"])  # type: ignore[call-overload]
        return len(days)

    def repeats(warning: Warning_) -> bool:
        source = warning.values.get("source")
        if warning.key in ("check.outside_hours", "check.shifted_times"):
            return any((key, "receipts") in told for key in OF_THE_HOURS)
        if warning.key == "check.dead_counter":
            return ("observe.unknown_days", source) in told
        if warning.key == "check.empty_days":
            return int(str(warning.values["count"])) <= explained(source)
        return False

    kept = tuple(warning for warning in imported.warnings if not repeats(warning))
    return dataclasses.replace(imported, warnings=kept)


def read(shop: Shop) -> Imported:
    """What the files of a shop hold: from its store where nothing has changed since the last time.

    A store that cannot be used is done without. Raises DataErrors `import.*`.
    """
    if not any(shop.sources.files(source) for source in SOURCES):
        return read_sources(shop)
    digest = digest_of(reading_parts(shop), file_digests(shop))
    try:
        with open_store(shop.folder) as store:
            kept = store.load_reading(digest)
    except DataError:
        return read_sources(shop)
    if kept is not None:
        return kept
    imported = read_sources(shop)
    try:
        with open_store(shop.folder) as store:
            store.save_reading(digest, imported, KEPT_READINGS + len(shop.sources.peers))
            _keep(store, shop, imported)
    except DataError as fault:
        if not fault.key.startswith("store."):
            raise
    return imported


def _keep(store: Store, shop: Shop, imported: Imported) -> None:
    """Keep each file that was read, and its receipt, unless the store has both."""
    known = store.imports()
    for receipt in imported.receipts:
        told = receipt_json(receipt)
        if told not in known:
            own = [other for other in imported.receipts if other.sha256 == receipt.sha256]
            store.save_import(told, kept_copy(shop, receipt, own))
