"""Files that have arrived and wait for their owner's word; they outlive a reload and a restart.

Each stands whole under `.hoursopt/incoming/<digest>/` with its own name, cleaned of what is no part
of a name, beside what its owner has said of it so far.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hoursopt.errors import DataError
from hoursopt.publish.writing import write_whole
from hoursopt.store import KEPT

LARGEST = 100 * 2**20
"""Bytes of an upload; the same limit stands in .streamlit/config.toml."""
LONGEST_NAME = 100
ANSWERS = "answers.json"


@dataclass(frozen=True)
class Answers:
    """What the owner has said of a file: its source, and the options of its reading."""

    source: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrived:
    """A file that waits; `key` is the beginning of its SHA-256."""

    key: str
    path: Path

    @property
    def name(self) -> str:
        """The name that it will have in the shop's folder."""
        return self.path.name

    @property
    def answers(self) -> Answers:
        """What has been said of it; nothing where that cannot be read."""
        try:
            told = json.loads((self.path.parents[1] / f"{self.key}.{ANSWERS}").read_text("utf-8"))
            return Answers(told["source"], dict(told["options"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Answers()

    def answer(self, answers: Answers) -> None:
        """Keep what has been said; DataError `publish.unwritable`."""
        told = json.dumps({"source": answers.source, "options": dict(answers.options)})
        write_whole(self.path.parents[1] / f"{self.key}.{ANSWERS}", told.encode())


def clean_name(told: str) -> str:
    """The name of an uploaded file without folders, signs that name none, and leading dots."""
    bare = re.split(r"[/\\]", told)[-1]
    bare = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "", bare).strip().lstrip(".")
    stem, dot, suffix = bare.rpartition(".")
    kept = (stem if dot else bare)[: LONGEST_NAME - len(suffix) - 1].strip()
    return f"{kept or 'file'}.{suffix[:20]}" if dot else kept or "file"


def receive(folder: Path, told_name: str, data: bytes) -> Arrived:
    """Put an uploaded file among those that wait, whole or not at all; nothing of it is read.

    Raises DataErrors `import.empty`, `workspace.too_large`, `workspace.unwritable`.
    """
    name = clean_name(told_name)
    if not data:
        raise DataError("import.empty", file=name)
    if len(data) > LARGEST:
        raise DataError("workspace.too_large", file=name, limit=LARGEST // 2**20)
    key = hashlib.sha256(data).hexdigest()[:16]
    room = _room(folder) / key
    try:
        room.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("workspace.unwritable", folder=room, reason=error.strerror) from error
    for known in room.iterdir():
        if known.read_bytes() == data:
            return Arrived(key, known)
    write_whole(room / name, data)
    return Arrived(key, room / name)


def waiting(folder: Path) -> tuple[Arrived, ...]:
    """The files that wait, by name."""
    room = _room(folder)
    found = [
        Arrived(path.parent.name, path)
        for path in (room.glob("*/*") if room.is_dir() else ())
        if path.is_file() and not path.name.startswith(".")
    ]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.key)))


def dismiss(arrived: Arrived) -> None:
    """Forget a file that waits."""
    (arrived.path.parents[1] / f"{arrived.key}.{ANSWERS}").unlink(missing_ok=True)
    shutil.rmtree(arrived.path.parent, ignore_errors=True)


def _room(folder: Path) -> Path:
    return folder / KEPT / "incoming"
