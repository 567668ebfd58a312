"""Seasons by what they change in the plan: towns with a known truth, and the search by itself."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from tiny_shop import write_tiny_shop

from hoursopt.calendar import WHOLE_YEAR, Season, check_seasons
from hoursopt.cli import main
from hoursopt.contract import Json
from hoursopt.demand import fit_demand
from hoursopt.hours import Grid, Span, parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import Channel, Observations, State
from hoursopt.seasons import SeasonProposal, decide, propose_seasons, seasons_of
from hoursopt.seasons.judge import Judged, for_seasons
from hoursopt.seasons.machine import seasons_json
from hoursopt.seasons.parts import Part, blend, cuts_of, find_parts, rules_within, stretch
from hoursopt.seasons.search import Table, best_cuts
from hoursopt.shop import (
    Diversion,
    Economics,
    Event,
    Horizon,
    HoursInForce,
    Limits,
    Range,
    Rule,
    Service,
    Shop,
    Sources,
    StaffGroup,
)
from hoursopt.tables import seasons_text

GRID = Grid(60, 9 * 60, 21 * 60)
SUMMER = Season("summer", (6, 1), (8, 31))
REST = Season("rest", (9, 1), (5, 31))
BUSY_HALF = ((4, 16), (10, 15))
DAY = np.array([1.0, 6, 6, 6, 6, 6, 6, 2.2, 2.2, 2.2, 2.2, 0.3])
"""Customers an hour from 9 on; an hour must have 3 to pay."""
EVENING = np.array([1.0] * 7 + [2.2] * 4 + [1.0])
NOON = np.array([0.2, 6, 6, 6, 6, 6, 0.3, 0.2, 0.2, 0.2, 0.2, 0.1])


def a_shop(**changes: object) -> Shop:
    shop = Shop(
        name="Kiosk",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=GRID,
        hours=(HoursInForce(parse_hours("Mo-Su 09:00-21:00")),),
        economics=Economics(margin_rate=0.5, prices_include_vat=False, open_hour_cost=5.0),
        staff=(StaffGroup("owner", 1, hourly_cost=25.0, shift_hours=(0, 12)),),
        service=Service(1.0, 10.0),
        sources=Sources(receipts=("receipts.csv",)),
        diversion=Diversion(Range(0.1, 0.1), Range(1.0, 1.0), Range(0.0, 0.0), Range(0.0, 0.0)),
        limits=Limits(min_staff=1, max_staff=1),
    )
    return shop.replace(**changes)


def a_town(
    shop: Shop, quiet: np.ndarray, busy: np.ndarray, days: int = 730, seed: int = 3
) -> Observations:
    """Receipts of a shop open all hours; `busy` (H,) customers from mid-April to mid-October."""
    rng = np.random.default_rng(seed)
    dates = tuple(dt.date(2024, 1, 1) + dt.timedelta(days=day) for day in range(days))
    half = Season("", *BUSY_HALF)
    mean = np.array([busy if half.holds(date) else quiet for date in dates])
    mean = mean * np.exp(0.1 * rng.standard_normal((days, 1)))
    seen = rng.poisson(mean).astype(float)
    opened = np.ones_like(seen)
    state = np.full(seen.shape, State.OPEN, dtype=np.int8)
    channel = Channel(seen, 20.0 * seen, opened, state, np.zeros(days))
    return Observations(shop.grid, dates, opened, {"receipts": channel})


def proposed(shop: Shop, observations: Observations) -> SeasonProposal:
    return propose_seasons(shop, observations, fit_demand(observations, shop))


def days_between(one: tuple[int, int], other: tuple[int, int]) -> int:
    apart = abs((dt.date(2023, *one) - dt.date(2023, *other)).days)
    return min(apart, 365 - apart)


@pytest.fixture(scope="module")
def evening_town() -> tuple[Shop, SeasonProposal]:
    """Twice as busy in the evening for half the year, and only the evening."""
    shop = a_shop(horizon=Horizon(weeks=26))  # seasons are those of a year all the same
    return shop, proposed(shop, a_town(shop, DAY, DAY * EVENING))


def test_a_busy_half_year_in_the_evening_is_cut_near_the_truth(
    evening_town: tuple[Shop, SeasonProposal],
) -> None:
    _, proposal = evening_town
    assert proposal.advice == "split"
    found = proposal.found
    assert found is not None and found.count == 2
    busy = min(found.seasons, key=lambda season: days_between(season.first, BUSY_HALF[0]))
    assert days_between(busy.first, BUSY_HALF[0]) <= 16
    assert days_between(busy.last, BUSY_HALF[1]) <= 16
    ends = {
        season.name: spans[0].end
        for season, week in zip(found.seasons, found.hours, strict=True)
        for spans in week[:1]
    }
    (quiet,) = set(ends) - {busy.name}
    assert ends[busy.name] == 20 * 60 and ends[quiet] == 16 * 60


def test_its_worth_is_that_of_the_truth(evening_town: tuple[Shop, SeasonProposal]) -> None:
    """Four evening hours of 26 weeks: what they earn in the busy half, or lose in the other."""
    _, proposal = evening_town
    busy = float((DAY * EVENING)[7:11].sum()) * 0.97 * 10 - 4 * 30
    quiet = 4 * 30 - float(DAY[7:11].sum()) * 0.97 * 10
    truth = 7 * 26 * min(busy, quiet)
    assert proposal.found is not None
    assert proposal.found.earned.mean() == pytest.approx(truth, rel=0.25)
    assert (proposal.net(proposal.found) > 0).mean() > 0.95
    assert 0 < proposal.change < 0.1 * 7 * 12 * 6 * 10
    assert proposal.trouble == pytest.approx(8 * 25.0)


def test_the_blocks_can_be_pasted(evening_town: tuple[Shop, SeasonProposal]) -> None:
    shop, proposal = evening_town
    for language in ("fi", "sv", "en"):
        told = seasons_text(proposal, shop, Texts(language))
        assert "{" not in told and "seasons." not in told
        blocks = tomllib.loads(told[told.index("[[season]]\x20 #") :])["season"]
        seasons = [
            Season(
                block["name"], *(tuple(map(int, block[end].split("-"))) for end in ("from", "to"))
            )
            for block in blocks
        ]
        check_seasons(seasons)
        assert proposal.found is not None and tuple(seasons) == proposal.found.seasons


def test_the_machine_form_says_the_same(evening_town: tuple[Shop, SeasonProposal]) -> None:
    _, proposal = evening_town
    form: Json = json.loads(json.dumps(seasons_json(proposal), allow_nan=False))
    assert form["advice"] == "split" and form["present"] is None
    assert form["seasons"] == form["found"]["seasons"]
    assert sum(season["weeks"] for season in form["seasons"]) == pytest.approx(52)
    worth = form["found"]["worth_per_year"]
    assert worth["low"] < worth["mean"] < worth["high"] and worth["probability_better"] > 0.95
    assert form["one_season"]["hours"].startswith("Mo-Su")


def test_a_town_without_seasons_has_one() -> None:
    shop = a_shop()
    proposal = proposed(shop, a_town(shop, DAY, DAY))
    assert proposal.advice == "one" and proposal.advised is None
    few = shop.replace(limits=dataclasses.replace(shop.limits, season_changes=2))
    assert "season_changes" in seasons_text(proposal, few, Texts("en"))
    assert "season_changes" not in seasons_text(proposal, shop, Texts("en"))
    assert "One season is enough" in seasons_text(proposal, shop, Texts("en"))


def test_a_level_that_changes_no_hours_makes_no_season() -> None:
    """By fit the halves differ by far; by what it changes in the plan they are one."""
    shop = a_shop()
    town = a_town(shop, NOON, 1.6 * NOON)
    proposal = proposed(shop, town)
    halves = for_seasons(shop, (Season("busy", *BUSY_HALF), Season("quiet", (10, 16), (4, 15))))
    model = fit_demand(town, halves)
    busy, quiet = (model.curves(name).walk_in for name in ("busy", "quiet"))
    assert (busy.low[0, 1:6] > quiet.high[0, 1:6]).all()
    assert busy.mean[0, 1:6].sum() > 1.4 * quiet.mean[0, 1:6].sum()
    assert proposal.advice == "one"
    assert proposal.single[0] == (Span(10 * 60, 15 * 60),)


def test_seasons_of_the_owner_that_change_nothing_are_said_to_be_one() -> None:
    shop = a_shop(seasons=(SUMMER, REST))
    proposal = proposed(shop, a_town(shop, NOON, NOON))
    assert proposal.advice == "one" and proposal.present is not None
    assert "Your present seasons, summer | rest" in seasons_text(proposal, shop, Texts("en"))


@pytest.mark.parametrize("days", [21, 300])
def test_a_short_history_gives_no_proposal_and_says_why(days: int) -> None:
    shop = a_shop()
    town = a_town(shop, DAY, DAY * EVENING, days=days)
    proposal = proposed(shop, town)
    assert (proposal.advice, proposal.reason) == ("unknown", "short")
    last = dt.date(2024, 1, 1) + dt.timedelta(days=days - 1)
    assert proposal.unseen[-1] == 12 and last.month not in proposal.unseen
    assert "December" in seasons_text(proposal, shop, Texts("en"))


def test_the_command_adds_its_key_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_tiny_shop(tmp_path)
    assert main(["fit", str(folder), "--json", "-"]) == 0
    assert "seasons_proposed" not in json.loads(capsys.readouterr().out)
    assert main(["fit", str(folder), "--propose-seasons", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)["seasons_proposed"]
    assert (told["advice"], told["reason"], told["seasons"]) == ("unknown", "short", [])
    assert told["months_unseen"] == list(range(3, 13))
    assert main(["fit", str(folder), "--propose-seasons"]) == 0
    assert "Seasons cannot be found in these data" in capsys.readouterr().out


# The search, without a fit.


def some_parts(count: int = 8) -> tuple[Part, ...]:
    """Parts of equal length with nothing in them but their dates."""
    firsts = [(month, 1) for month in np.linspace(1, 12, count, dtype=int).tolist()]
    found = []
    for first in firsts:
        season = Season("", first, (first[0], 28))
        found.append(Part(season, 52 / count, None, None))  # type: ignore[arg-type]
    return tuple(found)


def test_every_way_to_cut_is_tried() -> None:
    """Against brute force over all ways to give eight parts one of four weeks of hours."""
    rng = np.random.default_rng(5)
    parts = some_parts()
    hours = tuple(parse_hours(f"Mo-Su 10:00-{end}:00").days for end in (16, 17, 18, 19))
    money = rng.normal(0, 100, (4, 8, 1)) + rng.normal(0, 100, (4, 1, 1))
    found = best_cuts(parts, Table(hours, money), change=7.0)
    best = {1: -np.inf, 2: -np.inf, 3: -np.inf}
    for given in itertools.product(range(4), repeat=8):
        changes = sum(given[part] != given[part - 1] for part in range(8))
        seasons = max(changes, 1)
        if seasons > 3 or (seasons == 3 and len(set(given)) < 3):
            continue
        worth = sum(float(money[row, part, 0]) for part, row in enumerate(given))
        best[seasons] = max(best[seasons], worth - 7.0 * changes)
    assert {n: float(cut.worth.mean()) for n, cut in found.items()} == pytest.approx(best)


def test_a_cut_may_run_over_new_year() -> None:
    parts = some_parts()
    hours = tuple(parse_hours(f"Mo-Su 10:00-{end}:00").days for end in (16, 19))
    money = np.zeros((2, 8, 2))
    money[0, [6, 7, 0, 1]] = money[1, 2:6] = 50.0
    cut = best_cuts(parts, Table(hours, money), change=1.0)[2]
    assert cut.starts == (2, 6) and cut.weeks == (hours[1], hours[0])
    assert cut.worth.tolist() == [398.0, 398.0]
    seasons = seasons_of(cut, parts, "en")
    check_seasons(seasons)
    assert seasons[1].first > seasons[1].last


def test_hours_that_are_best_all_year_make_no_cut() -> None:
    hours = tuple(parse_hours(f"Mo-Su 10:00-{end}:00").days for end in (16, 19))
    money = np.stack([np.full((8, 2), 10.0), np.linspace(11, 50, 8)[:, None].repeat(2, axis=1)])
    found = best_cuts(some_parts(), Table(hours, money), change=0.0)
    assert found.keys() == {1} and found[1].weeks == (hours[1],)


def test_a_part_that_forbids_hours_is_never_given_them() -> None:
    parts = some_parts()
    hours = tuple(parse_hours(f"Mo-Su 10:00-{end}:00").days for end in (16, 19))
    money = np.full((2, 8, 2), 10.0)
    money[1] = 20.0
    money[1, 0] = -np.inf
    found = best_cuts(parts, Table(hours, money), change=1.0)
    assert found[1].weeks == (hours[0],)
    assert found[2].starts == (0, 1) and found[2].weeks == hours


def judged(mean: float, count: int = 2, sd: float = 10.0, first: int = 4) -> Judged:
    noise = np.random.default_rng(count).standard_normal(400)
    earned = mean + sd * (noise - noise.mean())
    starts = [(first + 3 * number, 1) for number in range(count)]
    seasons = tuple(
        stretch(str(number), one, following)
        for number, (one, following) in enumerate(
            zip(starts, (*starts[1:], starts[0]), strict=True)
        )
    )
    weeks = tuple(parse_hours(f"Mo-Su 10:00-{16 + number}:00").days for number in range(count))
    return Judged(seasons, (52 / count,) * count, weeks, weeks[0], earned)


def advice(
    found: list[Judged], present: Judged | None = None, change: float = 20.0, trouble: float = 50.0
) -> str:
    start = SeasonProposal("one", present=present, change=change, trouble=trouble)
    return decide(start, found, 0.8).advice


def test_a_split_pays_for_its_changes_and_its_trouble() -> None:
    assert advice([judged(95.0)]) == "split"
    assert advice([judged(85.0)]) == "one"  # 45 after two changes
    assert advice([judged(95.0)], change=30.0) == "one"
    assert advice([judged(95.0)], trouble=60.0) == "one"
    assert advice([judged(95.0, sd=100.0)]) == "one"  # too unsure


def test_a_third_season_must_pay_by_itself() -> None:
    two = judged(200.0)
    start = SeasonProposal("one", change=20.0, trouble=50.0)
    third = decide(start, [two, judged(280.0, 3)], 0.8)
    assert third.found is not None and third.found.count == 3
    more = decide(start, [two, judged(260.0, 3)], 0.8)
    assert more.found is two


def test_the_owners_seasons_stay_unless_others_are_surely_better() -> None:
    present = judged(150.0, first=5)
    assert advice([judged(180.0)], present) == "keep"
    assert advice([judged(230.0)], present) == "split"
    assert advice([judged(230.0, sd=300.0)], present) != "split"
    assert advice([judged(60.0)], judged(60.0, first=5)) == "one"
    assert advice([], present) == "keep"
    assert advice([present], present) == "keep"
    fine = judged(160.0, 3, first=2)
    assert advice([judged(150.0)], fine) == "split"  # her third season does not pay


def test_rules_follow_their_dates() -> None:
    early = Rule("home early", "closed_after", (0, 1), at=17 * 60, season="rest")
    always = Rule("no Sundays", "closed", (6,))
    shop = a_shop(seasons=(SUMMER, REST), rules=(early, always))
    july, long = Season("july", (7, 1), (7, 31)), Season("long", (8, 1), (6, 30))
    bound = rules_within(shop, (july, long))
    assert bound == (dataclasses.replace(early, season="long"), always)
    assert for_seasons(shop, (WHOLE_YEAR,)).rules_of("year")[0].name == "home early"


def test_dates_that_are_all_unlike_others_weigh_nothing() -> None:
    fair = Event(
        "fair", tuple((dt.date(year, 1, 1), dt.date(year, 1, 15)) for year in range(2024, 2028))
    )
    shop = a_shop(events=(fair,))
    town = a_town(shop, DAY, DAY)
    first, second, *_ = find_parts(shop, town, fit_demand(town, shop), 5, 0)
    assert (first.weeks, first.season.last) == (0.0, (1, 15))
    assert second.weeks == pytest.approx(16 / 7)
    assert np.isfinite(blend([first, second]).walk_in).all()


def test_the_owners_cuts_are_among_those_tried() -> None:
    own = (Season("lace", (6, 10), (8, 20)), Season("rest", (8, 21), (6, 9)))
    cuts = cuts_of(a_shop(seasons=own))
    assert {(6, 10), (8, 21), (1, 1), (1, 16)} <= set(cuts) and len(cuts) == 26
    assert len(cuts_of(a_shop())) == 24


def test_parts_are_the_year_and_share_their_draws() -> None:
    shop = a_shop()
    town = a_town(shop, DAY, DAY * EVENING)
    parts = find_parts(shop, town, fit_demand(town, shop), count=20, seed=0)
    check_seasons([part.season for part in parts])
    assert sum(part.weeks for part in parts) == pytest.approx(52)
    assert sum(part.days for part in parts) == 365
    demand = np.array([part.scenario.walk_in.mean(axis=(0, 1)) for part in parts])
    busy, quiet = demand[7:19].mean(axis=0), np.delete(demand, range(7, 19), axis=0).mean(axis=0)
    assert busy[7:11].sum() / quiet[7:11].sum() == pytest.approx(2.2, rel=0.15)
    assert busy[1:7].sum() / quiet[1:7].sum() == pytest.approx(1.0, rel=0.1)
    # Two waves a year would smear the step over two months.
    before, after = demand[5:7].mean(axis=0), demand[7:9].mean(axis=0)
    assert after[7:11].sum() / before[7:11].sum() > 1.7
    # One draw of the parameters moves all parts alike.
    totals = np.array([part.scenario.walk_in.sum(axis=(1, 2)) for part in parts])
    assert np.corrcoef(totals)[0, 1] > 0.5
