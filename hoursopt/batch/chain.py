"""A chain and a sweep, read and checked against each other before anything runs.

Shops are looked at one after the other. What is known of each then stands in temporary tables of
the run store, so the memory of this process does not grow with the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hoursopt.batch.answering import Result, failure
from hoursopt.batch.applying import applied, document_of
from hoursopt.batch.demand import data_digest, program_digest
from hoursopt.batch.keys import Document, members_of
from hoursopt.batch.nouns import Scale, ScaleDemand, Set, WhatIf
from hoursopt.batch.reading import read_sweep
from hoursopt.batch.shops import Listed, labels, read_or_fault
from hoursopt.batch.sweep import Sweep
from hoursopt.errors import DataError, HoursoptError, raise_all
from hoursopt.plan import Options
from hoursopt.shop import Shop
from hoursopt.store.runs import RunStore, Wanted

LOOKED_AT = 50_000
"""Runs of which each is checked beforehand. Of a greater sweep the first shop is checked with every
what-if and every shop with the first one; what is wrong with others, their rows say."""


@dataclass(frozen=True)
class Chain:
    """Shops and a sweep; `language` is that of the first shop that can be read."""

    shops: tuple[Listed, ...]
    sweep: Sweep
    language: str

    @property
    def count(self) -> int:
        """Runs, at most: scenarios for some of the shops are counted for all."""
        return len(self.shops) * len(self.sweep)


@dataclass
class Checked:
    """What the check found.

    unreadable: faults of shops, by what they are called in the results. unfit: by what-if, the
    first fault and the number of shops to which it cannot be done. texts: columns that hold other
    values than numbers.
    """

    unreadable: dict[str, HoursoptError] = field(default_factory=dict)
    unfit: dict[str, DataError] = field(default_factory=dict)
    unfit_shops: Counter[str] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)
    texts: set[str] = field(default_factory=set)


def read_chain(files: Sequence[Path], sweep_file: Path) -> Chain:
    """Shops and sweep; DataErrors as `read_sweep`, `batch.no_shop_fits` for globs of the sweep.

    Where no shop at all can be read, DataError `batch.none_readable` with the faults of the first.
    """
    listed: list[Listed] = []
    faults: list[HoursoptError] = []
    names: dict[str, dict[str, None]] = {}
    language = ""
    for file in files:
        shop = read_or_fault(file)
        if isinstance(shop, Shop):
            listed.append(Listed(file, shop.name))
            language = language or shop.language
            for section, found in members_of([document_of(shop)]).items():
                names.setdefault(section, {}).update(found)
        else:
            listed.append(Listed(file, file.parent.name or str(file)))
            faults.append(shop)
    if not language:
        raise DataError("batch.none_readable", causes=faults[:5], count=len(faults))
    sweep = read_sweep(sweep_file, names)
    shops = tuple(
        one
        for one in listed
        if (not sweep.only or one.fits(sweep.only)) and not one.fits(sweep.leave_out)
    )
    for globs in (sweep.only, *(scenario.shops for scenario in sweep.scenarios)):
        if globs and not any(one.fits(globs) for one in shops):
            raise DataError("batch.no_shop_fits", file=str(sweep_file), globs=globs)
    if not shops:
        raise DataError("batch.no_shop_fits", file=str(sweep_file), globs=sweep.leave_out)
    return Chain(shops, sweep, language)


def ask_for(chain: Chain, store: RunStore, options: Options) -> Checked:
    """Check every run and ask the store for it; nothing is run.

    A what-if that can be done to no shop is an error (DataError `batch.scenario`, several as causes
    of `batch.faults`); one that can be done to some is told in the rows of the others.
    """
    checked, run = Checked(texts=_texts_of(chain.sweep)), 0
    for number, (listed, label) in enumerate(zip(chain.shops, labels(chain.shops), strict=True)):
        shop, data = _with_data(read_or_fault(listed.file))
        told: dict[str, Any] = {"label": label, "folder": str(listed.file.parent)}
        meant = [
            (place, whatif)
            for place, whatif in enumerate(chain.sweep.whatifs())
            if not whatif.shops or listed.fits(whatif.shops)
        ]
        if isinstance(shop, Shop):
            document = document_of(shop)
            told |= {"currency": shop.currency, "document": document, "data": data}
            _note_texts(document, chain.sweep, checked.texts)
            digest = _digest(_json(document), data, repr(options), program_digest())
            everything = chain.count <= LOOKED_AT or number == 0
            wanted = [
                _checked(shop, whatif, checked, Wanted(run + at, number, place), digest, everything)
                for at, (place, whatif) in enumerate(meant)
            ]
        else:
            checked.unreadable[label] = shop
            result = packed(failure(chain.language, shop))
            wanted = [
                Wanted(run + at, number, place, None, result) for at, (place, _) in enumerate(meant)
            ]
        store.want(number, _json(told), wanted)
        run += len(wanted)
    nowhere = [
        DataError("batch.scenario", causes=(fault,), name=name)
        for name, fault in checked.unfit.items()
        if checked.unfit_shops[name] == checked.looked_at[name]
    ]
    raise_all(nowhere, "batch.faults", where="[sweep]")
    return checked


def _with_data(shop: Shop | HoursoptError) -> tuple[Shop | HoursoptError, str]:
    """A shop with the digest of its files; where another shop that it reads is at fault, that."""
    try:
        return shop, data_digest(shop) if isinstance(shop, Shop) else ""
    except HoursoptError as fault:
        return fault, ""


def packed(result: Result) -> str:
    """A result as the store keeps it."""
    return _json(asdict(result))


def unpacked(text: str) -> Result:
    """What `packed` packed."""
    return Result(**json.loads(text))


def _checked(
    shop: Shop, whatif: WhatIf, checked: Checked, wanted: Wanted, digest: str, thorough: bool
) -> Wanted:
    """A wanted run with its digest, or with the fault that stops it."""
    if thorough or wanted.whatif == 0:
        checked.looked_at[whatif.name] += 1
        try:
            applied(shop, whatif)
        except DataError as fault:
            checked.unfit.setdefault(whatif.name, fault)
            checked.unfit_shops[whatif.name] += 1
            result = packed(failure(shop.language, fault))
            return Wanted(wanted.run, wanted.shop, wanted.whatif, None, result)
    key = _digest(digest, repr(whatif.changes))
    return Wanted(wanted.run, wanted.shop, wanted.whatif, key)


def _texts_of(sweep: Sweep) -> set[str]:
    """Columns that by the sweep itself hold other values than numbers."""
    given = [step.change for axis in sweep.axes for step in axis]
    given += [change for scenario in sweep.scenarios for change in scenario.changes]
    if sweep.draws:
        given += [make(part) for one, make in sweep.draws.inputs.values() for part in one.parts]
    return {
        change.column
        for change in given
        if not isinstance(change, Scale | ScaleDemand)
        and not (isinstance(change, Set) and _is_number(change.value))
    }


def _note_texts(document: Document, sweep: Sweep, texts: set[str]) -> None:
    """Add the columns for which a shop's own value is no number."""
    for column, change in sweep.columns.items():
        if isinstance(change, Set) and not change.key.is_many:
            own = (table.get(change.key.field) for table in change.key.tables(document))
            if not all(value is None or _is_number(value) for value in own):
                texts.add(column)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
