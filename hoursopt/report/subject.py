"""What every section of a plan's report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hoursopt.i18n import Texts
from hoursopt.report.reading import Json, PlannedSeason
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan

ALMOST_SURE = 0.99


@dataclass(frozen=True)
class Subject:
    """A kept plan, the shop that it was made for, the seasons to tell, and the language."""

    kept: KeptPlan
    shop: Shop
    seasons: tuple[PlannedSeason, ...]
    t: Texts

    @property
    def plan(self) -> Json:
        """The plan in its machine form."""
        return self.kept.plan

    @property
    def basis(self) -> Json:
        """What was kept of the plan besides."""
        return self.kept.basis or {}

    @property
    def whole(self) -> bool:
        """Whether all seasons of the plan are told."""
        return len(self.seasons) == len(self.plan["seasons"])

    def of_season(self, name: str, season: PlannedSeason) -> list[dict[str, Any]]:
        """Members of a list of the plan that belong to a season; none where it has no list."""
        return [one for one in self.plan.get(name, ()) if one["season"] == season.name]

    def money(self, amount: float, digits: int = 0) -> str:
        """An amount in words, whole units unless told otherwise."""
        told = self.t.money(round(amount, digits) + 0.0, self.shop.currency, digits)
        return told.replace("-", "−")

    def signed(self, amount: float) -> str:
        """An amount in whole units with its sign."""
        told = self.money(amount)
        return f"+{told}" if round(amount) > 0 else told

    def estimate(self, told: Json) -> dict[str, str]:
        """Mean, low and high in words."""
        return {name: self.money(told[name]) for name in ("mean", "low", "high")}

    def chance(self, share: float) -> str:
        """A probability in words."""
        return chance_told(share, self.t)

    def title(self, season: PlannedSeason) -> str:
        """A season's heading above its table: its name and dates, nothing where there is one."""
        return self.t(
            "report.season",
            name=self.t.season(season.name),
            dates=self.t.days(season.first, season.last),
        )


def chance_told(share: float, t: Texts) -> str:
    """A probability in words: nothing that was counted in draws is certain."""
    if share > ALMOST_SURE:
        return f"> {t.percent(ALMOST_SURE)}"
    if share < 1 - ALMOST_SURE:
        return f"< {t.percent(1 - ALMOST_SURE)}"
    return t.percent(share)
