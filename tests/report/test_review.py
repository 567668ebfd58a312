"""A review tells what the change did from what else changed, on shops whose truth is known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from tiny_shop import write_tiny_shop

from hoursopt.cli import main
from hoursopt.demand import fit_demand
from hoursopt.errors import DataError
from hoursopt.flow import Loaded
from hoursopt.hours import OpeningHours, Span
from hoursopt.importers import Imported
from hoursopt.observations import observe
from hoursopt.plan import Options
from hoursopt.report import choose_plan, make_plan, render, review_report
from hoursopt.report.expected import unpack_expected
from hoursopt.report.reading import spans_of
from hoursopt.report.review.choosing import changed_sources
from hoursopt.report.review.comparison import Comparison, compare
from hoursopt.report.review.outcome import OTHER, PLAN, TODAY, Outcome, outcome_of
from hoursopt.report.review.subject import chance_between
from hoursopt.shop import LANGUAGES, Rule, Shop
from hoursopt.simulate import SimulatedShop, simulate
from hoursopt.simulate.future import continued
from hoursopt.store import KeptPlan

sys.path.insert(0, str(Path(__file__).parent))
from reading import Page, read_back

SEED = 2
WEEKS = 13
QUICK = Options(explain=False, draws=60, fresh=100)


@dataclass(frozen=True)
class After:
    """A shop that went on, and the truth of the time since."""

    loaded: Loaded
    truth: dict[str, Any]
    outcome: Outcome
    compared: Comparison


@pytest.fixture(scope="module")
def simulated() -> SimulatedShop:
    return simulate("lunch-cafe", SEED)


@pytest.fixture(scope="module")
def kept(simulated: SimulatedShop) -> KeptPlan:
    loaded = loaded_of(simulated.shop, simulated.tables)
    return make_plan(loaded, QUICK)[1]


def loaded_of(shop: Shop, tables: Mapping[str, pd.DataFrame]) -> Loaded:
    return Loaded(shop, Imported(dict(tables), ()), observe(shop, tables))


def best_of(kept: KeptPlan) -> OpeningHours:
    (season,) = kept.plan["seasons"]
    return OpeningHours(tuple(spans_of(day["hours"]) for day in season["days"]))


def gone_on(
    simulated: SimulatedShop, kept: KeptPlan, growth: float = 1.0, days: int = 7 * WEEKS
) -> After:
    """The shop under the plan's hours from the day after its data."""
    until = simulated.town.last + dt.timedelta(days=days)
    best = best_of(kept)
    shop, tables, truth = continued(
        simulated.town, simulated.shop, simulated.tables, best, until, SEED, growth
    )
    loaded = loaded_of(shop, tables)
    chosen = choose_plan([kept], loaded)
    outcome = outcome_of(chosen, loaded)
    return After(loaded, truth, outcome, compare(outcome, kept.basis["flows"]["year"]))


@pytest.fixture(scope="module")
def quiet(simulated: SimulatedShop, kept: KeptPlan) -> After:
    return gone_on(simulated, kept)


@pytest.fixture(scope="module")
def grown(simulated: SimulatedShop, kept: KeptPlan) -> After:
    """The same change while a third more people come to town."""
    return gone_on(simulated, kept, growth=1.3)


def true_gain(after: After, simulated: SimulatedShop) -> float:
    """Money a week that the change truly brings, by the customers of both hours."""
    customers = [
        after.truth[name]["own"] + after.truth[name]["moved"] for name in ("after", "before")
    ]
    (basket,) = {kind.basket for kind in simulated.town.visitors[:1]}
    outcome = after.outcome
    cost = outcome.pay_expected + outcome.opening
    days = outcome.way == PLAN
    dearer = float((cost[PLAN] - cost[TODAY])[days].sum())
    weeks = len(outcome.dates) / 7
    return (outcome.margin * basket * (customers[0] - customers[1]) - dearer) / weeks


@pytest.mark.parametrize("name", ["quiet", "grown"])
def test_the_true_gain_lies_within_the_range(
    name: str, simulated: SimulatedShop, request: pytest.FixtureRequest
) -> None:
    after: After = request.getfixturevalue(name)
    gain = after.compared.gain
    assert gain is not None
    assert gain.low < true_gain(after, simulated) < gain.high


