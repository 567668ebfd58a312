"""Seasons proposed, in words: what to paste, and what it earns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import OpeningHours
from hoursopt.i18n import Texts
from hoursopt.plan import Estimate
from hoursopt.planning import ties_seasons
from hoursopt.seasons import CONFUSED_SHARE, TROUBLE_HOURS, SeasonProposal
from hoursopt.seasons.judge import Judged
from hoursopt.seasons.machine import seasons_toml
from hoursopt.shop import Shop
from hoursopt.tables.layout import titled
from hoursopt.tables.plans import chance_text

Floats = NDArray[np.float64]


def seasons_text(proposal: SeasonProposal, shop: Shop, t: Texts) -> str:
    """What to do about the seasons, and why; the TOML to paste where others are advised."""
    parts = [seasons_words(proposal, shop, t)]
    if proposal.advice == "split" and proposal.found:
        parts += [t("seasons.paste"), seasons_toml(proposal.found)]
    return titled(t("seasons.title"), "\n\n".join(parts))


def seasons_words(proposal: SeasonProposal, shop: Shop, t: Texts) -> str:
    """What to do about the seasons, and why."""
    told = {"split": _split, "one": _one, "keep": _keep, "unknown": _unknown}
    parts = told[proposal.advice](proposal, shop, t)
    if proposal.advice != "unknown":
        parts.append(
            t(
                "seasons.counted",
                change=_money(proposal.change, shop, t),
                share=t.percent(CONFUSED_SHARE),
                trouble=_money(proposal.trouble, shop, t),
                count=round(TROUBLE_HOURS),
            )
        )
    if proposal.once:
        parts.append(t("seasons.once", months=[t.month(month) for month in proposal.once]))
    if proposal.rules and proposal.advice in ("split", "one"):
        parts.append(t("seasons.rules", rules=proposal.rules))
    if ties_seasons(shop):
        parts.append(t("seasons.free"))
    return "\n\n".join(parts)


def _split(proposal: SeasonProposal, shop: Shop, t: Texts) -> list[str]:
    found, present = proposal.found, proposal.present
    if found is None:
        return []
    earned = [t("seasons.against_one", **_worth(proposal.net(found), shop, t))]
    if present:
        against = proposal.net(found) - proposal.net(present)
        names = _names(present)
        earned.append(t("seasons.against_present", names=names, **_worth(against, shop, t)))
    lines = [t("seasons.split", count=found.count), *_lines(found, t), _single(proposal, t)]
    return ["\n".join(lines), "\n".join(earned)]


def _one(proposal: SeasonProposal, shop: Shop, t: Texts) -> list[str]:
    found, present = proposal.found, proposal.present
    lines = [t("seasons.one"), _single(proposal, t)]
    if found:
        net = proposal.net(found)
        earned = float(net.mean())
        small = earned <= proposal.trouble * (found.count - 1)
        key = "seasons.one_less" if small else "seasons.one_unsure"
        key = "seasons.one_loss" if earned <= 0 else key
        asked = t.percent(shop.decision.chance)
        lines.append(t(key, names=_names(found), asked=asked, **_worth(net, shop, t)))
    else:
        lines.append(t("seasons.one_same"))
    if present:
        worth = _worth(proposal.net(present), shop, t)
        lines.append(t("seasons.one_present", names=_names(present), **worth))
    return ["\n".join(lines)]


def _keep(proposal: SeasonProposal, shop: Shop, t: Texts) -> list[str]:
    found, present = proposal.found, proposal.present
    if present is None:
        return []
    lines = [t("seasons.keep"), *_lines(present, t), _single(proposal, t)]
    earned = [t("seasons.against_one", **_worth(proposal.net(present), shop, t))]
    if found and found is not present:
        against = proposal.net(found) - proposal.net(present)
        earned.append(t("seasons.other", names=_names(found), **_worth(against, shop, t)))
    return ["\n".join(lines), "\n".join(earned)]


def _unknown(proposal: SeasonProposal, shop: Shop, t: Texts) -> list[str]:
    if proposal.reason == "rules":
        return [t("seasons.unknown_rules")]
    return [t("seasons.unknown_short", months=[t.month(month) for month in proposal.unseen])]


def _lines(judged: Judged, t: Texts) -> list[str]:
    return [
        "- "
        + t(
            "seasons.season",
            name=season.name,
            first=t("seasons.day", day=season.first[1], month=t.month(season.first[0])),
            last=t("seasons.day", day=season.last[1], month=t.month(season.last[0])),
            hours=OpeningHours(hours),
        )
        for season, hours in zip(judged.seasons, judged.hours, strict=True)
    ]


def _single(proposal: SeasonProposal, t: Texts) -> str:
    return t("seasons.single", hours=OpeningHours(proposal.single))


def _names(judged: Judged) -> str:
    return " | ".join(season.name for season in judged.seasons)


def _worth(draws: Floats, shop: Shop, t: Texts) -> dict[str, str]:
    worth = Estimate.of(draws)
    return {
        "net": _money(worth.mean, shop, t),
        "low": _money(worth.low, shop, t),
        "high": _money(worth.high, shop, t),
        "chance": chance_text(float((draws > 0).mean()), t),
    }


def _money(value: float, shop: Shop, t: Texts) -> str:
    return t.money(round(value) + 0.0, shop.currency, digits=0)
