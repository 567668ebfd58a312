"""Waiting files become files of the shop; each is copied whole, none is put over another."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hoursopt.errors import DataError
from hoursopt.importers import read_source
from hoursopt.shop.draft import Draft, changed, read_draft
from hoursopt.workspace.history import save
from hoursopt.workspace.home import numbered
from hoursopt.workspace.incoming import Arrived, dismiss


def take_in(
    folder: Path, revision: str, arrived: Arrived, source: str, options: Mapping[str, Any]
) -> tuple[Draft, str]:
    """Copy a waiting file into the shop's folder and name it under a source; the name it has now.

    A file of the same name and content is named, not copied; one of another content stays, and the
    new one gets a number. Raises DataErrors `import.*` where the source could not be read with it,
    `workspace.unwritable`, and those of `save`; then folder and file are as before.
    """
    draft = read_draft(folder)
    place, is_new = _copied(arrived, folder)
    named = _named(draft, source)
    changes: dict[str, Any] = {}
    if place.name not in named:
        changes[f"sources.{source}"] = [*named, place.name]
    changes |= {f"sources.options.{source}.{key}": value for key, value in options.items()}
    try:
        shop = changed(draft, changes).unfinished_shop
        if shop is not None:
            read_source(shop, source)
        fresh = save(folder, revision, changes)
    except BaseException:
        if is_new:
            place.unlink(missing_ok=True)
        raise
    dismiss(arrived)
    return fresh, place.name


def leave_out(folder: Path, revision: str, source: str, name: str) -> Draft:
    """Name a file no longer; it stays in the folder. DataErrors of `save`."""
    draft = read_draft(folder)
    named = [other for other in _named(draft, source) if other != name]
    changes: dict[str, Any] = {f"sources.{source}": named or None}
    if not named and source in draft.tables.get("sources", {}).get("options", {}):
        changes[f"sources.options.{source}"] = None
    return save(folder, revision, changes)


def _named(draft: Draft, source: str) -> list[str]:
    given = draft.tables.get("sources", {}).get(source, [])
    return [given] if isinstance(given, str) else list(given)


def _copied(arrived: Arrived, folder: Path) -> tuple[Path, bool]:
    """Where the file stands in the folder now, and whether it was put there."""
    try:
        content = arrived.path.read_bytes()
        digest = hashlib.sha256(content).digest()
        names = numbered(folder / arrived.name)
        place = next(path for path in names if not path.exists() or _digest(path) == digest)
        if place.exists():
            return place, False
        try:
            os.link(arrived.path, place)  # all at once, and never over another file
        except FileExistsError:
            return _copied(arrived, folder)  # another tab was faster
        except OSError:  # a file system without links
            with place.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        place.chmod(0o644)
    except OSError as error:
        raise DataError("workspace.unwritable", folder=folder, reason=error.strerror) from error
    return place, True


def _digest(path: Path) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
