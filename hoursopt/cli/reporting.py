"""`hoursopt report`: of which plan, in which form, and what its reader must know of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from hoursopt.demand import fit_demand
from hoursopt.errors import DataError
from hoursopt.flow import Loaded, load
from hoursopt.i18n import Texts
from hoursopt.plan import Options, Plan
from hoursopt.publish.writing import write_whole
from hoursopt.report import (
    FORMS,
    choose_plan,
    find_plan,
    keep,
    make_plan,
    plan_report,
    render,
    review_report,
)
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan, open_store


def report_shop(asked: argparse.Namespace, options: Options) -> KeptPlan:
    """Write the report that was asked for, and say of which plan it tells.

    Raises DataErrors as `plan_report`, `render` and `write_whole`.
    """
    out = _checked(asked.out)
    loaded = load(asked.shop)
    t = Texts(loaded.shop.language)
    kept = find_plan(loaded)
    if kept is None:
        _, kept = plan_and_keep(loaded, options, t)
        told = t("cli.report_of_new")
    else:
        local = kept.at.astimezone(ZoneInfo(loaded.shop.timezone))
        time = t.time(local.hour * 60 + local.minute)
        told = t("cli.report_of_kept", date=local.date(), time=time)
    made = plan_report(kept, loaded.shop, asked.language, asked.season)
    write_whole(out, render(made, out.suffix.lower()))
    print(told)
    print(t("cli.written", file=out))
    return kept


def review_shop(asked: argparse.Namespace) -> None:
    """Write the review of a season against the plan that was kept when it began.

    Raises DataErrors as `choose_plan`, `review_report`, `render` and `write_whole`.
    """
    out = _checked(asked.out)
    loaded = load(asked.shop)
    shop = loaded.shop
    with open_store(shop.folder) as store:
        chosen = choose_plan(store.plans(), loaded, asked.season)
    made = review_report(chosen, loaded, fit_demand(loaded.observations, shop), asked.language)
    write_whole(out, render(made, out.suffix.lower()))
    t = Texts(shop.language)
    print(t("cli.report_of_season", season=chosen.season.name, date=chosen.kept.at.date()))
    print(t("cli.written", file=out))


def _checked(out: Path) -> Path:
    if out.suffix.lower() not in FORMS:
        raise DataError("report.ending", file=str(out))
    return out


def plan_and_keep(loaded: Loaded, options: Options, t: Texts) -> tuple[Plan, KeptPlan]:
    """A new plan, kept in the shop's store; a folder that cannot be written to is only told."""
    plan, kept = make_plan(loaded, options)
    try:
        keep(kept, loaded.shop)
    except DataError as fault:
        print(t.describe(fault), file=sys.stderr)
    return plan, kept


def write_reports(kept: KeptPlan, shop: Shop, folder: Path, language: str) -> None:
    """The plan's report in every form into a folder; DataErrors as `report_shop`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("publish.unwritable", file=str(folder), reason=error.strerror) from error
    made = plan_report(kept, shop, language)
    for form in FORMS:
        write_whole(folder / f"plan{form}", render(made, form))
