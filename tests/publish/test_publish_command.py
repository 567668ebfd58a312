"""`hoursopt publish` from the outside: files, what is said, and how it fails."""

from __future__ import annotations

import json
import os
from pathlib import Path

import opening_hours as strict
import pytest
from tiny_shop import write_tiny_shop

from hoursopt.cli import PUBLISHED, main
from hoursopt.hours import OpeningHours, Span, parse_hours, parse_time
from hoursopt.publish import FORMATS

ENDINGS = {"osm": "txt", "schema.org": "json", "google": "csv", "ics": "ics", "notice": "txt"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny shop with a plan that was kept."""
    folder = write_tiny_shop(tmp_path_factory.mktemp("tiny"))
    assert main(["plan", str(folder), "--json", str(folder / "plan.json")]) == 0
    return folder


def publish(shop: Path, form: str, out: object, *more: str) -> int:
    return main(["publish", str(shop), "--format", form, "--out", str(out), *more])


def test_the_command_and_the_room_know_the_same_formats() -> None:
    assert PUBLISHED == FORMATS


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_written_and_says_which_hours_it_has(
    form: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for ending in ("pdf", "svg") if form == "sign" else (ENDINGS[form],):
        out = tmp_path / f"hours.{ending}"
        assert publish(folder, form, out) == 0
        assert out.stat().st_size > 20
        told = capsys.readouterr().out
        assert "the plan that was kept on" in told and str(out) in told
        assert "{" not in told
    assert before == {path: path.read_bytes() for path in before}


def test_the_plans_hours_are_the_ones_published(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert publish(folder, "osm", "-") == 0
    told = capsys.readouterr()
    text = told.out.strip()
    strict.validate(text)
    (season,) = json.loads((folder / "plan.json").read_text())["seasons"]
    week = OpeningHours(
        tuple(
            tuple(Span(*map(parse_time, span)) for span in day["hours"]) for day in season["days"]
        )
    )
    assert parse_hours(text.split("; 20")[0]) == week
    assert "the plan that was kept on" in told.err


def test_given_and_todays_hours_need_no_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = write_tiny_shop(tmp_path)
    assert publish(shop, "osm", "-", "--hours", "today") == 0
    assert capsys.readouterr().out == "Mo-Fr 10:00-14:00\n"
    week = ("--hours", "Fr 18:00-02:00; Sa 10:00-14:00")
    assert publish(shop, "osm", "-", *week) == 0
    text = capsys.readouterr().out.strip()
    assert text == "Fr 18:00-26:00, Sa 10:00-14:00"
    assert not (shop / ".hoursopt").exists()


def test_without_a_plan_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_shop(tmp_path)
    out = tmp_path / "hours.txt"
    assert publish(tmp_path, "osm", out) == 1
    assert "hoursopt plan" in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize(
    ("form", "out", "more", "word"),
    [
        ("sign", "sign.png", (), ".pdf"),
        ("osm", "no/where.txt", (), "where.txt"),
        ("notice", "x.txt", ("--languages", "fi,de"), "fi,de"),
        ("notice", "x.txt", ("--languages", "fi,fi"), "fi,fi"),
        ("osm", "x.txt", ("--hours", "whenever"), "whenever"),
        ("osm", "x.txt", ("--to", "1999-01-01"), "1999"),
        ("google", "x.csv", ("--store-code", "=cmd"), "=cmd"),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_writes_nothing(
    form: str,
    out: str,
    more: tuple[str, ...],
    word: str,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert publish(folder, form, tmp_path / out, *more) == 1
    told = capsys.readouterr()
    assert word in told.err and "{" not in told.err and told.out == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "more", [["--format", "osm"], ["--format", "rss", "--out", "x"], ["--out", "x"]]
)
def test_wrong_use_ends_with_2(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["publish", "shop.toml", *more])
    assert end.value.code == 2
    with pytest.raises(SystemExit) as end:
        main(["publish", "x", "--format", "osm", "--out", "x", "--from", "1.6.2026"])
    assert end.value.code == 2
    assert "1.6.2026" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_warning_is_told_in_the_language_of_the_shop(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_shop(tmp_path)
    toml = tmp_path / "shop.toml"
    dates = ", ".join(
        f'"2027-{month:02d}-{day}"' for month in range(1, 13) for day in range(11, 17)
    )
    text = toml.read_text().replace('language = "en"', f'language = "{language}"')
    text = text.replace('name = "Tiny"', 'name = "Tiny 花"\nweb = "https://tiny.example"', 1)
    toml.write_text(f"{text}\n[exceptions]\nclosed = [{dates}]\n", encoding="utf-8")
    years = ("--hours", "Mo-Su 10:00-14:00", "--from", "2027-01-01", "--to", "2027-12-30")
    for form, out in (("osm", "-"), ("google", "-"), ("sign", tmp_path / "sign.svg")):
        assert publish(tmp_path, form, out, *years) == 0
        warned = [line for line in capsys.readouterr().err.splitlines() if line.startswith("! ")]
        assert warned and not any("{" in line for line in warned)


def test_a_wrong_web_address_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tiny_shop(tmp_path)
    toml = tmp_path / "shop.toml"
    plain = toml.read_text()
    for address in (
        "example.com",
        "ftp://example.com",
        "https://",
        "https://a b.example",
        "x" * 300,
    ):
        toml.write_text(plain.replace('name = "Tiny"', f'name = "Tiny"\nweb = "{address}"', 1))
        assert publish(tmp_path, "osm", "-", "--hours", "today") == 1
        assert "shop.web" in capsys.readouterr().err
    for address in (
        "https://example.com",
        "http://shop.example/fi?a=1#b",
        "https://höyhen.example",
    ):
        toml.write_text(
            plain.replace('name = "Tiny"', f'name = "Tiny"\nweb = "{address}"', 1), "utf-8"
        )
        assert publish(tmp_path, "schema.org", "-", "--hours", "today") == 0
        assert json.loads(capsys.readouterr().out)["url"] == address
