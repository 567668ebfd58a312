"""Which shops a sweep is over: from the command line, globs of the file, and what they are called.

Shops are looked at one by one and not kept: a chain of a hundred thousand fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from hoursopt.errors import DataError, HoursoptError
from hoursopt.shop import Shop
from hoursopt.shop.file import FILE_NAME, file_of, read_shop

GLOB = "*?["


@dataclass(frozen=True)
class Listed:
    """A shop by the path to its shop.toml; `name` is its own, that of its folder if unreadable."""

    file: Path
    name: str

    @property
    def folder(self) -> str:
        """Its folder, as it was named."""
        return self.file.parent.as_posix()

    def fits(self, globs: Sequence[str]) -> bool:
        """Whether a glob names its folder, the end of its path, or its name."""
        words = (self.folder, self.file.parent.name, self.name)
        return any(
            fnmatchcase(word, glob) or fnmatchcase(word, f"*/{glob}")
            for glob in globs
            for word in words
        )


def find_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The shop.toml of every shop named: a file, a folder, a folder of shops, or a glob of these.

    Each once, in the order named, those of a glob or folder sorted. A path that is not there is
    kept: its rows will say so. Raises DataError `batch.no_shops` for a glob that fits nothing.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        named = [path]
        if not path.exists() and any(sign in str(path) for sign in GLOB):
            anchor = Path(path.anchor or ".")
            named = sorted(anchor.glob(str(path.relative_to(path.anchor) if path.anchor else path)))
            if not named:
                raise DataError("batch.no_shops", path=str(path))
        for one in named:
            for file in _files(one):
                found.setdefault(file.resolve(), file)
    return tuple(found.values())


def _files(path: Path) -> list[Path]:
    if path.is_dir() and not (path / FILE_NAME).is_file():
        inner = sorted(folder / FILE_NAME for folder in path.iterdir() if folder.is_dir())
        return [file for file in inner if file.is_file()] or [path / FILE_NAME]
    return [file_of(path)]


def read_or_fault(file: Path) -> Shop | HoursoptError:
    """The shop of a file, or why it cannot be read."""
    try:
        return read_shop(file)
    except HoursoptError as fault:
        return fault


def labels(listed: Sequence[Listed]) -> Iterator[str]:
    """What stands in the results: the name, with the folder where several shops have it."""
    times = Counter(one.name for one in listed)
    for one in listed:
        yield one.name if times[one.name] == 1 else f"{one.name} ({one.folder})"
