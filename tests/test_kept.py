"""What was worked out once is found again, bit for bit, as long as nothing of it has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_shop import closed_after_one, tiny_shop, write_tiny_shop

from hoursopt import kept
from hoursopt.demand import DemandModel
from hoursopt.demand.model import Diagnostic
from hoursopt.flow import Loaded, load
from hoursopt.hours import PartOfWeek, parse_hours
from hoursopt.kept import Portrait
from hoursopt.store.nouns import pack_noun, unpack_noun


@dataclass(frozen=True)
class Other:
    """A noun of other fields."""

    key: str
    worth: float


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load(write_tiny_shop(tmp_path_factory.mktemp("kept") / "shop", days=28))


@pytest.fixture(scope="module")
def model(loaded: Loaded) -> DemandModel:
    return kept.model_of(loaded.shop, loaded.observations, "files")


def test_a_kept_fit_draws_the_same_numbers(loaded: Loaded, model: DemandModel) -> None:
    found = kept.kept_model(loaded.shop, "files")
    assert found is not None
    again, first = (fit.draws("year", 20, 3) for fit in (found, model))
    assert np.array_equal(again.walk_in, first.walk_in)
    assert np.array_equal(again.diversion.recaptured, first.diversion.recaptured)
    assert found.diagnostics == model.diagnostics
    assert Portrait.of(found).occasions == Portrait.of(model).occasions != ()


def test_money_and_rules_need_no_new_fit_but_a_new_plan(loaded: Loaded) -> None:
    shop = loaded.shop
    other = shop.replace(
        rules=(closed_after_one(),), economics=replace(shop.economics, margin_rate=0.2)
    )
    assert kept.kept_model(other, "files") is not None
    assert kept.key_of(other, "files") != kept.key_of(shop, "files")
    assert kept.kept_model(shop, "other files") is None
    assert kept.kept_model(shop.replace(hours=tiny_shop().hours[:0]), "files") is None


def test_bytes_of_another_form_are_no_answer(loaded: Loaded, model: DemandModel) -> None:
    assert unpack_noun(Other, pack_noun(Diagnostic("x", {}))) is None
    assert unpack_noun(Other, b"PK\x03\x04 cut short") is None
    path = next((loaded.shop.folder / ".hoursopt" / "nouns").iterdir())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert kept.kept_model(loaded.shop, "files") is None
    assert not path.exists()


@pytest.mark.parametrize(
    "value",
    [3, 0.5, "text", None, True, dt.date(2026, 3, 2), ("a", dt.date(2026, 3, 2)),
     PartOfWeek(parse_hours("Mo 18:00-20:00"))],
)  # fmt: skip
def test_what_a_diagnostic_tells_comes_back_as_it_was(value: Any) -> None:
    told = Diagnostic("demand.some", {"value": value})
    assert unpack_noun(Diagnostic, pack_noun(told)) == told


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError):
        pack_noun(Diagnostic("demand.some", {"value": object()}))


def test_a_folder_that_cannot_be_written_to_is_done_without(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    kept.keep(file, "key", Other("a", 1.0))
    assert kept.load(file, "key", Other) is None
