"""The owner's why, part by part."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

from hoursopt.plan import Explanation, Options, Study
from hoursopt.program import quick_way
from hoursopt.worth.alternatives import find_alternatives
from hoursopt.worth.edges import (
    Bench,
    Weighed,
    bench,
    edge_of,
    weigh_additions,
    weigh_closed_days,
    weigh_edges,
)
from hoursopt.worth.prices import price_limits, price_rules, price_together
from hoursopt.worth.stability import stability
from hoursopt.worth.steering import steering
from hoursopt.worth.trials import find_trials
from hoursopt.worth.wishes import price_wishes

EXPLAIN_SECONDS = 8.0


def explain(
    study: Study, chance: float, options: Options, special: Collection[dt.date] = ()
) -> Explanation:
    """All that explains a season; `chance` as in `Decision`, `special` dates are not ordinary.

    Where its hours were chosen together with other seasons', rules, limits and wishes are priced in
    the season by itself, and no alternatives are named: they would change the other seasons.
    """
    alone = study.alone or study
    brief = dataclasses.replace(options, time_limit=min(options.time_limit, EXPLAIN_SECONDS))
    way = quick_way(**brief.solving)
    against = bench(study, way)
    edges = [*weigh_edges(against), *weigh_closed_days(against)]
    edges.sort(key=lambda weighed: (weighed.weekday, weighed.span))
    additions = undecided(against, chance)
    wishes = price_wishes(alone, way)
    changes = stability(study, way)
    return Explanation(
        edges=tuple(edge_of(study, weighed) for weighed in edges),
        rules=price_rules(alone, way),
        alternatives=(() if study.alone else find_alternatives(study, edges, wishes, changes, way)),
        trials=find_trials(study, additions, edges, special),
        limits=price_limits(alone, way),
        wishes=wishes,
        together=price_together(alone, way),
        steering=steering(study),
        stability=changes,
    )


def undecided(against: Bench, chance: float) -> list[Weighed]:
    """The stretches that a change adds of which it is not certain enough that it pays."""
    study = against.study
    open_question = bool(study.gain.any()) and study.certainty < chance
    return list(weigh_additions(against)) if open_question else []
