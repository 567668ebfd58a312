"""Workbooks (`.xlsx`, `.xls`, `.ods`): checked from outside, then read by a child process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from hoursopt.errors import DataError
from hoursopt.importers.text import LARGEST

ARCHIVE = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
READER = Path(__file__).with_name("sheet_reader.py")

MOST_ENTRIES = 5000
MOST_UNPACKED = 400 * 2**20
MOST_RATIO = 300  # tills' sheets shrink to a tenth or a thirtieth; a bomb to a thousandth
SMALL = 2**20  # a part that unpacks to so little does no harm, however well it was packed
MEMORY = 2 * 2**30

FAULTS = {"password": "import.password", "workbook": "import.workbook"}


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as those of a workbook, whatever the name of the file."""
    return data.startswith((ARCHIVE, COMPOUND))


def read_sheets(path: Path, data: bytes, file: str) -> list[tuple[str, bytes]]:
    """Name and tab-separated text of each sheet that is not empty.

    Raises DataErrors `import.workbook` (damaged, or no workbook), `.password`, `.bomb`, `.archive`
    (a zip of something else), `.too_big`.
    """
    if data.startswith(ARCHIVE):
        _check_archive(data, file)
    elif ENCRYPTED in data:
        raise DataError("import.password", file=file)
    return _sheets(_read(path, file), file)


def _check_archive(data: bytes, file: str) -> None:
    """Look at the directory of a zip before anything in it is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise DataError("import.workbook", file=file) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise DataError("import.password", file=file)
    if (
        len(entries) > MOST_ENTRIES
        or sum(entry.file_size for entry in entries) > MOST_UNPACKED
        or any(entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size) for entry in entries)
    ):
        raise DataError("import.bomb", file=file)
    names = {entry.filename for entry in entries}
    if not {"[Content_Types].xml", "content.xml"} & names:
        raise DataError("import.archive", file=file)


def _read(path: Path, file: str) -> bytes:
    """What the child writes; its end by a signal or without a word is a damaged file's."""
    command = [sys.executable, "-P", str(READER), str(path.resolve()), str(MEMORY)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet) as child:
        told = child.stdout.read(LARGEST + 1) if child.stdout else b""
        if len(told) > LARGEST:
            child.kill()
            raise DataError("import.too_big", file=file, limit=LARGEST // 2**20)
    if child.returncode != 0:
        raise DataError("import.workbook", file=file)
    return told


def _sheets(told: bytes, file: str) -> list[tuple[str, bytes]]:
    sheets: list[tuple[str, bytes]] = []
    start = 0
    while start < len(told):
        end = told.index(b"\n", start)
        head: dict[str, Any] = json.loads(told[start:end])
        if "fault" in head:
            raise DataError(FAULTS[head["fault"]], file=file)
        start = body = end + 1
        for _ in range(head["rows"]):
            start = told.index(b"\n", start) + 1
        if head["rows"]:
            sheets.append((head["sheet"], told[body:start]))
    return sheets
