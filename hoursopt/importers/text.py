"""Bytes to text with its header row found: encoding, delimiter, header.

No charset or dialect guesser: they misread Finnish till files (cp1252 taken for mac_iceland, a
preamble taken for the header). The ladder is BOM, strict UTF-8, cp1252; the delimiter and the
header row are those whose cells are known header words.
"""

from __future__ import annotations

import codecs
import csv
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hoursopt.errors import DataError

DELIMITERS = (";", ",", "\t", "|")
LARGEST = 512 * 2**20
LONGEST_LINE = 2**20
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
    """A table as UTF-8 text with its header row found; lines are counted from 1, as people do.

    text: the whole, its lines ended by line feeds; what is below the header begins at `start`.
    sheet: the name of the sheet where the file is a workbook of several, else "". left_out: sheets
    of the workbook that hold no table at all.
    """

    file: str
    sha256: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    text: bytes = field(repr=False)
    start: int
    sheet: str = ""
    workbook: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def preamble(self) -> int:
        """Lines before the header."""
        return self.header_line - 1

    @property
    def named(self) -> str:
        """The file as a person is told of it, with its sheet."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    @property
    def body(self) -> memoryview:
        """What is below the header."""
        return memoryview(self.text)[self.start :]

    @property
    def length(self) -> int:
        """Lines below the header."""
        return self.text.count(b"\n", self.start) + (not self.text.endswith(b"\n"))

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """(lines,) position in the text at which each line below the header ends."""
        found = self.start + np.flatnonzero(np.frombuffer(self.body, dtype=np.uint8) == ord("\n"))
        return found if self.text.endswith(b"\n") else np.append(found, len(self.text))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(lines,) bytes of each line below the header."""
        return np.diff(self.ends, prepend=self.start - 1) - 1

    def line(self, number: int) -> str:
        """The text of a line below the header by its number in the file."""
        position = number - self.header_line - 1
        start = self.ends[position - 1] + 1 if position else self.start
        return self.text[start : self.ends[position]].decode()

    def lines(self) -> Iterator[str]:
        """The lines below the header."""
        start = self.start
        for end in self.ends.tolist():
            yield self.text[start:end].decode()
            start = end + 1


def text_table(
    data: bytes,
    file: str,
    sha256: str,
    hits: Hits,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str = "",
    workbook: bool = False,
) -> TextTable:
    """The table in the bytes of a text file; `hits` counts the known header words of a row.

    Raises DataErrors `import.empty`, `.binary`, `.encoding`, `.markup`, `.not_a_table`,
    `.no_header`, `.header_only`.
    """
    told = f"{file} [{sheet}]" if sheet else file
    text = as_utf8(data, told, encoding)
    if not re.search(rb"\S", text):
        raise DataError("import.empty", file=told)
    sample = [line.decode() for line in _head(text, SAMPLE_LINES, told)]
    first = next((line for line in sample if line.strip()), "")
    if first.lstrip()[:1] == "<":
        raise DataError("import.markup", file=told)
    delimiter, header, line = find_header(sample, told, delimiter, hits)
    start = _position(text, line)
    filled = re.compile(rb'[^\s"%s]' % re.escape(delimiter.encode()))
    if not filled.search(text, start):
        raise DataError("import.header_only", file=told, row=line)
    return TextTable(file, sha256, delimiter, header, line, text, start, sheet, workbook)


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


def as_utf8(data: bytes, file: str, encoding: str | None = None) -> bytes:
    """The text in UTF-8 with line feeds as line ends; read by the encoding given, else by BOM,
    strict UTF-8, cp1252.
    """
    marked = [(bom, name) for bom, name in _BOMS if data.startswith(bom)]
    ladder = [encoding] if encoding else [name for _, name in marked] or ["utf-8", "cp1252"]
    for name in ladder:
        try:
            plain = _recoded(data, name)
        except (UnicodeError, LookupError):
            continue
        plain = plain.removeprefix(codecs.BOM_UTF8)
        if b"\0" in plain:
            raise DataError("import.binary", file=file)
        return plain.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in plain else plain
    raise DataError("import.encoding", file=file, encoding=ladder[0])


def _recoded(data: bytes, encoding: str) -> bytes:
    """The same in UTF-8; what is UTF-8 already is proved to be, without a copy of it."""
    if codecs.lookup(encoding).name != "utf-8":
        return data.decode(encoding).encode("utf-8", "replace")
    offsets = pa.py_buffer(np.array([0, len(data)], dtype=np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid as error:
        raise UnicodeError(encoding) from error
    return data


def _head(text: bytes, count: int, file: str) -> list[bytes]:
    """The first lines; DataError `import.not_a_table` where one of them has no end in sight."""
    lines: list[bytes] = []
    start = 0
    while len(lines) < count and start <= len(text):
        end = text.find(b"\n", start, start + LONGEST_LINE)
        if end < 0:
            if len(text) - start > LONGEST_LINE:
                raise DataError("import.not_a_table", file=file)
            end = len(text)
        lines.append(text[start:end])
        start = end + 1
    return lines


def _position(text: bytes, line: int) -> int:
    """Where the line after a line (from 1) begins."""
    start = 0
    for _ in range(line):
        end = text.find(b"\n", start)
        start = len(text) if end < 0 else end + 1
    return start


def find_header(
    sample: Sequence[str], file: str, delimiter: str | None, hits: Hits
) -> tuple[str, tuple[str, ...], int]:
    """Delimiter, header cells and the header's last line (from 1) of a text.

    The delimiter is the one under which the header names most known columns, then the one that
    cuts most rows into as many cells as the header has.
    """
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
        first = next((line for line in sample if line.strip()), "")
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
    """The row that names most known columns, at least two; else the first with one and no value.

    Preambles have rows like `Date;1.6.2025` and `Store;Rauma;Till;1`: a hit beside a value is
    hardly a header, so of two rows with as many hits the one with fewer values is taken.
    """
    near = [[cell.strip() for cell in cells] for _, cells in rows[:HEADER_WITHIN]]
    known = [hits(cells) for cells in near]
    values = [sum(bool(_NUMBER_OR_TIME.fullmatch(cell)) for cell in cells) for cells in near]
    if max(known, default=0) >= 2:
        return max(range(len(near)), key=lambda row: (known[row], -values[row], -row))
    return next((row for row in range(len(near)) if known[row] and not values[row]), None)
