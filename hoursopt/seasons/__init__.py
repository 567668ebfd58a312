"""Seasons proposed from the data, by what they change in the plan: the recipe.

Two curves may differ and yet ask for the same hours; then one season is enough. So a split of the
year is worth what the best week of each of its seasons earns more than the best hours for the whole
year, less what changing costs, and it must be likely enough to pay. A cheap search over all cuts
(`search`) finds a few ways; the real fit and the real program judge them (`judge`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import WHOLE_YEAR, Season
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.errors import RulesConflict
from hoursopt.evaluate import open_slots
from hoursopt.i18n import Texts
from hoursopt.observations import Observations
from hoursopt.plan import Options
from hoursopt.seasons.judge import Judged, for_seasons, judge_seasons
from hoursopt.seasons.parts import Part, Week, find_parts, stretch
from hoursopt.seasons.search import Cut, search_cuts
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Advice = Literal["split", "one", "keep", "unknown"]

DOORS = ("receipts", "footfall")
LEAST_DAYS_A_MONTH = 8
CONFUSED_SHARE = 0.05
"""Share of a week's margin that a change of hours costs: nobody has measured it; an assumption.

Say that a tenth of the customers have not learnt of it for half a week.
"""
TROUBLE_HOURS = 8.0
"""Hours of work a year that a further season makes: rota, signs, notices; an assumption."""
HOPE = 0.5
"""A third season that the search gives less than this share of what it must earn is not judged."""
JUDGING = Options(draws=100, fresh=300, time_limit=15.0, explain=False)


@dataclass(frozen=True)
class SeasonProposal:
    """What is proposed, and what it is worth a year.

    advice: `split` (take the seasons of `found`), `one` (one season is enough), `keep` (the owner's
    are as good), `unknown` (`reason` says why). found: the best split, also where it is not
    advised; present: the owner's seasons, None where they are one. change: cost of each change of
    hours within the year; trouble: what a further season must earn. unseen: months with too few
    days; once: months known from one year only. rules: the owner's rules that name a season.
    """

    advice: Advice
    reason: Literal["", "short", "rules"] = ""
    single: Week = ()
    found: Judged | None = None
    present: Judged | None = None
    change: float = 0.0
    trouble: float = 0.0
    unseen: tuple[int, ...] = ()
    once: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def advised(self) -> Judged | None:
        """The seasons to have; None: one."""
        return {"split": self.found, "keep": self.present}.get(self.advice)

    def net(self, judged: Judged | None) -> Floats:
        """(R,) what seasons earn a year more than one season, all changes paid."""
        return judged.net(self.change) if judged else np.zeros(1)


def propose_seasons(
    shop: Shop, observations: Observations, model: DemandModel, options: Options = JUDGING
) -> SeasonProposal:
    """Find the seasons that pay; `model` is the fit with the shop's own.

    Raises SolverError of the program, and DataError of the fit.
    """
    unseen, once = _months(observations)
    if unseen:
        return SeasonProposal("unknown", "short", unseen=unseen)
    own = shop.seasons if len(shop.seasons) > 1 else None
    whole = for_seasons(shop, (WHOLE_YEAR,))
    smooth = fit_demand(observations, whole) if own else model
    parts = find_parts(shop, observations, smooth, options.draws, options.seed)
    change, trouble = change_cost(parts), trouble_cost(parts)
    try:
        cuts = search_cuts(parts, options, change)
    except RulesConflict:
        return SeasonProposal("unknown", "rules")
    if 1 not in cuts:
        return SeasonProposal("unknown", "rules")
    others = cuts[1].weeks
    present = judge_seasons(shop, observations, own, others, options, model) if own else None
    judged: list[Judged | None] = []
    for cut in _hopeful(cuts, change, trouble):
        seasons = seasons_of(cut, parts, shop.language)
        if present and _same(seasons, present.seasons):
            judged.append(present)
        else:
            judged.append(judge_seasons(shop, observations, seasons, others, options))
    proposal = SeasonProposal(
        "one",
        single=cuts[1].weeks[0],
        present=present,
        change=change,
        trouble=trouble,
        once=once,
        rules=tuple(rule.name for rule in shop.rules if rule.season),
    )
    return decide(proposal, [one for one in judged if one], shop.decision.chance)


def decide(proposal: SeasonProposal, judged: Sequence[Judged], chance: float) -> SeasonProposal:
    """The same proposal with the advice that the judged splits give.

    A further season must earn more than its trouble, and pay with the owner's chance; so must other
    seasons than the owner's own, unless they are fewer and hers do not pay.
    """

    def pays(one: Judged, other: Judged | None, asked: float) -> bool:
        more = proposal.net(one) - proposal.net(other)
        return float(more.mean()) > asked and float((more > 0).mean()) >= chance

    chosen: Judged | None = None
    for split in sorted(judged, key=lambda one: one.count):
        further = split.count - (chosen.count if chosen else 1)
        if pays(split, chosen, proposal.trouble * max(further, 1)):
            chosen = split
    best = chosen or max(judged, key=lambda one: float(proposal.net(one).mean()), default=None)
    single = best.single if best else proposal.single
    proposal = dataclasses.replace(proposal, found=best, single=single)
    present = proposal.present
    if present is None or (chosen and _same(chosen.seasons, present.seasons)):
        advice: Advice = "one" if chosen is None else "keep" if present else "split"
        return dataclasses.replace(proposal, advice=advice)
    further = present.count - (chosen.count if chosen else 1)
    if chosen is None or further > 0:
        keeps = pays(present, chosen, proposal.trouble * further)
    else:
        keeps = not pays(chosen, present, proposal.trouble * max(-further, 1))
    return dataclasses.replace(proposal, advice="keep" if keeps else "split" if chosen else "one")


def seasons_of(cut: Cut, parts: Sequence[Part], language: str) -> tuple[Season, ...]:
    """The seasons of a cut, named by their months."""
    texts = Texts(language)
    firsts = [parts[start].season.first for start in cut.starts]
    found = [
        stretch("", first, following)
        for first, following in zip(firsts, (*firsts[1:], firsts[0]), strict=True)
    ]
    ends = [(season.first[0], season.last[0]) for season in found]
    names = ["–".join(texts.month(month) for month in dict.fromkeys(months)) for months in ends]
    if len(set(names)) < len(names):  # two begin and end in the same months
        names = [f"{name} {number}" for number, name in enumerate(names, start=1)]
    return tuple(
        dataclasses.replace(season, name=name) for season, name in zip(found, names, strict=True)
    )


def change_cost(parts: Sequence[Part]) -> float:
    """What a change of hours costs: a share of the margin of an average week at today's hours."""
    weeks = np.array([part.weeks for part in parts])
    margins = [
        float(
            (part.scenario.walk_in.mean(axis=0) * part.scenario.margin)[
                open_slots(part.scenario, part.scenario.today)
            ].sum()
        )
        for part in parts
    ]
    return CONFUSED_SHARE * float(weeks @ margins / weeks.sum())