def test_more_people_in_town_are_not_taken_for_the_effect_of_the_hours(
    simulated: SimulatedShop, quiet: After, grown: After
) -> None:
    levels = [after.compared.level for after in (quiet, grown)]
    assert levels[0] and levels[1]
    assert levels[1].mean / levels[0].mean == pytest.approx(1.3, abs=0.05)
    assert grown.compared.gain is not None
    assert grown.compared.naive > true_gain(grown, simulated) + 5000
    assert grown.compared.naive > grown.compared.gain.high


def test_without_a_change_of_level_the_ranges_of_single_weeks_hold(
    quiet: After, grown: After
) -> None:
    held = [
        sum(
            low <= after.outcome.customers[:, within].sum() <= high
            for _, within in after.outcome.weeks
            for low, high in [
                np.quantile(
                    after.outcome.expected_customers[:, :, within].sum(axis=(0, 2)), (0.1, 0.9)
                )
            ]
        )
        for after in (quiet, grown)
    ]
    weeks = len(quiet.outcome.weeks)
    assert chance_between(weeks)[0] <= held[0] <= weeks
    assert held[1] < chance_between(weeks)[0]


def test_expectations_are_of_single_days_and_add_up(kept: KeptPlan) -> None:
    assert kept.expected is not None
    expected = unpack_expected(kept.expected)
    days = expected.customers.sum(axis=1)
    assert expected.customers.shape[:2] == (2, 3) and (expected.customers[:, 2].sum() > 0)
    for way in (TODAY, PLAN):
        open_days = expected.opened[way].any(axis=1)
        assert (days[way][:, ~open_days] == 0).all()
        busy = days[way][:, open_days]
        # A single day has chance in it on top of what is not known of its mean.
        assert (busy.var(axis=0) > busy.mean(axis=0)).mean() > 0.95
    np.testing.assert_array_equal(days[TODAY] >= expected.customers[TODAY, 0], True)


def test_days_with_other_hours_are_judged_on_neither_side(
    simulated: SimulatedShop, quiet: After, kept: KeptPlan
) -> None:
    outcome = quiet.outcome
    assert set(outcome.way.tolist()) <= {OTHER, PLAN}
    assert sum(int(within.sum()) for _, within in outcome.weeks) == outcome.judged
    closed = dataclasses.replace(
        simulated.shop.exceptions,
        closed=(*simulated.shop.exceptions.closed, *outcome.dates[20:25]),
    )
    shop = quiet.loaded.shop.replace(exceptions=closed)
    tables = quiet.loaded.imported.tables
    again = outcome_of(choose_plan([kept], loaded_of(shop, tables)), loaded_of(shop, tables))
    weekdays = [date.weekday() < 5 for date in outcome.dates[20:25]]
    assert (again.way[20:25][weekdays] == OTHER).all()
    assert again.customers[:, 30:].sum() == outcome.customers[:, 30:].sum()


def test_hours_that_were_never_lived_get_no_verdict(
    simulated: SimulatedShop, kept: KeptPlan
) -> None:
    until = simulated.town.last + dt.timedelta(days=35)
    town, shop = simulated.town, simulated.shop
    same, tables, _ = continued(town, shop, simulated.tables, shop.today, until, SEED)
    loaded = loaded_of(same, tables)
    chosen = choose_plan([kept], loaded)
    outcome = outcome_of(chosen, loaded)
    compared = compare(outcome, kept.basis["flows"]["year"])
    mondays = [date.weekday() == 2 for date in outcome.dates]
    changed = best_of(kept)[2] != shop.today[2]
    assert changed and (outcome.way[mondays] != PLAN).all()
    assert all(one.openings == 0 for one in compared.stretches if 2 in one.weekdays)


