"""SWEEP.toml: what it asks for, and all its mistakes at once."""

from __future__ import annotations

import pytest
from tiny_shop import tiny_shop

from hoursopt.batch.applying import applied, document_of
from hoursopt.batch.keys import known_keys, leaves, members_of, read_key
from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.reading import parse_sweep
from hoursopt.batch.sweep import Sweep
from hoursopt.errors import DataError
from hoursopt.i18n import Texts
from hoursopt.shop import Limits, Rule, Shop, Sources, StaffGroup, Supplement


def a_shop(**changes: object) -> Shop:
    return tiny_shop(
        staff=(
            StaffGroup("owner", 1, hourly_cost=12.0),
            StaffGroup("bar staff", 3, hourly_wage=14.5, supplements=True),
        ),
        supplements=(Supplement("Sunday", (6,), share=1.0),),
        rules=(Rule("home by five", "closed_after", (0, 1), at=17 * 60),),
        limits=Limits(max_staff=4),
        sources=Sources(receipts=("receipts.csv",)),
        **changes,
    )


def sweep_of(text: str, *shops: Shop) -> Sweep:
    return parse_sweep(text, "S.toml", members_of(map(document_of, shops or (a_shop(),))))


def faults(text: str) -> list[str]:
    with pytest.raises(DataError) as told:
        sweep_of(text)
    return [Texts("en").describe(one) for one in told.value.causes or (told.value,)]


def the(text: str) -> WhatIf:
    (one,) = sweep_of(text).whatifs()
    return one


def test_a_grid_is_every_value_with_every_other_in_the_order_of_the_file() -> None:
    sweep = sweep_of(
        "[sweep]\neconomics.margin_rate = [0.4, 0.5]\nstaff.'bar staff'.hourly_wage = [14, 15, 16]"
    )
    assert len(sweep) == 6
    shops = [applied(a_shop(), one) for one in sweep.whatifs()]
    assert [(shop.economics.margin_rate, shop.staff[1].hourly_wage) for shop in shops] == [
        (rate, wage) for rate in (0.4, 0.5) for wage in (14, 15, 16)
    ]
    assert sweep.whatif(4).name == "economics.margin_rate=0.5, staff.bar staff.hourly_wage=15"


def test_each_scenario_meets_each_point_and_each_draw() -> None:
    sweep = sweep_of(
        "[sweep]\nlimits.patterns = [1, 7]\n[[scenario]]\nname = 'a'\n[[scenario]]\nname = 'b'\n"
        "scale.'staff.*.hourly_wage' = 1.08\n"
        "[draws]\ncount = 3\neconomics.margin_rate = { uniform = [0.4, 0.5] }"
    )
    names = [one.name for one in sweep.whatifs()]
    assert len(names) == len(sweep) == len(set(names)) == 12
    assert names[0] == "a; limits.patterns=1 #1"
    assert names[-1] == "b; limits.patterns=7 #3"
    assert [one.is_base for one in sweep.whatifs()] == [True] * 6 + [False] * 6


def test_draws_are_the_same_in_every_scenario_and_change_with_the_seed() -> None:
    text = "[draws]\ncount = 50\nseed = {}\neconomics.margin_rate = {{ normal = [0.4, 0.5] }}"

    def rates(seed: int, more: str = "") -> list[float]:
        sweep = sweep_of(text.format(seed) + more)
        return [applied(a_shop(), one).economics.margin_rate for one in sweep.whatifs()]

    assert rates(1) == rates(1) != rates(2)
    assert rates(1) == rates(1, "\neconomics.vat_rate = { choice = [0.1, 0.2] }")
    within = sum(0.4 <= rate <= 0.5 for rate in rates(1)) / 50
    assert 0.65 < within < 0.95


