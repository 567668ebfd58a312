"""The door sign: its words read back from PDF and SVG, its code, and that nothing collides."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from itertools import combinations
from xml.etree import ElementTree

import pypdf
import pytest
import segno
from published_cases import CASES, REST, STAMP, SUMMER, chosen, published

from hoursopt.calendar import WHOLE_YEAR
from hoursopt.errors import DataError
from hoursopt.fonts import FILES
from hoursopt.paper.letters import MM_OF_POINT, font
from hoursopt.paper.marks import A4, Box, Page, Text
from hoursopt.publish import make
from hoursopt.publish.hours import PublishedHours
from hoursopt.publish.sign.compose import sign_pages

ALL = ("fi", "sv", "en")
WEB = "https://www.oldraumacrafts.example/kauppa"
SVG = "{http://www.w3.org/2000/svg}"
FULL = published(
    [
        (
            WHOLE_YEAR,
            "Mo 10:00-12:00,13:00-17:30; Tu 10:30-18:00; We 10:00-18:30; "
            "Th 09:00-12:00,13:30-20:00; Fr 10:00-19:00; Sa 10:00-15:00",
        )
    ],
    {f"2027-{month:02d}-{day:02d}": "off" for month in range(4, 13) for day in (6, 8, 24)},
    shop="Pitsinnypläysliike Rauman Vanhan Raatihuoneen Kupeessa & Pojat Oy",
    web="https://www.pitsinnyplays-vanha-rauma.example/fi/verkkokauppa/etusivu",
)
SIGNS = {**CASES, "full": FULL, "with a web shop": dataclasses.replace(CASES["sample"], web=WEB)}


def pdf(hours: PublishedHours, languages: tuple[str, ...] = ALL) -> pypdf.PdfReader:
    made = make(chosen(hours), "sign", languages, STAMP, ending=".pdf")
    return pypdf.PdfReader(io.BytesIO(made.content))


def svg(hours: PublishedHours, languages: tuple[str, ...] = ALL) -> ElementTree.Element:
    made = make(chosen(hours), "sign", languages, STAMP, ending=".svg")
    return ElementTree.fromstring(made.content)


def test_the_pdf_says_name_days_hours_validity_and_web_shop_in_three_languages() -> None:
    reader = pdf(SIGNS["with a web shop"])
    text = reader.pages[1].extract_text()
    for words in (
        "Old Rauma Crafts",
        "Maanantai–perjantai",
        "måndag–fredag",
        "Monday–Friday",
        "10–20",
        "Lauantai",
        "12–16",
        "24.7.–26.7.",
        "9–21",
        "Voimassa 1.6.–31.8.2027",
        "Gäller 1.6.–31.8.2027",
        "Valid 1 Jun – 31 Aug 2027",
        "verkkokauppamme on auki",
        "nätbutiken öppen",
        "www.oldraumacrafts.example/kauppa",
    ):
        assert words in text, words
    winter = reader.pages[2].extract_text()
    assert "suljettu" in winter and "stängt" in winter and "closed" in winter
    for words in ("La 25.12.", "joulupäivä", "juldagen", "Christmas Day", "Pe 24.12.", "10–13"):
        assert words in winter, words
    assert "24.7." not in winter


def test_each_week_has_its_page_of_a4() -> None:
    reader = pdf(CASES["sample"])
    assert len(reader.pages) == len(CASES["sample"].weeks()) == 5
    for page in reader.pages:
        sides = (float(page.mediabox.width), float(page.mediabox.height))
        assert sides == pytest.approx([side / MM_OF_POINT for side in A4], abs=0.5)
    assert "Old Rauma Crafts: Aukioloajat" in str(reader.metadata and reader.metadata.title)
    assert len(pdf(CASES["a season without a change"]).pages) == 1


def test_the_letters_lie_in_the_file() -> None:
    fonts = pdf(CASES["sample"]).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for one in fonts.values():
        descendant = one.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
    assert all(path.stat().st_size < 80_000 for path in FILES.values())


def test_the_svg_says_the_same_and_needs_nothing_from_elsewhere() -> None:
    root = svg(SIGNS["with a web shop"])
    (page, *_) = sign_pages(SIGNS["with a web shop"], ALL)
    told = [mark.text for mark in page.marks if isinstance(mark, Text)]
    desc = root.find(f"{SVG}desc")
    assert desc is not None and desc.text == "\n".join(told)
    assert [one.get("aria-label") for one in root.iter(f"{SVG}g")] == told
    names = {one.get("id") for one in root.iter(f"{SVG}path")}
    uses = [one.get("{http://www.w3.org/1999/xlink}href") for one in root.iter(f"{SVG}use")]
    assert {f"#{name}" for name in names} >= set(uses)
    assert len(uses) == sum(len("".join(text.split())) for text in told)
    assert not list(root.iter(f"{SVG}text")) and not list(root.iter(f"{SVG}image"))
    assert all(one.get("d") for one in root.iter(f"{SVG}path") if one.get("id") in used(uses))


def used(uses: list[str | None]) -> set[str]:
    return {str(one).removeprefix("#") for one in uses}


def modules(page: Page) -> set[tuple[int, int]]:
    """Dark modules of the code on a page: row and column."""
    boxes = [mark for mark in page.marks if isinstance(mark, Box) and mark.height > 0.75]
    unit = min(box.width for box in boxes)
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return {
        (round((box.y - top) / unit), round((box.x - left) / unit) + step)
        for box in boxes
        for step in range(round(box.width / unit))
    }


def test_the_code_is_that_of_the_address() -> None:
    page = sign_pages(SIGNS["with a web shop"], ("fi",))[0]
    rows = segno.make(WEB, error="m", micro=False).matrix
    expected = {(y, x) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert modules(page) == expected
    assert not modules_of_plain()


def modules_of_plain() -> list[Box]:
    """Boxes as large as a module on a sign without a web shop: there is no code on it."""
    page = sign_pages(CASES["sample"], ALL)[0]
    return [mark for mark in page.marks if isinstance(mark, Box) and mark.height > 0.75]


def extent(mark: Text) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a line: capitals' height above, descenders below."""
    height = mark.size * MM_OF_POINT
    return mark.left, mark.y - 0.7 * height, mark.left + mark.width, mark.y + 0.22 * height


