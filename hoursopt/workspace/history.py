"""Changes of a shop: each is saved at once, told apart from those of other tabs, and undone.

The whole text of shop.toml before and after each change stands in the store's `changes`, so that
undoing gives back every comment. A change that was made by hand, in an editor, becomes a row too
before the next one is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hoursopt.errors import DataError
from hoursopt.shop.draft import Draft, changed, draft_of, read_draft, write_draft
from hoursopt.store import Change, Store, open_store

PAGE, HAND = "page", "hand"
UNDO, REDO, FOUNDED, CHECKED = "undo", "redo", "founded", "checked"
PROPOSED = "proposed"
"""What the page put in to begin with: its owner has yet to check it."""


@dataclass(frozen=True)
class Timeline:
    """The changes that stand, the last one last, and those that were undone, the next one last.

    trade: that with whose starting figures the shop was founded here, None for other shops.
    checked: sections of which its owner said that they are right as they stand.
    """

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()
    trade: str | None = None
    checked: frozenset[str] = frozenset()


def timeline(history: Sequence[Change]) -> Timeline:
    """What stands and what was undone after all rows of a history."""
    done: list[Change] = []
    undone: list[Change] = []
    trade = None
    checked: set[str] = set()
    for change in history:
        if change.what == UNDO and done:
            undone.append(done.pop())
        elif change.what == REDO and undone:
            done.append(undone.pop())
        elif change.what.startswith(CHECKED):
            checked.add(change.what.removeprefix(CHECKED).strip())
        elif change.old:  # a shop's first text has nothing before it
            done.append(change)
            undone.clear()
        elif change.what.startswith(FOUNDED):
            trade = change.what.removeprefix(FOUNDED).strip()
    return Timeline(tuple(done), tuple(undone), trade, frozenset(checked))


def read_timeline(folder: Path) -> Timeline:
    """The timeline of a shop folder; DataErrors `store.*`."""
    with open_store(folder) as store:
        return timeline(store.changes())


def save(
    folder: Path, revision: str, changes: Mapping[str, Any], *, proposed: bool = False
) -> Draft:
    """Change keys of shop.toml, if it still is as it was at `revision`; `proposed` as `PROPOSED`.

    Raises DataError `workspace.stale` where it is not, those of `changed`, `shop.unwritable` and
    `store.*`; then the file is as before.
    """

    def fresh(now: Draft, store: Store) -> tuple[str, Draft]:
        return " ".join([PROPOSED] * proposed + list(changes)), changed(now, changes)

    return _write(folder, revision, fresh)


def confirm(folder: Path, revision: str, section: str) -> Draft:
    """Write down that a section is right as it stands; DataErrors of `save`."""
    with open_store(folder) as store, store.writing():
        now = _unchanged(folder, revision)
        store.save_change(PAGE, f"{CHECKED} {section}", now.text, now.text)
        return now


def undo(folder: Path, revision: str) -> Draft:
    """Take back the last change that stands; DataErrors of `save`, and `workspace.nothing_done`."""

    def fresh(now: Draft, store: Store) -> tuple[str, Draft]:
        done = timeline(store.changes()).done
        if not done:
            raise DataError("workspace.nothing_done")
        return UNDO, draft_of(done[-1].old, now.file)

    return _write(folder, revision, fresh)


def redo(folder: Path, revision: str) -> Draft:
    """Do again what was undone last; DataErrors of `save`, and `workspace.nothing_undone`."""

    def fresh(now: Draft, store: Store) -> tuple[str, Draft]:
        undone = timeline(store.changes()).undone
        if not undone:
            raise DataError("workspace.nothing_undone")
        return REDO, draft_of(undone[-1].new, now.file)

    return _write(folder, revision, fresh)


def _write(
    folder: Path, revision: str, fresh: Callable[[Draft, Store], tuple[str, Draft]]
) -> Draft:
    """Read, compare, record and write, with everybody else waiting."""
    with open_store(folder) as store, store.writing():
        now = _unchanged(folder, revision)
        last = store.changes()[-1:]
        if last and last[0].new != now.text:
            store.save_change(HAND, HAND, last[0].new, now.text)
        what, then = fresh(now, store)
        if then.text != now.text:
            store.save_change(PAGE, what, now.text, then.text)
            # Before the rows are final: a file that cannot be written leaves no row of it.
            write_draft(then)
        return then


def _unchanged(folder: Path, revision: str) -> Draft:
    now = read_draft(folder)
    if now.revision != revision:
        raise DataError("workspace.stale")
    return now