def test_a_scenario_sets_scales_adds_drops_and_fixes() -> None:
    one = the(
        """
        [[scenario]]
        name = "all of it"
        set = { "economics.vat_rate" = 0.1, limits = { patterns = 2 } }
        scale = { "staff.*.hourly_wage" = 1.08 }
        add = { rule = [{ name = "by six", kind = "closed_after", days = "Mo-Su", at = "18:00" }] }
        drop = ["supplement.Sunday", "rule.home by five"]
        demand = [{ channel = "walk_in", factor = 2, days = "Mo,Tu", from = "10:00", to = "12:00" }]
        fixed_hours = "Mo-Fr 09:00-17:00"
        """
    )
    shop = applied(a_shop(), one)
    assert (shop.economics.vat_rate, shop.limits.patterns) == (0.1, 2)
    assert shop.staff[1].hourly_wage == 15.66
    assert shop.staff[0].hourly_cost == 12.0
    assert [rule.name for rule in shop.rules] == ["by six"]
    assert shop.supplements == ()
    assert str(one.fixed_hours) == "Mo-Fr 09:00-17:00"
    assert one.demand[0].column == "demand.walk_in[Mo,Tu 10:00-12:00]"


def test_max_staff_that_the_file_leaves_open_follows_the_people() -> None:
    one = the('[[scenario]]\nname = "few"\nset = { "staff.bar staff.people" = 1 }')
    assert applied(a_shop(), one).limits.max_staff == 2


def test_all_mistakes_are_told_at_once_by_file_and_key_with_the_nearest_one() -> None:
    told = faults(
        """
        [sweep]
        economics.margn_rate = [0.4]
        economics.vat_rate = []
        economics.margin_rate = [3]
        staff.barstaff.hourly_wage = [15]
        hours.hours = ["Mo-Fr 10:00-12:00"]
        demand.walkin = [1]
        fixed_hours = ["whenever"]
        [[scenario]]
        name = "a"
        drop = ["supplement.Sundy", "staf.owner"]
        sets = {}
        add = { rule = [{ name = "x", kind = "closed_at", days = "Mo" }] }
        [[scenario]]
        name = "a"
        demand = [{ channel = "online", factor = 2, from = "10:00" }]
        [draws]
        count = 0
        economics.open_hour_cost = { normal = [2, 1] }
        """
    )
    assert len(told) == 15
    text = "\n".join(told)
    assert all(one.startswith("S.toml, ") for one in told)
    for word in (
        "sweep.economics.margn_rate", "economics.margin_rate", "bar staff", "Sunday",
        "fixed_hours", "scenario[2].name",
        "draws.count", "closed_after",
    ):  # fmt: skip
        assert word in text


@pytest.mark.parametrize(
    "text", ["", "[sweep]", "[draws]\ncount = 3", "[sweep]\neconomics.vat_rate = []"]
)
def test_an_empty_grid_is_refused(text: str) -> None:
    assert faults(text)


def test_a_key_set_in_two_places_is_refused() -> None:
    (told,) = faults(
        "[sweep]\neconomics.vat_rate = [0.1]\n[[scenario]]\nname = 'a'\n"
        "set = { 'economics.vat_rate' = 0.2 }"
    )
    assert "economics.vat_rate" in told


def test_a_syntax_error_names_line_and_column() -> None:
    (told,) = faults("[sweep]\neconomics.vat_rate = [0.1\nx = 2")
    assert "line 2" in told


def test_ten_million_runs_are_counted_without_being_made() -> None:
    sweep = sweep_of("[draws]\ncount = 10000000\neconomics.margin_rate = { uniform = [0.4, 0.5] }")
    assert len(sweep) == 10_000_000
    assert sweep.whatif(9_999_999).draw == 10_000_000


def test_every_known_key_can_be_read_and_found_again() -> None:
    document = document_of(a_shop())
    keys = list(known_keys(members_of([document])))
    assert len(keys) > 100
    for key in keys:
        assert str(read_key(key, keys)) == key
    given = {"staff": {"bar staff": {"hourly_wage": 1}}, "exceptions": {"hours": {"d": "x"}}}
    assert dict(leaves(given)) == {
        "staff.bar staff.hourly_wage": 1,
        "exceptions.hours": {"d": "x"},
    }
