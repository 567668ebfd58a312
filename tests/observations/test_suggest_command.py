"""`hoursopt check --suggest-hours`: hours to paste, also where the stated ones are wrong."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from hoursopt.cli import main
from hoursopt.hours import parse_hours
from tests.observations.tills import sold

SHOP = """
schema_version = 1
[shop]
name = "Kiosk"
country = "FI"
timezone = "Europe/Helsinki"
currency = "EUR"
language = "{language}"
[grid]
slot_minutes = 30
earliest = "06:00"
latest = "24:00"
[[hours]]
hours = "{hours}"
[sources]
receipts = "receipts.csv"
[economics]
margin_rate = 0.4
[[staff]]
name = "owner"
people = 1
hourly_cost = 12.0
"""
BEFORE, AFTER = "Mo-Fr 09:00-17:00; Sa 10:00-15:00", "Mo-Fr 09:00-18:00; Sa 10:00-15:00"


def a_folder(
    folder: Path,
    hours: str,
    spells: list[tuple[str, int]] | None = None,
    language: str = "en",
) -> Path:
    table = sold(spells or [(BEFORE, 13), (AFTER, 13)], 5.0)
    table.to_csv(folder / "receipts.csv", index=False)
    text = SHOP.format(hours=hours, language=language)
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return folder


def test_it_prints_blocks_that_shop_toml_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_folder(tmp_path, "Mo-Fr 10:00-17:00; Sa 10:00-15:00")
    assert main(["check", str(folder), "--suggest-hours"]) == 0
    printed = capsys.readouterr().out
    assert "Mon–Fri: shop.toml says 10:00–17:00, the data show 09:00–17:00." in printed
    assert "Sat 10:00–15:00: sure." in printed
    blocks = printed[printed.index("[[hours]]\nhours") :]
    assert [block["hours"] for block in tomllib.loads(blocks)["hours"]] == [BEFORE, AFTER]
    settings = (folder / "shop.toml").read_text(encoding="utf-8")
    pasted = settings.replace('[[hours]]\nhours = "Mo-Fr 10:00-17:00; Sa 10:00-15:00"\n', blocks)
    (folder / "shop.toml").write_text(pasted, encoding="utf-8")
    assert main(["check", str(folder), "--suggest-hours"]) == 0
    again = capsys.readouterr().out
    assert again.count("That agrees with shop.toml.") == 2
    assert "shop.toml says" not in again


def test_the_machine_form_has_a_key_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_folder(tmp_path, BEFORE)
    assert main(["check", str(folder), "--suggest-hours", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)["suggested_hours"]
    assert told["source"] == "receipts"
    assert [period["hours"] for period in told["periods"]] == [BEFORE, AFTER]
    assert told["periods"][0]["certainty"]["Mo"] == "sure"
    assert told["periods"][1]["differences"] == [
        {"days": "Mo-Fr", "stated": [["09:00", "17:00"]], "found": [["09:00", "18:00"]]}
    ]
    assert main(["check", str(folder), "--json", "-"]) == 0
    assert "suggested_hours" not in json.loads(capsys.readouterr().out)


def test_it_works_where_the_stated_hours_refuse_every_receipt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_folder(tmp_path, "Mo-Sa 20:00-23:00")
    assert main(["check", str(folder), "--suggest-hours"]) == 1
    seen = capsys.readouterr()
    assert BEFORE in seen.out
    assert AFTER in seen.out
    assert AFTER in seen.err


def test_hours_beyond_the_grid_say_what_to_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = "Th 18:00-24:00, Fr,Sa 18:00-26:30"
    folder = a_folder(tmp_path, "Th-Sa 18:00-24:00", [(late, 12)])
    assert main(["check", str(folder), "--suggest-hours"]) == 0
    printed = capsys.readouterr().out
    assert 'earliest = "06:00" and latest = "27:00"' in printed
    assert parse_hours(late) == parse_hours(printed.rsplit('hours = "', 1)[1].split('"')[0])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_speaks_the_shops_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    few = [("Mo-Fr 09:00-17:00; Sa 10:00-15:00", 2)]
    folder = a_folder(tmp_path, "Mo-Su 07:00-20:00", few, language)
    assert main(["check", str(folder), "--suggest-hours"]) == 0
    printed = capsys.readouterr().out
    assert "{" not in printed
    assert "suggest_" not in printed
