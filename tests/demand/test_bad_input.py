"""Whatever is put in, the curves are finite and the reader is told, or an error says what is wrong.

Through `fit_demand` and, where a file is the natural way in, through the folder of a shop.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from town import Town, make_town

from hoursopt.calendar import Season
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.errors import DataError
from hoursopt.flow import Loaded, load
from hoursopt.hours import Grid, OpeningHours, PartOfWeek, parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import Channel, Observations, State
from hoursopt.shop import HoursInForce, Shop

DAYS = 60
LANGUAGES = ("fi", "sv", "en")


def changed(town: Town, name: str, change: Callable[[Channel], Channel]) -> Observations:
    seen = town.observations
    return replace(seen, channels=dict(seen.channels) | {name: change(seen.channels[name])})


def counting(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Channel], Channel]:
    return lambda channel: replace(channel, counts=change(channel.counts))


def only(days: np.ndarray) -> Callable[[Channel], Channel]:
    return lambda channel: replace(
        channel,
        exposure=np.where(days[:, None], channel.exposure, 0.0),
        state=np.where(days[:, None], channel.state, State.UNKNOWN).astype(np.int8),
    )


def every_channel(town: Town, change: Callable[[Channel], Channel]) -> Observations:
    seen = town.observations
    return replace(seen, channels={name: change(one) for name, one in seen.channels.items()})


def told(model: DemandModel) -> dict[str, dict]:
    return {found.key.removeprefix("demand."): dict(found.values) for found in model.diagnostics}


def sound(observations: Observations, shop: Shop) -> DemandModel:
    """The model, once all that leaves it was found finite and every word of it was said."""
    with np.errstate(invalid="raise", divide="raise", over="raise"):
        model = fit_demand(observations, shop)
    for season in shop.seasons:
        curves = model.curves(season.name)
        draws = model.draws(season.name, 30, seed=1)
        for values in (
            *(getattr(curves.walk_in, part) for part in ("mean", "low", "high")),
            *(getattr(curves.online, part) for part in ("mean", "low", "high")),
            curves.basket,
            draws.walk_in,
            draws.online,
        ):
            assert np.isfinite(values).all()
            assert (values >= 0).all()
        assert (curves.walk_in.low <= curves.walk_in.high).all()
    assert all(np.isfinite(list(model.parameters.values())))
    for language in LANGUAGES:
        for found in model.diagnostics:
            sentence = Texts(language)(found.key, **dict(found.values))
            assert sentence and "{" not in sentence
    return model


def widest(model: DemandModel, season: str = "rest") -> float:
    band = model.curves(season).walk_in
    return float(np.log(band.high / band.low).max())


def error_of(observations: Observations, shop: Shop) -> DataError:
    with pytest.raises(DataError) as caught:
        fit_demand(observations, shop)
    for language in LANGUAGES:
        sentence = Texts(language).describe(caught.value)
        assert "{" not in sentence and not sentence.startswith("demand.")
    return caught.value


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(days=DAYS)


@pytest.fixture(scope="module")
def alone() -> Town:
    return make_town(days=DAYS, street=False, orders=False)


# What the shop itself counts


@pytest.mark.parametrize("kind", ["town", "alone"])
def test_nobody_at_all(kind: str, request: pytest.FixtureRequest) -> None:
    town = request.getfixturevalue(kind)
    nothing = changed(town, "receipts", counting(np.zeros_like))
    assert error_of(nothing, town.shop).key == "demand.nothing"


@pytest.mark.parametrize("kind", ["town", "alone"])
def test_the_same_count_in_every_hour(kind: str, request: pytest.FixtureRequest) -> None:
    town = request.getfixturevalue(kind)

    def five(channel: Channel) -> Channel:
        counts = np.where(channel.exposure > 0, 5.0, 0.0)
        return replace(channel, counts=counts, values=20 * counts)

    model = sound(changed(town, "receipts", five), town.shop)
    noon = town.shop.grid.index(12 * 60)
    assert model.curves("rest").walk_in.mean[:5, noon] == pytest.approx(5, rel=0.1)


def test_a_single_sale(alone: Town) -> None:
    def one(channel: Channel) -> Channel:
        counts = np.zeros_like(channel.counts)
        counts[22, 5] = 1.0  # a Tuesday
        return replace(channel, counts=counts, values=20 * counts)

    model = sound(changed(alone, "receipts", one), alone.shop)
    assert told(model)["few_customers"] == {"count": 1}
    assert model.curves("rest").walk_in.mean.max() < 0.5


@pytest.mark.parametrize("source", ["receipts", "orders", "street"])
def test_a_thousand_million_in_one_cell(town: Town, source: str) -> None:
    def slip(counts: np.ndarray) -> np.ndarray:
        counts = counts.copy()
        counts[17, 6] = 1e9
        return counts

    model = sound(changed(town, source, counting(slip)), town.shop)
    day = town.observations.dates[17]
    assert told(model)["outlier_days"] == {"source": source, "count": 1, "date": day}
    usual = sound(town.observations, town.shop).curves("rest").walk_in.mean
    assert np.abs(np.log(model.curves("rest").walk_in.mean / usual)).max() < 0.5


@pytest.mark.parametrize("value", [-3.0, np.nan, np.inf])
@pytest.mark.parametrize("source", ["receipts", "street"])
def test_a_count_that_is_none(town: Town, source: str, value: float) -> None:
    def wrong(counts: np.ndarray) -> np.ndarray:
        counts = counts.copy()
        counts[3, 5] = value
        return counts

    error = error_of(changed(town, source, counting(wrong)), town.shop)
    assert error.key == "demand.not_a_count"
    assert error.values["source"] == source
    assert error.values["date"] == town.observations.dates[3]
    assert error.values["time"] == "12:00"


def test_what_stands_in_unseen_slots_is_nobodys_business(town: Town) -> None:
    junk = every_channel(
        town, lambda one: replace(one, counts=np.where(one.exposure > 0, one.counts, np.nan))
    )
    model, plain = sound(junk, town.shop), sound(town.observations, town.shop)
    np.testing.assert_array_equal(
        model.curves("rest").walk_in.mean, plain.curves("rest").walk_in.mean
    )


# How long and how often it counts


@pytest.mark.parametrize("witnesses", [True, False])
@pytest.mark.parametrize(("days", "short"), [(1, 1), (5, 5), (10, 9), (13, 0), (14, 0), (20, 0)])
def test_a_short_history(days: int, short: int, witnesses: bool) -> None:
    """Two weeks of a shop that is shut on Sundays are twelve days of trade."""
    town = make_town(days=days, street=witnesses, orders=witnesses)
    words = told(sound(town.observations, town.shop))
    assert words.get("short_history", {"count": 0}) == {"count": short}


def test_thirteen_days_of_a_shop_open_daily_are_short_and_fourteen_are_not() -> None:
    for days, short in ((13, True), (14, False)):
        town = make_town("Mo-Su 10:00-17:00", days=days)
        assert ("short_history" in told(sound(town.observations, town.shop))) == short


def test_two_years_with_a_year_between() -> None:
    town = make_town(days=1092, street=False, orders=False)
    day = np.arange(1092)
    model = sound(every_channel(town, only((day < 364) | (day >= 728))), town.shop)
    whole = sound(town.observations, town.shop)
    for season in ("summer", "rest"):
        mask = model.curves(season).evidence == "open"
        apart = model.curves(season).walk_in.mean / whole.curves(season).walk_in.mean
        assert np.abs(np.log(apart[mask])).max() < 0.25
    assert model.parameters["days_open"] == pytest.approx(2 * 312, abs=4)


def test_a_season_without_a_day(town: Town) -> None:
    """Sixty days from New Year on: nobody has seen the summer."""
    model = sound(town.observations, town.shop)
    assert told(model)["season_unseen"] == {"season": "summer"}
    summer, rest = (model.curves(season).walk_in for season in ("summer", "rest"))
    noon = town.shop.grid.index(12 * 60)
    width = [float(np.log(band.high / band.low)[2, noon]) for band in (summer, rest)]
    assert width[0] > 1.5 * width[1]


def test_more_seasons_than_the_data_know() -> None:
    town = make_town(days=DAYS)
    months = [Season(f"month {m}", (m, 1), (m, 28 if m == 2 else 30)) for m in (1, 2, 3, 4)]
    seasons = (
        replace(months[0], last=(1, 31)),
        replace(months[1], last=(2, 29)),
        Season("later", (3, 1), (12, 31)),
    )
    model = sound(town.observations, town.shop.replace(seasons=seasons))
    assert told(model)["season_unseen"] == {"season": "later"}


# Which hours


@pytest.mark.parametrize("witnesses", [True, False])
@pytest.mark.parametrize(
    "hours", ["Mo 10:00-17:00", "We 12:00-13:00", "Mo-Su 07:00-08:00", "Mo-Su 21:00-22:00"]
)
def test_hours_of_very_few(hours: str, witnesses: bool) -> None:
    town = make_town(hours, days=120, street=witnesses, orders=witnesses)
    model = sound(town.observations, town.shop)
    assert ("unknown_hours" in told(model)) == (not witnesses)
    open_now = np.array([town.shop.grid.shares(day) for day in parse_hours(hours).days]) > 0
    assert set(model.curves("rest").evidence[open_now]) == {"open"}
    # Nothing may explode away from the little that was seen.
    seen = model.curves("rest").walk_in.mean[open_now].max()
    if not witnesses:
        assert model.curves("rest").walk_in.mean.max() < 3 * seen


@pytest.mark.parametrize("witnesses", [True, False])
def test_a_shop_that_never_shuts(witnesses: bool) -> None:
    town = make_town("Mo-Su 07:00-22:00", days=DAYS, street=witnesses, orders=witnesses)
    model = sound(town.observations, town.shop)
    words = told(model)
    assert set(model.curves("rest").evidence.ravel()) == {"open"}
    assert "unknown_hours" not in words
    assert witnesses or "no_witness" in words  # of the summer nobody has seen an hour


def test_a_shop_open_round_the_clock() -> None:
    grid = Grid(60, 0, 24 * 60)
    rng = np.random.default_rng(1)
    opened = np.ones((DAYS, 24))
    seen, shop = bare(grid, opened, rng.poisson(3.0, opened.shape), "Mo-Su 00:00-24:00")
    words = told(sound(seen, shop))
    assert "no_witness" not in words and "unknown_hours" not in words


def test_quarters_of_an_hour_say_what_hours_say() -> None:
    totals = []
    for minutes in (15, 60):
        town = make_town(days=DAYS, slot_minutes=minutes, seed=4)
        model = sound(town.observations, town.shop)
        totals.append(model.curves("rest").walk_in.mean[:6].sum())
    assert totals[0] == pytest.approx(totals[1], rel=0.15)


def test_trade_past_midnight() -> None:
    grid = Grid(60, 6 * 60, 30 * 60)
    clock = np.array([grid.start(slot) / 60 for slot in range(grid.size)])
    opened = np.tile(((clock >= 18) & (clock < 28)).astype(float), (DAYS, 1))
    rate = 2 + 6 * np.exp(-(((clock - 24) / 2) ** 2))
    rng = np.random.default_rng(2)
    seen, shop = bare(grid, opened, rng.poisson(rate * opened), "Mo-Su 18:00-28:00")
    model = sound(seen, shop)
    mean = model.curves("all").walk_in.mean
    assert mean[:, 18].mean() == pytest.approx(rate[18], rel=0.2)  # midnight, the best hour
    assert (mean[:, 4:6] < 0.7 * rate[18]).all()
    unknown = told(model)["unknown_hours"]["hours"]
    assert isinstance(unknown, PartOfWeek)
    assert "18" not in str(unknown.hours)


def bare(
    grid: Grid, opened: np.ndarray, counts: np.ndarray, hours: str
) -> tuple[Observations, Shop]:
    """A till and nothing else."""
    town = make_town(days=3, street=False, orders=False)
    first = dt.date(2024, 1, 1)
    dates = tuple(first + dt.timedelta(days=day) for day in range(len(opened)))
    counts = counts * opened
    state = np.where(opened > 0, State.OPEN, State.CLOSED).astype(np.int8)
    channel = Channel(counts, counts * 9.0, opened, state, np.zeros(len(opened)))
    week = HoursInForce(OpeningHours(parse_hours(hours).days))
    shop = town.shop.replace(grid=grid, hours=(week,), seasons=(Season("all", (1, 1), (12, 31)),))
    return Observations(grid, dates, opened, {"receipts": channel}), shop


# What the witnesses count


def test_a_witness_that_counts_nobody_or_always_the_same(town: Town) -> None:
    alone = make_town(days=DAYS, street=False)
    without = sound(alone.observations, alone.shop)
    for change, key in ((np.zeros_like, "silent"), (lambda c: np.full_like(c, 40.0), "flat")):
        model = sound(changed(town, "street", counting(change)), town.shop)
        assert told(model)[f"witness_{key}"] == {"source": "street"}
        assert "witness_street_near" not in told(model)
        assert widest(model) == pytest.approx(widest(without), rel=0.3)


def test_a_quiet_witness_is_not_taken_for_a_dead_one(town: Town) -> None:
    rng = np.random.default_rng(3)
    quiet = counting(lambda counts: rng.poisson(0.05, counts.shape).astype(float))
    words = told(sound(changed(town, "street", quiet), town.shop))
    assert "witness_street_near" in words


def test_a_witness_that_never_saw_the_shop_open(town: Town) -> None:
    opened = town.observations.opened

    def apart(channel: Channel) -> Channel:
        return replace(channel, exposure=np.where(opened > 0, 0.0, channel.exposure))

    model = sound(changed(town, "street", apart), town.shop)
    assert told(model)["witness_apart"] == {"source": "street"}


def test_a_witness_that_is_blind_while_the_shop_is_shut() -> None:
    """It is none: closed hours fade as without it, and do not explode."""
    town = make_town(days=DAYS, orders=False)
    opened = town.observations.opened

    def blind(channel: Channel) -> Channel:
        return replace(channel, exposure=np.where(opened > 0, channel.exposure, 0.0))

    model = sound(changed(town, "street", blind), town.shop)
    words = told(model)
    assert words["witness_blind"] == {"source": "street"}
    assert "no_witness" in words and "unknown_hours" in words
    mean = model.curves("rest").walk_in.mean[2]
    assert mean[-1] < mean[town.shop.grid.index(17 * 60)]


def test_a_witness_of_some_closed_hours_leaves_the_others_to_fade() -> None:
    town = make_town(days=DAYS, orders=False)
    grid = town.shop.grid
    counted = np.zeros(grid.size)
    counted[grid.index(9 * 60) : grid.index(18 * 60)] = 1.0

    def office_hours(channel: Channel) -> Channel:
        return replace(channel, exposure=channel.exposure * counted)

    model = sound(changed(town, "street", office_hours), town.shop)
    curves = model.curves("rest")
    evening = grid.index(17 * 60)
    assert curves.evidence[2, evening] == "witness"
    assert set(curves.evidence[2, grid.index(20 * 60) :]) == {"none"}
    assert curves.walk_in.mean[2, -1] < 1.1 * curves.walk_in.mean[2, evening]
    assert curves.walk_in.high[2].max() < 3 * curves.walk_in.mean[2].max()


@pytest.mark.parametrize("hours", [3, 10])
@pytest.mark.parametrize("source", ["orders", "street"])
def test_a_witness_in_another_time_zone_does_not_break_the_fit(
    town: Town, source: str, hours: int
) -> None:
    late = counting(lambda counts: np.roll(counts.ravel(), hours).reshape(counts.shape))
    model = sound(changed(town, source, late), town.shop)
    usual = sound(town.observations, town.shop)
    open_slots = usual.curves("rest").evidence == "open"
    apart = model.curves("rest").walk_in.mean / usual.curves("rest").walk_in.mean
    assert np.abs(np.log(apart[open_slots])).max() < 0.3  # the till stands for its own hours


# What cannot be known is said in words


@pytest.mark.parametrize(
    ("language", "day", "trial"),
    [("fi", "su", "koe"), ("sv", "sön", "prov"), ("en", "Sun", "open")],
)
def test_unknown_hours_are_named_with_the_trial_that_tells(
    alone: Town, language: str, day: str, trial: str
) -> None:
    model = sound(alone.observations, alone.shop)
    (found,) = [one for one in model.diagnostics if one.key == "demand.unknown_hours"]
    part = found.values["hours"]
    nothing = (model.evidence == "none").all(axis=0)
    for weekday in range(7):
        shares = np.array(alone.shop.grid.shares(part.hours[weekday])) > 0
        np.testing.assert_array_equal(shares, nothing[weekday])
    sentence = Texts(language)(found.key, **dict(found.values))
    assert f"{day} 7" in sentence or f"{day} 07:00" in sentence
    assert trial in sentence
    assert Texts(language)("common.closed") not in sentence


# Through files

SHOP = """
schema_version = 1
[shop]
name = "Corner"
country = "FI"
timezone = "Europe/Helsinki"
currency = "EUR"
language = "en"
[grid]
slot_minutes = 60
earliest = "07:00"
latest = "{latest}"
[[hours]]
hours = "{hours}"
[sources]
{sources}
[economics]
margin_rate = 0.45
[[staff]]
name = "owner"
people = 1
hourly_cost = 12.0
"""


def folder(
    path: Path,
    tables: dict[str, list[str]],
    hours: str = "Mo-Sa 10:00-17:00",
    latest: str = "22:00",
) -> Path:
    sources = "\n".join(f'{name} = "{name}.csv"' for name in tables)
    text = SHOP.format(hours=hours, sources=sources, latest=latest)
    (path / "shop.toml").write_text(text, encoding="utf-8")
    for name, lines in tables.items():
        (path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def receipts(days: int, hours: range = range(10, 17), each: int = 4, skip: range = range(0)):
    """Lines of a till: `each` receipts an hour, a fifth of them missing by chance."""
    rng = np.random.default_rng(days)
    lines, number = ["time,receipt,amount"], 0
    for day in range(days):
        date = dt.date(2025, 3, 3) + dt.timedelta(days=day)
        if day in skip or date.weekday() == 6:
            continue
        for hour in hours:
            for _ in range(rng.binomial(each, 0.8)):
                number += 1
                moment = dt.datetime.combine(date, dt.time()) + dt.timedelta(
                    minutes=60 * hour + int(rng.integers(60))
                )
                lines.append(f"{moment:%Y-%m-%d %H:%M},{number},{rng.uniform(5, 30):.2f}")
    return lines


def door(days: int, each: float = 14.0, wild: float | None = None) -> list[str]:
    rng = np.random.default_rng(days + 1)
    lines = ["time,count"]
    for day in range(days):
        date = dt.date(2025, 3, 3) + dt.timedelta(days=day)
        for hour in range(7, 22):
            inside = 10 <= hour < 17 and date.weekday() < 6
            count = rng.poisson(each) if inside else 0
            if wild is not None and (day, hour) == (30, 12):
                count = wild
            lines.append(f"{date} {hour:02d}:00,{count:.0f}")
    return lines


def fitted(loaded: Loaded) -> DemandModel:
    return sound(loaded.observations, loaded.shop)


def test_files_of_one_day_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(folder(tmp_path, {"receipts": receipts(1)}))
    assert caught.value.key in ("import.one_day", "observe.few_days")


def test_files_of_five_days_are_a_first_look(tmp_path: Path) -> None:
    model = fitted(load(folder(tmp_path, {"receipts": receipts(5)})))
    assert told(model)["short_history"] == {"count": 5}


def test_files_of_two_weeks_are_a_model(tmp_path: Path) -> None:
    model = fitted(load(folder(tmp_path, {"receipts": receipts(13)})))
    assert "short_history" not in told(model)


def test_files_of_two_years_with_one_lost_between(tmp_path: Path) -> None:
    lines = receipts(3 * 364, skip=range(364, 728))
    loaded = load(folder(tmp_path, {"receipts": lines}))
    model = fitted(loaded)
    lost = loaded.observations.channels["receipts"].state[364:728] == State.UNKNOWN
    assert lost.any(axis=1).sum() > 280  # unknown, and not a year without customers
    noon = loaded.shop.grid.index(12 * 60)
    assert model.curves(loaded.shop.seasons[0].name).walk_in.mean[2, noon] > 2.5


def test_a_till_shorter_than_the_counter(tmp_path: Path) -> None:
    tables = {"receipts": receipts(112, skip=range(70)), "footfall": door(112)}
    loaded = load(folder(tmp_path, tables))
    model = fitted(loaded)
    words = told(model)["converted"]
    assert words["count"] == (loaded.observations.opened[:70] > 0).any(axis=1).sum() > 50
    assert model.parameters["conversion"] == pytest.approx(3.2 / 14, rel=0.1)


def test_a_counter_that_slips_once_makes_no_conversion_of_it(tmp_path: Path) -> None:
    tables = {"receipts": receipts(60), "footfall": door(60, wild=900_000)}
    model = fitted(load(folder(tmp_path, tables)))
    assert model.parameters["conversion"] == pytest.approx(3.2 / 14, rel=0.1)


def test_a_dead_counter_beside_a_till(tmp_path: Path) -> None:
    tables = {"receipts": receipts(60), "footfall": door(60, each=0.0)}
    model = fitted(load(folder(tmp_path, tables)))
    assert "conversion" not in model.parameters


@pytest.mark.parametrize("cell", ["-7", "1000000000"])
def test_a_count_that_cannot_be_is_told_with_its_row(tmp_path: Path, cell: str) -> None:
    lines = door(60)
    lines[45] = lines[45].rsplit(",", 1)[0] + f",{cell}"
    with pytest.raises(DataError) as caught:
        load(folder(tmp_path, {"receipts": receipts(60), "footfall": lines}))
    for language in LANGUAGES:
        sentence = Texts(language).describe(caught.value)
        assert "46" in sentence and cell in sentence and "footfall.csv" in sentence


def test_receipts_past_midnight(tmp_path: Path) -> None:
    lines = receipts(30, range(18, 26))
    loaded = load(folder(tmp_path, {"receipts": lines}, "Mo-Sa 18:00-26:00", "27:00"))
    model = fitted(loaded)
    late = loaded.shop.grid.index(25 * 60)
    assert model.curves(loaded.shop.seasons[0].name).evidence[4, late] == "open"
    assert model.curves(loaded.shop.seasons[0].name).walk_in.mean[4, late] > 1.5


def test_files_without_a_customer_in_the_hours(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(folder(tmp_path, {"receipts": receipts(20)}, "Mo-Sa 18:00-21:00"))
    assert caught.value.key == "observe.never_open"
