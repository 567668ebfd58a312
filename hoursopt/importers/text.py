"""Bytes to text with its header row found: encoding, delimiter, header.

No charset or dialect guesser: they misread Finnish till files (cp1252 taken for mac_iceland, a
preamble taken for the header). The ladder is BOM, strict UTF-8, cp1252; the delimiter and the
header row are those whose cells are known header words.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from hoursopt.errors import DataError
from hoursopt.shop import SourceOptions

DELIMITERS = (";", ",", "\t", "|")
SUFFIXES = (".csv", ".tsv", ".txt")
SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
LARGEST = 512 * 2**20
HEADER_WITHIN = 30
SAMPLE_LINES = 200

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NUMBER_OR_TIME = re.compile(r"[\d\s.,:/+-]*\d[\d\s.,:/+-]*")

Hits = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class TextTable:
    """A file as text with its header row found; `header_line` counts from 1, as a person does."""

    file: str
    sha256: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    body: str = field(repr=False)

    @property
    def preamble(self) -> int:
        """Lines before the header."""
        return self.header_line - 1

    @cached_property
    def lines(self) -> list[str]:
        """The lines below the header."""
        return self.body.removesuffix("\n").split("\n")

    def line(self, number: int) -> str:
        """The text of a line below the header by its number in the file."""
        return self.lines[number - self.header_line - 1]


def read_bytes(path: Path, file: str) -> bytes:
    """The bytes of a file; DataErrors `import.missing`, `.unreadable`, `.too_big`."""
    if not path.is_file():
        raise DataError("import.missing", file=file, path=str(path))
    try:
        if path.stat().st_size > LARGEST:
            raise DataError("import.too_big", file=file, limit=LARGEST // 2**20)
        return path.read_bytes()
    except OSError as error:
        raise DataError("import.unreadable", file=file, reason=error.strerror) from error


def open_table(path: Path, file: str, options: SourceOptions, hits: Hits) -> TextTable:
    """Read a file as far as its header; `hits` says how many known columns a row of cells names.

    Raises DataErrors of `import.*` that name the file and say what it is instead.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = (suffixes[-2:-1] if packed else suffixes[-1:]) or [""]
    data = read_bytes(path, file)
    if kind[0] in SPREADSHEETS or data.startswith(b"PK\x03\x04"):
        raise DataError("import.spreadsheet", file=file)
    if kind[0] not in SUFFIXES:
        raise DataError("import.suffix", file=file, suffix=kind[0])
    text = decode(unpack(data, file) if packed else data, file, options.encoding)
    if not text.strip():
        raise DataError("import.empty", file=file)
    delimiter, header, line = find_header(text, file, options.delimiter, hits)
    body = "\n".join(text.split("\n")[line:])
    if not body.strip(f' \n\t"{delimiter}'):
        raise DataError("import.header_only", file=file, row=line)
    return TextTable(file, hashlib.sha256(data).hexdigest(), delimiter, header, line, body)


def unpack(data: bytes, file: str) -> bytes:
    """Gzip's content, at most `LARGEST` bytes of it: a small file may unpack to a disk's size."""
    members: list[bytes] = []
    room = LARGEST
    while data:
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            members.append(unpacker.decompress(data, room))
        except zlib.error as error:
            raise DataError("import.gzip", file=file) from error
        room -= len(members[-1])
        if unpacker.unconsumed_tail or room <= 0:
            raise DataError("import.too_big", file=file, limit=LARGEST // 2**20)
        if not unpacker.eof:
            raise DataError("import.gzip", file=file)
        data = unpacker.unused_data
    return b"".join(members)


def decode(data: bytes, file: str, encoding: str | None = None) -> str:
    """Text with line feeds as line ends, by the encoding given or BOM, strict UTF-8, cp1252."""
    marked = [(bom, name) for bom, name in _BOMS if data.startswith(bom)]
    ladder = [encoding] if encoding else [name for _, name in marked] or ["utf-8", "cp1252"]
    for name in ladder:
        try:
            text = data.decode(name).removeprefix("\ufeff")
        except (UnicodeError, LookupError):
            continue
        if "\0" in text:
            raise DataError("import.binary", file=file)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise DataError("import.encoding", file=file, encoding=ladder[0])


def find_header(
    text: str, file: str, delimiter: str | None, hits: Hits
) -> tuple[str, tuple[str, ...], int]:
    """Delimiter, header cells and the header's last line (from 1) of a text.

    The delimiter is the one under which the header names most known columns, then the one that
    cuts most rows into as many cells as the header has.
    """
    sample = text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES]
    best: tuple[tuple[int, float, int], str, tuple[str, ...], int] | None = None
    for candidate in (delimiter,) if delimiter else DELIMITERS:
        rows = _split(sample, candidate, file)
        found = _header_row(rows, hits)
        if found is None:
            continue
        line, header = rows[found]
        widths = Counter(len(cells) for _, cells in rows[found + 1 :])
        even = widths[len(header)] / max(widths.total(), 1)
        rank = (hits(header), even, len(header))
        if best is None or rank > best[0]:
            best = rank, candidate, tuple(cell.strip() for cell in header), line
    if best is None:
        first = next(line for line in [*sample, text] if line.strip())
        raise DataError("import.no_header", file=file, rows=HEADER_WITHIN, cell=first.strip()[:80])
    return best[1:]


def _split(lines: Iterable[str], delimiter: str, file: str) -> list[tuple[int, list[str]]]:
    """(line at which the row ends, cells) of each row that is not blank."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise DataError("import.not_a_table", file=file) from error


def _header_row(rows: Sequence[tuple[int, list[str]]], hits: Hits) -> int | None:
    """The first row that names two known columns, else one and beside it no number and no time.

    Preambles have rows like `Date;1.6.2025`: a single hit beside a value is no header.
    """
    counts = [hits(cells) for _, cells in rows[:HEADER_WITHIN]]
    for needed in (2, 1):
        for position, count in enumerate(counts):
            cells = [cell.strip() for cell in rows[position][1]]
            if count >= needed and not (needed == 1 and any(map(_NUMBER_OR_TIME.fullmatch, cells))):
                return position
    return None