@pytest.mark.parametrize("languages", [("fi", "sv", "en"), ("en",), ("sv", "en")])
@pytest.mark.parametrize("name", SIGNS)
def test_nothing_collides_or_leaves_the_frame(name: str, languages: tuple[str, ...]) -> None:
    for page in sign_pages(SIGNS[name], languages):
        texts = [mark for mark in page.marks if isinstance(mark, Text)]
        for mark in texts:
            left, top, right, bottom = extent(mark)
            assert left >= 13.0 and right <= A4[0] - 13.0, mark
            assert top >= 13.0 and bottom <= A4[1] - 13.0, mark
            assert mark.size >= 6.0, mark
        for one, other in combinations(texts, 2):
            a, b = extent(one), extent(other)
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 0.3 or b[3] <= a[1] + 0.3
            assert apart, (one.text, other.text)


def test_every_day_of_its_own_is_on_the_sign() -> None:
    (page, *_) = sign_pages(FULL, ALL)
    told = " ".join(mark.text for mark in page.marks if isinstance(mark, Text))
    for day in FULL.unlike_own(FULL.weeks()[0]):
        assert f"{day.date.day}.{day.date.month}." in told


def test_times_are_written_as_the_first_language_has_them() -> None:
    week = published([(WHOLE_YEAR, "Mo-Fr 09:30-17:00; Sa 18:00-26:00")])

    def told(*languages: str) -> list[str]:
        return [
            mark.text for mark in sign_pages(week, languages)[0].marks if isinstance(mark, Text)
        ]

    assert {"9.30–17", "18–2", "suljettu"} <= set(told("fi"))
    assert {"9:30–17", "18–2", "stängt"} <= set(told("sv", "fi"))
    assert {"09:30–17:00", "18:00–02:00", "closed"} <= set(told("en", "fi"))


def test_signs_without_letters_are_left_out_and_told() -> None:
    hours = published([(WHOLE_YEAR, "Mo-Fr 10:00-17:00")], shop="Kukka 花 🌷 <&>")
    made = make(chosen(hours), "sign", ("fi",), STAMP, ending=".svg")
    (note,) = made.notes
    assert note.key == "publish.letters" and note.values["letters"] == "花 🌷"
    root = ElementTree.fromstring(made.content)
    assert "Kukka <&>" in [one.get("aria-label") for one in root.iter(f"{SVG}g")]
    nothing = dataclasses.replace(hours, shop="花")
    assert make(chosen(nothing), "sign", ("fi",), STAMP, ending=".pdf").content.startswith(b"%PDF")


def test_the_other_pages_of_an_svg_are_told() -> None:
    hours = published([(SUMMER, "Mo-Su 10:00-20:00"), (REST, "Mo-Fr 10:00-17:00")])
    (note,) = make(chosen(hours), "sign", ("en",), STAMP, ending=".svg").notes
    assert note.key == "publish.sign_pages" and note.values["next"] == dt.date(2027, 6, 1)


@pytest.mark.parametrize("ending", ["", ".png", ".txt"])
def test_a_sign_is_pdf_or_svg(ending: str) -> None:
    with pytest.raises(DataError, match=r"publish\.sign_ending"):
        make(chosen(CASES["sample"]), "sign", ALL, STAMP, ending=ending)


def test_the_letters_have_what_three_languages_write() -> None:
    needed = set("ABCÅÄÖÉabcåäöéšž0123456789–-·.,:…’”&€ ")
    for face in FILES:
        assert all(ord(sign) in font(face).getBestCmap() for sign in needed), face
