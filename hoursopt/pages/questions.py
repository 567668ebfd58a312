"""What may be asked of a grid of what-ifs: keys of the shop with values that make sense for it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hoursopt.batch import Sweep, shop_grid
from hoursopt.batch.nouns import Drop, WhatIf
from hoursopt.errors import DataError
from hoursopt.i18n import Texts
from hoursopt.shop import Shop

MOST_RUNS = 60
_APART = re.compile(r"[;\s]+")
_NUMBER = re.compile(r"[+\-−]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Question:
    """One key that may vary. usual: three values for a shop, in the unit in which it is written.

    unit: `percent` is written as 52 and means 0.52; `factor` as 104 and means 1.04 times; `money`
    and `count` stand as they are.
    """

    name: str
    key: str
    unit: str
    usual: Callable[[Shop], Sequence[float]]


def _around(own: float, step: float) -> list[float]:
    """A value with one below and one above it, none below zero."""
    return [max(0.0, round(own + part * step, 4)) for part in (-1, 0, 1)]


def _wage_key(shop: Shop) -> str:
    """Where pay stands: the wages of employees, else what the owner's own hour is worth."""
    paid = any(group.hourly_wage is not None for group in shop.staff)
    return "hourly_wage" if paid else "hourly_cost"


def questions(shop: Shop, web: bool) -> dict[str, Question]:
    """What may vary for a shop, `web` with a web shop, by name."""
    economics = shop.economics
    found = [
        Question(
            "margin_rate",
            "economics.margin_rate",
            "percent",
            lambda shop: _around(100 * economics.margin_rate, 5),
        ),
        Question("pay", f"scale.staff.*.{_wage_key(shop)}", "factor", lambda shop: [100, 104, 108]),
        Question("walk_in", "demand.walk_in", "factor", lambda shop: [85, 100, 115]),
        Question(
            "open_hour_cost",
            "economics.open_hour_cost",
            "money",
            lambda shop: _around(economics.open_hour_cost, 2),
        ),
        Question(
            "goodwill_cost",
            "economics.goodwill_cost",
            "money",
            lambda shop: [economics.goodwill_cost + more for more in (0, 2, 5)],
        ),
        Question("patterns", "limits.patterns", "count", lambda shop: [1, 2, 7]),
    ]
    if web:
        found.insert(
            1,
            Question(
                "online_margin_rate",
                "economics.online_margin_rate",
                "percent",
                lambda shop: _around(100 * economics.online_margin_rate, 5),
            ),
        )
    return {question.name: question for question in found}


def written(values: Sequence[float], t: Texts) -> str:
    """Values as they stand in a field."""
    return "; ".join(t.number(value, digits=2) for value in values)


def read_values(text: str, question: Question) -> list[float]:
    """The values of a field as the key has them, each once.

    Raises DataError `asking.number` for what is no number, `asking.empty` for nothing.
    """
    values = []
    for part in filter(None, _APART.split(text.replace("%", " ").strip())):
        if not _NUMBER.fullmatch(part):
            raise DataError("asking.number", text=part)
        value = float(part.replace(",", ".").replace("−", "-"))
        share = question.unit in ("percent", "factor")
        whole = int(value) if question.unit == "count" else value
        values.append(round(value / 100, 6) if share else whole)
    if not values:
        raise DataError("asking.empty")
    return list(dict.fromkeys(values))


@dataclass(frozen=True)
class Written:
    """What stands in the fields of a row, by the names of questions; its name where it has one."""

    name: str
    texts: Mapping[str, str]


def read_grid(row: Written, asked: Sequence[Question]) -> dict[str, list[float]]:
    """The values of each key, to be combined with one another; DataErrors of `read_values`."""
    return {question.key: read_values(row.texts[question.name], question) for question in asked}


def read_scenarios(shop: Shop, rows: Sequence[Written], asked: Sequence[Question]) -> list[WhatIf]:
    """What happens together under each name; an empty field leaves its key as it is.

    Raises DataErrors of `read_values` and `shop_grid`, `asking.one_value` for several values in a
    field, `asking.same_name` for a name that two have.
    """
    found: dict[str, WhatIf] = {}
    for row in rows:
        values = {
            question.key: read_values(row.texts[question.name], question)
            for question in asked
            if row.texts[question.name].strip()
        }
        if any(len(given) > 1 for given in values.values()):
            raise DataError("asking.one_value", name=row.name)
        if row.name in found:
            raise DataError("asking.same_name", name=row.name)
        steps = shop_grid(shop, values).axes
        found[row.name] = WhatIf(row.name, tuple(step.change for (step,) in steps))
    return list(found.values())


def sweep_of(
    shop: Shop,
    asked: Mapping[str, Sequence[float]],
    without: Sequence[str],
    t: Texts,
    named: Sequence[WhatIf] = (),
) -> Sweep:
    """The grid of keys and values, once with all rules and once without each of those named.

    With scenarios that have a name, those beside the shop as it is.

    Raises DataErrors of `shop_grid`, `asking.too_many` for more runs than a page should make.
    """
    sweep = shop_grid(shop, asked)
    scenarios = [WhatIf("", is_base=True), *named]
    scenarios += [WhatIf(t("asking.without", name=name), (Drop("rule", name),)) for name in without]
    sweep = dataclasses.replace(sweep, scenarios=tuple(scenarios))
    if len(sweep) > MOST_RUNS:
        raise DataError("asking.too_many", count=len(sweep), most=MOST_RUNS)
    return sweep


def say(value: float, question: Question, currency: str, t: Texts) -> str:
    """A value in the reader's form."""
    if question.unit in ("percent", "factor"):
        return t.percent(value, digits=1)
    return t.money(value, currency) if question.unit == "money" else t.number(value)
