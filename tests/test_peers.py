"""Shops of a chain as folders: one reads the receipts of the others and leaves them alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from hoursopt import flow
from hoursopt.cli import main
from hoursopt.errors import DataError
from hoursopt.flow import files_of_peers, load
from hoursopt.hours import Grid, parse_hours
from hoursopt.i18n import Texts
from hoursopt.shop import LANGUAGES, Economics, HoursInForce, Shop, Sources, StaffGroup
from hoursopt.shop.file import format_shop, parse_shop, read_shop, update_shop, write_shop

FIRST = dt.date(2025, 3, 3)


def make_folder(folder: Path, hours: str, days: int = 42, **sources: object) -> Shop:
    """A shop that sells up to three times in every open hour."""
    folder.mkdir()
    shop = Shop(
        name=folder.name,
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=Grid(60, 8 * 60, 22 * 60),
        hours=(HoursInForce(parse_hours(hours)),),
        economics=Economics(margin_rate=0.4, basket_value=10.0, conversion=0.3),
        staff=(StaffGroup("owner", 4, hourly_cost=12.0),),
        sources=Sources(**{"receipts": ("receipts.csv",), **sources}),
    )
    chance = np.random.default_rng(len(hours))
    lines = ["time,receipt,total"]
    for day in range(days):
        date = FIRST + dt.timedelta(days=day)
        lines += [
            f"{date}T{minute // 60:02d}:{minute % 60:02d}:00,{day}-{minute},12.50"
            for span in shop.hours_on(date)
            for minute in range(span.start + 10, span.end, 20)
            if chance.random() < 0.8
        ]
    (folder / "receipts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_shop(shop, folder)
    return shop


def name_peers(folder: Path, *names: str) -> None:
    """Put the peers into a shop.toml."""
    update_shop(folder, {"sources.peers": list(names)})


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """Three shops, of which `early` has the other two as peers."""
    make_folder(tmp_path / "early", "Mo-Fr 10:00-17:00")
    make_folder(tmp_path / "late", "Mo-Fr 10:00-20:00")
    make_folder(tmp_path / "later", "Mo-Sa 11:00-21:00")
    name_peers(tmp_path / "early", "../late", "../later/shop.toml")
    return tmp_path


def files_in(folder: Path) -> dict[str, bytes]:
    """All files of a folder, those that begin with a dot too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def key_of(folder: Path) -> DataError:
    """The fault that loading a folder tells."""
    with pytest.raises(DataError) as caught:
        load(folder)
    for language in LANGUAGES:
        assert "{" not in Texts(language).describe(caught.value)
    return caught.value


def test_the_peers_of_a_shop_are_read_and_written_back(chain: Path) -> None:
    shop = read_shop(chain / "early")
    assert shop.sources.peers == ("../late", "../later/shop.toml")
    again = parse_shop(format_shop(shop), shop.folder)
    assert again == shop
    one = update_shop(chain / "early", {"sources.peers": "../late"})
    assert one.sources.peers == ("../late",)
    assert read_shop(chain / "late").sources.peers == ()
    assert "peers" not in format_shop(read_shop(chain / "late"))


def test_peers_become_a_channel_with_exposure_in_their_own_hours(chain: Path) -> None:
    seen = load(chain / "early").observations
    peers = seen.channels["peers"]
    evening = seen.grid.index(18 * 60)
    weekdays = seen.weekdays
    assert peers.exposure[weekdays < 5][:, evening].min() > 0.9
    assert 4 < peers.counts[weekdays < 5][:, evening].mean() < 6
    assert peers.counts[weekdays == 6].sum() == 0
    assert len(peers.sensor_counts) == 2
    assert "peers" not in load(chain / "late").observations.channels


def test_nothing_is_written_into_the_folder_of_a_peer(chain: Path) -> None:
    before = [files_in(chain / name) for name in ("late", "later")]
    load(chain / "early")
    load(chain / "early")
    assert [files_in(chain / name) for name in ("late", "later")] == before
    assert (chain / "early" / ".hoursopt").is_dir()


