"""The machine form of a proposal, and the blocks to paste into `shop.toml`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import MonthDay
from hoursopt.contract import Json, estimate_json
from hoursopt.hours import OpeningHours, format_hours
from hoursopt.plan import Estimate
from hoursopt.seasons import SeasonProposal
from hoursopt.seasons.judge import Judged
from hoursopt.seasons.parts import Week

Floats = NDArray[np.float64]


def seasons_json(proposal: SeasonProposal) -> Json:
    """`seasons_proposed` of `fit --json`; money a year, every change within the year paid.

    `seasons` are those advised: one entry less than two means one season. `found` is the best
    split, also where it is not advised; `present` the owner's seasons where she has some.
    """
    advised = proposal.advised
    return {
        "advice": proposal.advice,
        "reason": proposal.reason,
        "seasons": _seasons(advised) if advised else [],
        "one_season": {"hours": _hours(proposal.single)} if proposal.single else None,
        "found": _judged(proposal, proposal.found),
        "present": _judged(proposal, proposal.present),
        "cost_per_change": round(proposal.change, 2),
        "least_gain_per_season": round(proposal.trouble, 2),
        "months_unseen": list(proposal.unseen),
        "months_seen_once": list(proposal.once),
        "rules_to_rename": list(proposal.rules) if proposal.advice in ("split", "one") else [],
    }


def seasons_toml(judged: Judged) -> str:
    """`[[season]]` blocks, the best hours of each as a comment."""
    return "\n\n".join(
        f"[[season]]  # {_hours(hours)}\n"
        f'name = "{season.name}"\nfrom = "{_day(season.first)}"\nto = "{_day(season.last)}"'
        for season, hours in zip(judged.seasons, judged.hours, strict=True)
    )


def _judged(proposal: SeasonProposal, judged: Judged | None) -> Json | None:
    if judged is None:
        return None
    told: Json = {
        "seasons": _seasons(judged),
        "changes_per_year": judged.changes,
        "worth_per_year": _worth(proposal.net(judged)),
    }
    if proposal.present is not None and judged is not proposal.present:
        against = proposal.net(judged) - proposal.net(proposal.present)
        told["against_present"] = _worth(against)
    return told


def _seasons(judged: Judged) -> list[Json]:
    return [
        {
            "name": season.name,
            "from": _day(season.first),
            "to": _day(season.last),
            "weeks": round(weeks, 2),
            "hours": _hours(hours),
        }
        for season, weeks, hours in zip(judged.seasons, judged.weeks, judged.hours, strict=True)
    ]


def _worth(draws: Floats) -> Json:
    chance = round(float((draws > 0).mean()), 4)
    return {**estimate_json(Estimate.of(draws)), "probability_better": chance}


def _hours(week: Week) -> str:
    return format_hours(OpeningHours(week))


def _day(day: MonthDay) -> str:
    return f"{day[0]:02d}-{day[1]:02d}"