def test_each_new_stretch_counts_its_own_openings(simulated: SimulatedShop) -> None:
    late = Rule("late lunch", "open", (1, 3), span=Span(14 * 60 + 30, 15 * 60))
    shop = simulated.shop.replace(rules=(*simulated.shop.rules, late))
    wanted = dataclasses.replace(simulated, shop=shop)
    longer = gone_on(wanted, make_plan(loaded_of(shop, simulated.tables), QUICK)[1])
    stretches = [one for one in longer.compared.stretches if one.added]
    assert stretches
    grid = longer.loaded.shop.grid
    for one in stretches:
        days = [
            number
            for number, date in enumerate(longer.outcome.dates)
            if date.weekday() in one.weekdays and longer.outcome.way[number] == PLAN
        ]
        first, last = grid.index(one.span.start), grid.index(one.span.end)
        counts = longer.outcome.slots[days, first:last].sum(axis=1)
        opened = longer.outcome.opened[PLAN, days, first]
        assert one.openings == opened.sum()
        assert one.customers == pytest.approx(counts[opened].mean())


def test_rows_that_changed_since_the_plan_are_told(quiet: After, kept: KeptPlan) -> None:
    assert changed_sources(kept, quiet.loaded) == ()
    tables = dict(quiet.loaded.imported.tables)
    tables["receipts"] = tables["receipts"].drop(index=[5, 9]).reset_index(drop=True)
    loaded = dataclasses.replace(quiet.loaded, imported=Imported(tables, ()))
    (changed,) = changed_sources(kept, loaded)
    assert changed.source == "receipts" and changed.rows[0] - changed.rows[1] == 2
    report = review_report(
        choose_plan([kept], loaded), loaded, fit_demand(loaded.observations, loaded.shop), "en"
    )
    assert "have changed since" in Page(render(report, ".html").decode()).text


def test_the_last_plan_kept_before_the_season_is_the_one_reviewed(
    quiet: After, kept: KeptPlan
) -> None:
    first = dt.datetime.fromisoformat(kept.plan["seasons"][0]["from"]).replace(tzinfo=dt.UTC)
    day = dt.timedelta(days=1)
    early, late, after = (
        dataclasses.replace(kept, at=first + step) for step in (-9 * day, -2 * day, 30 * day)
    )
    assert choose_plan([early, late, after], quiet.loaded).kept is late
    assert choose_plan([early, late, after], quiet.loaded).in_time
    only_after = choose_plan([after, dataclasses.replace(kept, at=first + 40 * day)], quiet.loaded)
    assert only_after.kept is after and not only_after.in_time


def test_no_plan_and_no_week_are_told(
    simulated: SimulatedShop, quiet: After, kept: KeptPlan
) -> None:
    old = dataclasses.replace(kept, basis=None, inputs=None, expected=None)
    for plans in ([], [old]):
        with pytest.raises(DataError, match=r"review\.no_kept"):
            choose_plan(plans, quiet.loaded)
    with pytest.raises(DataError, match=r"report\.no_season"):
        choose_plan([kept], quiet.loaded, "Easter")
    with pytest.raises(DataError) as caught:
        gone_on(simulated, kept, days=6)
    assert caught.value.key == "review.too_early"


def test_the_command_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_tiny_shop(tmp_path / "tiny", days=21)
    out = str(tmp_path / "review.pdf")
    assert main(["report", str(folder), "--kind", "review", "--out", out]) == 1
    assert "hoursopt plan" in capsys.readouterr().err
    assert main(["plan", str(folder)]) == 0
    assert main(["report", str(folder), "--kind", "review", "--out", out]) == 1
    assert "A review needs a whole week" in capsys.readouterr().err
    assert not Path(out).exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_says_the_same_in_every_form(language: str, quiet: After, kept: KeptPlan) -> None:
    model = fit_demand(quiet.loaded.observations, quiet.loaded.shop)
    report = review_report(choose_plan([kept], quiet.loaded), quiet.loaded, model, language)
    assert read_back(report) > 150


def test_what_chance_does_is_the_binomial_distribution() -> None:
    for weeks in (1, 4, 13, 30):
        low, high = chance_between(weeks)
        assert low == binom.ppf(0.05, weeks, 0.8) and high == binom.ppf(0.95, weeks, 0.8)


def test_a_shop_that_goes_on_keeps_its_rows(simulated: SimulatedShop, quiet: After) -> None:
    before, after = simulated.tables["receipts"], quiet.loaded.imported.tables["receipts"]
    pd.testing.assert_frame_equal(after.iloc[: len(before)].reset_index(drop=True), before)
    assert after["time"].iloc[len(before)].date() > simulated.town.last
    assert after["time"].is_monotonic_increasing
