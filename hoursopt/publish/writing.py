"""A published file is there whole, or as it was before."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

from hoursopt.errors import DataError


def write_whole(file: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place; a fault leaves what was there.

    Raises DataError `publish.unwritable`.
    """
    place = file.resolve()  # a link stays a link
    beside: Path | None = None
    try:
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if place.exists() and not place.is_file():
            place.write_bytes(content)  # a pipe or a device is no file to put another in place of
            return
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        beside = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o644)
        os.replace(beside, place)
    except OSError as error:
        if beside:
            beside.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise DataError("publish.unwritable", file=str(file), reason=reason) from error