def trouble_cost(parts: Sequence[Part]) -> float:
    """What a further season must earn a year: some hours of work at the staff's plain pay."""
    scenario = parts[0].scenario
    hourly = [float(group.pay.min()) / scenario.grid.slot_hours for group in scenario.staff]
    return TROUBLE_HOURS * float(np.mean(hourly))


def _hopeful(cuts: dict[int, Cut], change: float, trouble: float) -> list[Cut]:
    """The best split in two, and in three where the search does not rule it out."""
    two, three = cuts.get(2), cuts.get(3)
    if three is None or two is None:
        return [cut for cut in (two, three) if cut]
    more = float((three.worth - two.worth).mean()) + change
    return [two, three] if more > HOPE * (change + trouble) else [two]


def _same(one: Sequence[Season], other: Sequence[Season]) -> bool:
    return {(s.first, s.last) for s in one} == {(s.first, s.last) for s in other}


def _months(observations: Observations) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Months of the year with too few days on which the shop was seen open; those seen in one year.

    A season that was never seen is not found by what other months look like.
    """
    doors = [observations.channels[name] for name in DOORS if name in observations.channels]
    seen = np.any([(channel.exposure > 0).any(axis=1) for channel in doors], axis=0)
    days: dict[tuple[int, int], int] = {}
    for date, is_seen in zip(observations.dates, seen, strict=True):
        if is_seen:
            days[date.year, date.month] = days.get((date.year, date.month), 0) + 1
    years = {
        month: sum(
            days.get((year, month), 0) >= LEAST_DAYS_A_MONTH for year in {y for y, _ in days}
        )
        for month in range(1, 13)
    }
    return (
        tuple(month for month, count in years.items() if count == 0),
        tuple(month for month, count in years.items() if count == 1),
    )
