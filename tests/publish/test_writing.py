"""A file is whole or as it was, whatever the disk says."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hoursopt.errors import DataError
from hoursopt.publish import write_whole


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a few bytes: writing fails as on a full disk.

    Only within, for pytest itself may be writing what it has to say into a file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refused(file: Path, content: bytes = b"new") -> DataError:
    with pytest.raises(DataError) as caught:
        write_whole(file, content)
    assert caught.value.key == "publish.unwritable"
    assert caught.value.values["file"] == str(file) and caught.value.values["reason"]
    return caught.value


def test_a_file_is_written_or_replaced(tmp_path: Path) -> None:
    file = tmp_path / "hours.osm"
    write_whole(file, b"one")
    assert file.read_bytes() == b"one" and file.stat().st_mode & 0o777 == 0o644
    file.chmod(0o600)
    write_whole(file, b"two")
    assert file.read_bytes() == b"two" and file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["hours.osm"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"new"


def test_a_full_disk_leaves_what_was_there_and_no_half_file(tmp_path: Path) -> None:
    old = tmp_path / "sign.pdf"
    old.write_bytes(b"old")
    with full_disk():
        refused(old, b"x" * 10_000)
        refused(tmp_path / "other.pdf", b"x" * 10_000)
    assert os.listdir(tmp_path) == ["sign.pdf"] and old.read_bytes() == b"old"


def test_a_folder_that_is_not_there_or_no_folder_is_told(tmp_path: Path) -> None:
    refused(tmp_path / "no" / "such" / "file")
    (tmp_path / "file").write_bytes(b"")
    refused(tmp_path / "file" / "below")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    refused(tmp_path / "file")
    tmp_path.chmod(0o700)


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    write_whole(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"read")
    assert os.read(reader, 99) == b"read" and (tmp_path / "pipe").is_fifo()
    os.close(reader)
