"""Small workbooks written byte by byte, so that tests need no library that writes them."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Cell = str | int | float | dt.datetime | dt.date | dt.time | None
Table = Sequence[Sequence[Cell]]

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="14"/>'
    '<xf numFmtId="20"/></cellXfs></styleSheet>'
)
ZERO = dt.datetime(1899, 12, 30)


def serial(moment: dt.datetime) -> float:
    """A moment as spreadsheets keep it: days since `ZERO`."""
    return (moment - ZERO) / dt.timedelta(days=1)


def xlsx(
    sheets: Mapping[str, Table], *, compression: int = zipfile.ZIP_DEFLATED, extra: str = ""
) -> bytes:
    """A workbook of these sheets; `extra` is put before the rows of each sheet."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    related += f'<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/>'
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    for n, name in enumerate(names, 1):
        rows = "".join(_row(number, row) for number, row in enumerate(sheets[name], 1))
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f"<worksheet {MAIN}><sheetData>{extra}{rows}</sheetData></worksheet>"
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return buffer.getvalue()


def _row(number: int, cells: Sequence[Cell]) -> str:
    return (
        f'<row r="{number}">{"".join(_cell(number, n, cell) for n, cell in enumerate(cells))}</row>'
    )


def _cell(row: int, column: int, cell: Cell) -> str:
    first, second = divmod(column, 26)
    place = f'r="{chr(64 + first) if first else ""}{chr(65 + second)}{row}"'
    match cell:
        case None:
            return ""
        case str():
            return f'<c {place} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        case dt.datetime():
            return f'<c {place} s="1"><v>{serial(cell)!r}</v></c>'
        case dt.date():
            return f'<c {place} s="2"><v>{(cell - ZERO.date()).days}</v></c>'
        case dt.time():
            seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
            return f'<c {place} s="3"><v>{seconds / 86400!r}</v></c>'
    return f"<c {place}><v>{cell!r}</v></c>"


def xls(table: Table) -> bytes:
    """A workbook of Excel 97 with one sheet of texts and numbers."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0x600))

    cells = b"".join(
        record(0x203, struct.pack("<HHHd", row, column, 0, float(cell)))
        if isinstance(cell, (int, float))
        else record(
            0x204,
            struct.pack("<HHHHB", row, column, 0, len(str(cell)), 1)
            + str(cell).encode("utf-16-le"),
        )
        for row, line in enumerate(table)
        for column, cell in enumerate(line)
    )
    width = max(map(len, table))
    extent = record(0x200, struct.pack("<IIHHH", 0, len(table), 0, width, 0))
    name = b"Sheet"
    where = len(begin(5)) + 4 + 8 + len(name) + 4
    bound = record(0x85, struct.pack("<IHBB", where, 0, len(name), 0) + name)
    end = record(0x0A, b"")
    stream = begin(5) + bound + end + begin(0x10) + extent + cells + end
    return compound("Workbook", stream.ljust(4096, b"\0"))


def compound(name: str, stream: bytes) -> bytes:
    """An OLE2 file of one stream of at least 4096 bytes."""
    sectors = -(-len(stream) // 512)
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, last, *range(3, 2 + sectors), last]
    assert len(chain) <= 128
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
        last, 0, last, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (title + "\0").encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16xI8x8xIQ", text, len(text), kind, 1, free, free, child, 0, start, size
        )

    directory = entry("Root Entry", 5, 1, last, 0) + entry(name, 2, free, 2, len(stream))
    return header + fat + directory.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")
