"""Claims about where shops are: samples stay as they are, and an address names no path."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_shop import write_tiny_shop

from hoursopt.errors import DataError
from hoursopt.workspace import home


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(home.VARIABLE, str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_tiny_shop(tmp_path / "data" / "tiny")
    monkeypatch.setattr(home, "SAMPLES", tmp_path / "data")
    return folder


def test_the_samples_of_the_program_are_found() -> None:
    names = {place.folder.name for place in home.samples()}
    assert {"lunch-cafe", "night-bar", "old-rauma-crafts"} <= names
    assert all(home.is_sample(place.folder) for place in home.samples())


def test_the_shop_opened_last_comes_first_and_once(own: Path, tmp_path: Path) -> None:
    first, second = (write_tiny_shop(tmp_path / name) for name in ("a", "b"))
    for folder in (first, second, first):
        home.remember(folder)
    assert [place.folder for place in home.remembered()] == [first.resolve(), second.resolve()]
    (first / "shop.toml").unlink()
    assert [place.folder for place in home.remembered()] == [second.resolve()]


@pytest.mark.parametrize("told", ["", "{", "{}", "[1, null]", '["/nowhere"]', "\x00"])
def test_a_damaged_memory_is_no_memory(own: Path, told: str) -> None:
    own.mkdir()
    (own / "opened.json").write_text(told, "utf-8")
    assert home.remembered() == ()


def test_an_address_opens_only_what_was_opened_before(
    own: Path, sample: Path, tmp_path: Path
) -> None:
    folder = write_tiny_shop(tmp_path / "a")
    key = home.Place(folder.resolve()).key
    assert home.place_of(key) is None
    home.remember(folder)
    assert home.place_of(key) == folder.resolve()
    assert home.place_of(home.Place(sample.resolve()).key) == sample.resolve()
    assert home.place_of(str(folder)) is None


def test_a_path_is_the_folder_or_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_tiny_shop(tmp_path / "a")
    monkeypatch.setenv("HOME", str(tmp_path))
    for told in (str(folder), f" {folder}/shop.toml ", "~/a", f'"{folder}"'):
        assert home.shop_folder(told) == folder.resolve()


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("", "workspace.no_path"),
        ("a\0b", "workspace.no_path"),
        ("/nowhere", "workspace.no_shop"),
        ("/etc/passwd", "workspace.no_shop"),
        ("/" + "x" * 5000, "workspace.no_shop"),
        ("a-shop-somewhere", "workspace.no_path"),
        ("~nobody-of-that-name/x", "workspace.no_path"),
    ],
)
def test_a_path_without_a_shop_is_refused(told: str, key: str) -> None:
    with pytest.raises(DataError) as fault:
        home.shop_folder(told)
    assert fault.value.key == key


def test_a_sample_is_copied_and_stays(own: Path, sample: Path) -> None:
    (sample / ".hoursopt").mkdir()
    before = {file: file.read_bytes() for file in sample.glob("*.*") if file.is_file()}
    first, second = home.copy_sample(sample), home.copy_sample(sample)
    assert [folder.name for folder in (first, second)] == ["tiny", "tiny-2"]
    assert first.parent == own
    assert (first / "receipts.csv").read_bytes() == (sample / "receipts.csv").read_bytes()
    assert not (first / ".hoursopt").exists()
    assert not home.is_sample(first)
    assert {file: file.read_bytes() for file in before} == before
    assert sorted(path.name for path in own.iterdir()) == ["tiny", "tiny-2"]


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    monkeypatch.setenv(home.VARIABLE, str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"workspace\.unwritable"):
        home.copy_sample(sample)


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Käsityö & Pitsi", "kasityo-pitsi"), ("../../x", "x"), ("日本", "shop"), (" ", "shop")],
)
def test_a_name_becomes_a_folders(name: str, folder: str) -> None:
    assert home.folder_name(name) == folder
