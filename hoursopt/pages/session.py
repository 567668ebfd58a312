"""What the pages share: the shop asked for, the reader's language, and the steps that are kept.

Each step is kept under the SHA-256 of what it was made of (shop.toml, data files), never under a
hash of the data itself: streamlit takes only a sample of large frames.
Results are frozen and shared by all visitors.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from hoursopt.errors import HoursoptError
from hoursopt.pages.markup import Markup, join, lines, tag
from hoursopt.shop import LANGUAGES, SOURCES, Shop
from hoursopt.shop.file import read_shop
from hoursopt.workspace.home import Place, is_sample, place_of, remember
from hoursopt.workspace.wording import PageTexts

# What reads files takes its time to be imported; a plan that is kept needs only their digests.
if TYPE_CHECKING:
    from hoursopt.flow import Loaded

SAMPLE = Path(__file__).parents[2] / "data" / "old-rauma-crafts"
VARIABLE = "HOURSOPT_SHOP"
STYLE = Path(__file__).with_name("page.css")
OPENED, ADDRESS, PAGES = "opened_shop", "shop", "pages"
WISHES, WISH = "wishes", "wish"
OF_SEASON = ": "
KEPT = 8
# Rooms whose faults are mended in the shop's files, figures and rules.
MENDED_THERE = ("shop", "import", "observe", "demand", "program", "plan")


@dataclass(frozen=True)
class Visit:
    """One visitor's view of one shop: texts, theme, the shop, and the digests of what it is.

    digest: of the shop and every file. sources: of the files alone.
    """

    t: PageTexts
    dark: bool
    shop: Shop
    digest: str
    sources: str

    @property
    def loaded(self) -> Loaded:
        """What the files held, read now or before if no byte has changed; DataErrors of `load`."""
        with st.spinner(self.t("page.reading")):
            return self.read()

    def read(self) -> Loaded:
        """The same beside the page."""
        return _loaded(self.digest, self.shop)


def shop_path() -> Path:
    """The shop of this visit: the one opened in it, else that of its address, else the usual one.

    The address holds a key of a shop that was opened on this machine before, never a path.
    """
    opened: Path | None = st.session_state.get(OPENED)
    if opened is None:
        opened = place_of(st.query_params.get(ADDRESS, ""))
    return opened or usual_shop()


def usual_shop() -> Path:
    """The shop folder or shop.toml after `--`, else of HOURSOPT_SHOP, else the sample."""
    return Path(next(iter(sys.argv[1:]), os.environ.get(VARIABLE) or SAMPLE))


def open_shop(folder: Path) -> None:
    """Look at another shop from now on, in this visit alone; DataErrors of `remember`."""
    st.session_state[OPENED] = folder
    st.session_state[WISHES] = {}
    if not is_sample(folder):
        remember(folder)


def keep_address() -> None:
    """Put the shop of this visit into its address, so that a reload and a link show it again."""
    opened: Path | None = st.session_state.get(OPENED)
    if opened is None and ADDRESS in st.query_params:
        st.session_state[OPENED] = opened = place_of(st.query_params[ADDRESS])
    if opened is None:
        st.query_params.pop(ADDRESS, None)
    elif st.query_params.get(ADDRESS) != (key := Place(opened.resolve()).key):
        st.query_params[ADDRESS] = key
    _write_wishes(wishes())


def wishes() -> dict[str, str]:
    """Hours that the owner has in mind, by season, in OSM notation.

    They stand in the address too, so that a reload, a bookmark and a link bring them back.
    """
    if WISHES not in st.session_state:
        told = (one.rpartition(OF_SEASON) for one in st.query_params.get_all(WISH))
        st.session_state[WISHES] = {season: hours for season, _, hours in told}
    found: dict[str, str] = st.session_state[WISHES]
    return found


def keep_wish(season: str, hours: str | None) -> None:
    """Remember the hours that the owner has in mind for a season; None where there are none."""
    held = wishes()
    if held.get(season) != hours:
        held.pop(season, None)
        if hours is not None:
            held[season] = hours
        _write_wishes(held)


def _write_wishes(held: Mapping[str, str]) -> None:
    told = [f"{season}{OF_SEASON}{hours}" for season, hours in held.items()]
    if st.query_params.get_all(WISH) != told:
        st.query_params[WISH] = told


def visit() -> Visit:
    """The shop as it stands in its folder; no file of it is read yet. DataErrors of `read_shop`."""
    shop = read_shop(shop_path())
    sources = digest_of(shop)
    # Of the shop just read: its file, read once more, may have been saved by another tab meanwhile.
    digest = hashlib.sha256(f"{shop!r}\0{sources}".encode()).hexdigest()
    return Visit(texts(shop), st.context.theme.type == "dark", shop, digest, sources)


def texts(shop: Shop | None = None) -> PageTexts:
    """The language chosen; else the shop's, else the browser's, else English."""
    return PageTexts(st.session_state.get("language") or usual_language(shop))


def usual_language(shop: Shop | None) -> str:
    """The language before one is chosen."""
    surrounding = (st.context.locale or "")[:2].lower()
    wished = (shop.language if shop else None, surrounding)
    return next((name for name in wished if name in LANGUAGES), "en")


def told(page: Callable[[], None]) -> Callable[[], None]:
    """A page that says in words what stops it."""

    @functools.wraps(page)
    def safe() -> None:
        show(STYLE)
        try:
            page()
        except HoursoptError as error:
            t = _texts_of_any_shop()
            fault = tag("strong", t("page.fault"))
            show(tag("div", fault, lines(t.describe(error)), class_="ho-fault", role="alert"))
            pages = st.session_state.get(PAGES, {})
            if "shop" in pages and error.key.partition(".")[0] in MENDED_THERE:
                st.page_link(pages["shop"], label=t("setup.to_shop"), icon=":material/storefront:")

    return safe


def show(*parts: Markup | Path) -> None:
    """Put markup on the page."""
    for part in parts:
        st.html(part)


def show_all(*parts: Markup) -> None:
    """Put several pieces on the page as one."""
    st.html(tag("div", join(parts), class_="ho"))


def digest_of(shop: Shop) -> str:
    """SHA-256 over every data file by its name, wherever the shop's folder stands."""
    whole = hashlib.sha256()
    named = [
        (file, shop.folder / file) for source in SOURCES for file in shop.sources.files(source)
    ]
    if shop.sources.peers:
        from hoursopt.flow import files_of_peers

        named += [(str(path), path) for path in files_of_peers(shop)]
    for name, path in named:
        whole.update(f"{name}\0{_file_digest(path)}\0".encode())
    return whole.hexdigest()


def _file_digest(path: Path) -> str:
    """SHA-256 of a file, empty where there is none: the importer has the words for that."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return _digest(str(path), state.st_mtime_ns, state.st_size)


@st.cache_data(max_entries=256, show_spinner=False)
def _digest(path: str, changed: int, size: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _texts_of_any_shop() -> PageTexts:
    try:
        return texts(read_shop(shop_path()))
    except HoursoptError:
        return texts()


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _loaded(digest: str, _shop: Shop) -> Loaded:
    from hoursopt import flow

    return flow.load_shop(_shop)
