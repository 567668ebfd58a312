"""Where the shops of this machine are: the samples, the owner's own folder, those lately opened.

Samples are only looked at; what is changed in one is changed in a copy among the owner's shops.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from hoursopt.errors import DataError
from hoursopt.shop.file import FILE_NAME
from hoursopt.store import KEPT

VARIABLE = "HOURSOPT_HOME"
SAMPLES = Path(__file__).parents[2] / "data"
REMEMBERED = 12
LONGEST_NAME = 60


@dataclass(frozen=True)
class Place:
    """A shop folder of this machine; `key` stands for it in an address, which names no path."""

    folder: Path

    @property
    def key(self) -> str:
        """A short digest of the path."""
        return hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]


def shops_home() -> Path:
    """The folder of the owner's shops: HOURSOPT_HOME, else `hoursopt` in her own folder."""
    return Path(os.environ.get(VARIABLE) or Path.home() / "hoursopt").absolute()


def samples() -> tuple[Place, ...]:
    """The sample shops that came with the program."""
    found = sorted(SAMPLES.glob(f"*/{FILE_NAME}")) if SAMPLES.is_dir() else []
    return tuple(Place(file.parent) for file in found)


def is_sample(folder: Path) -> bool:
    """Whether a shop folder is one of the samples, by whatever path."""
    return folder.resolve().parent == SAMPLES.resolve()


def remembered() -> tuple[Place, ...]:
    """The shops lately opened on this machine, the last one first; those that are gone left out."""
    try:
        told = json.loads(_memory().read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    named = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
    places = [Place(Path(name)) for name in named]
    return tuple(place for place in places if (place.folder / FILE_NAME).is_file())


def remember(folder: Path) -> Place:
    """Put a shop first among those lately opened; DataError `publish.unwritable`."""
    place = Place(folder.resolve())
    others = [other for other in remembered() if other != place]
    if [place, *others][:REMEMBERED] != list(remembered()):
        from hoursopt.publish.writing import write_whole  # not needed for any other visit

        _make(shops_home())
        names = [str(one.folder) for one in [place, *others][:REMEMBERED]]
        write_whole(_memory(), json.dumps(names, ensure_ascii=False, indent=1).encode())
    return place


def place_of(key: str) -> Path | None:
    """The folder for which a key stands: a sample, or one lately opened; None for any other."""
    known = (*remembered(), *(Place(place.folder.resolve()) for place in samples()))
    return next((place.folder for place in known if place.key == key), None)


def shop_folder(told: str) -> Path:
    """The shop folder of a path that somebody wrote.

    Raises DataError `workspace.no_path` and `workspace.no_shop`.
    """
    path = told_path(told)
    folder = path.parent if path.name == FILE_NAME else path
    try:
        if (folder / FILE_NAME).is_file():
            return folder.resolve()
    except OSError:
        raise DataError("workspace.no_shop", folder=folder) from None
    raise DataError("workspace.no_shop", folder=folder)


def told_path(told: str) -> Path:
    """A whole path as somebody wrote it, `~` for her own folder; DataError `workspace.no_path`."""
    text = told.strip().strip('"')
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise DataError("workspace.no_path", where="folder") from None
    if not text or "\0" in text or not path.is_absolute():
        raise DataError("workspace.no_path", where="folder")
    return path


def folder_name(name: str) -> str:
    """A shop's name as that of a folder: letters and digits of ASCII, `shop` where none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_NAME] or "shop"


def free_folder(parent: Path, name: str) -> Path:
    """A folder that is not there yet: `name`, else `name-2` and so on."""
    return next(path for path in numbered(parent / name) if not path.exists())


def copy_sample(folder: Path) -> Path:
    """A copy of a sample among the owner's shops, whole or not at all.

    Raises DataError `workspace.unwritable`.
    """
    home = shops_home()
    _make(home)
    half = Path()
    try:
        half = Path(tempfile.mkdtemp(dir=home, prefix=f".{folder.name}."))
        leave = shutil.ignore_patterns(KEPT)
        shutil.copytree(folder, half, dirs_exist_ok=True, ignore=leave)
        half.chmod(0o755)
        whole = free_folder(home, folder.name)
        half.rename(whole)
    except OSError as error:
        if half.name:
            shutil.rmtree(half, ignore_errors=True)
        raise DataError("workspace.unwritable", folder=home, reason=error.strerror) from error
    return whole


def numbered(path: Path) -> Iterator[Path]:
    """`sales.csv`, `sales-2.csv`, `sales-3.csv` and so on."""
    yield path
    stem, dot, suffix = path.name.partition(".")
    for number in count(2):
        yield path.with_name(f"{stem}-{number}{dot}{suffix}")


def _memory() -> Path:
    return shops_home() / "opened.json"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("workspace.unwritable", folder=folder, reason=error.strerror) from error