def test_files_of_peers_are_read_once_and_again_when_they_change(
    chain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(chain / "early").observations.channels["peers"]
    read: list[str] = []
    really = flow.read_sources
    monkeypatch.setattr(
        flow, "read_sources", lambda shop: (read.append(shop.name), really(shop))[1]
    )
    second = load(chain / "early").observations.channels["peers"]
    np.testing.assert_array_equal(first.counts, second.counts)
    assert read == []
    file = chain / "late" / "receipts.csv"
    file.write_text(file.read_text() + "2025-03-03T18:05:00,x,9.00\n")
    third = load(chain / "early").observations.channels["peers"]
    assert read == ["late"]
    assert third.counts.sum() == second.counts.sum() + 1


def test_a_peer_is_read_also_where_nothing_can_be_kept(chain: Path) -> None:
    (chain / "early" / ".hoursopt").write_text("a file where the folder should be")
    assert "peers" in load(chain / "early").observations.channels


def test_peers_may_name_one_another_and_theirs_are_not_read(chain: Path) -> None:
    name_peers(chain / "late", "../early", "../later")
    peers = load(chain / "early").observations.channels["peers"]
    assert len(peers.sensor_counts) == 2
    name_peers(chain / "early", "../late")
    assert len(load(chain / "early").observations.channels["peers"].sensor_counts) == 1


def test_only_the_receipts_of_a_peer_are_needed(chain: Path) -> None:
    (chain / "late" / "street.csv").write_text("no,counts\nat,all\n")
    update_shop(chain / "late", {"sources.street": "street.csv"})
    assert len(load(chain / "early").observations.channels["peers"].sensor_counts) == 2


def test_the_page_and_the_cache_know_every_file_of_the_peers(chain: Path) -> None:
    names = [
        f"{path.parent.name}/{path.name}" for path in files_of_peers(read_shop(chain / "early"))
    ]
    assert names == ["late/shop.toml", "late/receipts.csv", "later/shop.toml", "later/receipts.csv"]


def test_a_folder_that_is_not_there_is_named(chain: Path) -> None:
    name_peers(chain / "early", "../late", "../nowhere")
    fault = key_of(chain / "early")
    assert fault.key == "shop.no_peer"
    assert fault.values["name"] == "../nowhere"
    assert str(fault.values["file"]).endswith("shop.toml")


@pytest.mark.parametrize("names", [("../early",), ("shop.toml",), ("../late", "../late/shop.toml")])
def test_the_shop_itself_or_one_twice_is_refused(chain: Path, names: tuple[str, ...]) -> None:
    name_peers(chain / "early", *names)
    fault = key_of(chain / "early")
    assert fault.key == "shop.peer_again"
    assert fault.values["name"] == names[-1]


def test_a_peer_without_receipts_is_refused(chain: Path) -> None:
    make_folder(chain / "doors", "Mo-Fr 10:00-20:00", receipts=(), footfall=("receipts.csv",))
    name_peers(chain / "early", "../doors")
    fault = key_of(chain / "early")
    assert fault.key == "shop.peer_no_receipts"
    assert "doors" in str(fault.values["file"])


def test_a_faulty_shop_toml_of_a_peer_is_named_with_its_file(chain: Path) -> None:
    file = chain / "later" / "shop.toml"
    file.write_text(file.read_text().replace('currency = "EUR"', 'currency = "euros"'))
    fault = key_of(chain / "early")
    assert fault.key == "shop.currency"
    assert "later" in str(fault.values["file"])


def test_a_file_of_a_peer_that_cannot_be_read_is_named(chain: Path) -> None:
    (chain / "late" / "receipts.csv").write_bytes(b"")
    fault = key_of(chain / "early")
    assert fault.key == "shop.peer_files"
    assert "late" in str(fault.values["folder"])
    assert "receipts.csv" in Texts("en").describe(fault)


@pytest.mark.parametrize("value", ["3", '[1, "a"]', '[""]', "true"])
def test_peers_must_be_texts(chain: Path, value: str) -> None:
    file = chain / "early" / "shop.toml"
    text = file.read_text()
    line = next(line for line in text.splitlines() if line.startswith("peers"))
    file.write_text(text.replace(line, f"peers = {value}"))
    key_of(chain / "early")


def test_the_command_line_fits_with_peers_and_tells_a_fault(
    chain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit", str(chain / "early"), "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    evening = [
        curve["walk_in"]["evidence"]
        for curve in told["curves"]
        if curve["weekday"] == "Tu" and curve["from"] == "18:00"
    ]
    assert evening == ["witness"]
    name_peers(chain / "early", "../nowhere")
    assert main(["fit", str(chain / "early")]) == 1
    assert "../nowhere" in capsys.readouterr().err
