"""The command line: what may be asked, and how it ends; `hoursopt.cli.commands` does the work.

Nothing heavy is imported before the arguments are read, so that help and mistakes answer at once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hoursopt.errors import DataError, HoursoptError
from hoursopt.i18n import Texts

INTERRUPTED = 130
REPORTS = ("plan", "review")
LANGUAGES = ("fi", "sv", "en")
PUBLISHED = ("osm", "schema.org", "google", "ics", "sign", "notice")
"""The formats of `hoursopt.publish`, which is too heavy to be asked for them here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status (DESIGN 2.2). Usage errors end with 2."""
    texts = surrounding_texts()
    asked = parser(texts).parse_args(arguments)
    from hoursopt.cli import commands

    try:
        return commands.run(asked, texts)
    except KeyboardInterrupt:
        print(texts("cli.interrupted"), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`) has seen enough; what is left to flush must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except HoursoptError as error:
        spoken = commands.shop_texts(asked, texts)
        print(spoken.describe(error), file=sys.stderr)
        return error.exit_status


def surrounding_texts() -> Texts:
    """Texts in the language of the surroundings (`LANG`), English where it is none of ours."""
    named = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    try:
        return Texts(next(filter(None, named), "en")[:2].lower())
    except DataError:
        return Texts("en")


def parser(texts: Texts) -> argparse.ArgumentParser:
    """Commands and options, told in a language."""
    whole = argparse.ArgumentParser(prog="hoursopt", description=texts("cli.about"))
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, shop: str | None = None) -> argparse.ArgumentParser:
        help_text = texts(f"cli.{name}_help")
        added = commands.add_parser(name, help=help_text, description=help_text)
        if shop:
            nargs = "?" if shop == "optional" else None
            added.add_argument(
                "shop", type=Path, nargs=nargs, metavar="SHOP.toml", help=texts("cli.shop_help")
            )
        return added

    def option(to: argparse._ActionsContainer, flag: str, **settings: object) -> None:
        key = flag.removeprefix("--").replace("-", "_")
        to.add_argument(flag, help=texts(f"cli.{key}_help"), **settings)  # type: ignore[arg-type]

    demo = command("demo")
    check = command("check", "required")
    fit = command("fit", "required")
    plan = command("plan", "required")
    value = command("value", "required")
    report = command("report", "required")
    whatif = command("whatif")
    publish = command("publish", "required")
    simulate = command("simulate")
    command("app", "optional")
    command("doctor")

    option(check, "--suggest-hours", action="store_true")
    option(fit, "--propose-seasons", action="store_true")
    option(value, "--hours", required=True, metavar="HOURS")
    for one in (check, fit, plan, value):
        option(one, "--json", metavar="FILE")
    option(plan, "--robust", type=share_of_one, metavar="SHARE")
    for one in (plan, value, report):
        option(one, "--season", metavar="NAME")
    report.add_argument(
        "--kind", default="plan", choices=REPORTS, help=texts("cli.report_kind_help")
    )
    report.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=texts("cli.report_out_help")
    )
    option(report, "--language", choices=LANGUAGES)
    whatif.add_argument(
        "shops", type=Path, nargs="+", metavar="SHOP.toml", help=texts("cli.whatif_shops_help")
    )
    option(whatif, "--sweep", type=Path, required=True, metavar="SWEEP.toml")
    whatif.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=texts("cli.whatif_out_help")
    )
    where = whatif.add_mutually_exclusive_group()
    option(where, "--jobs", type=positive_number, metavar="N")
    option(where, "--cluster", metavar="tcp://HOST:PORT")
    again = whatif.add_mutually_exclusive_group()
    for flag in ("--resume", "--overwrite"):
        option(again, flag, action="store_true")
    for flag in ("--dry-run", "--yes", "--excel", "--ledger", "--no-seconds"):
        option(whatif, flag, action="store_true")
    for one in (demo, plan, value, report, whatif):
        option(one, "--solver", choices=("highs", "cbc"), default="highs")
        option(one, "--time-limit", type=positive_seconds, default=60.0, metavar="S")
    for one, seed in ((demo, 0), (plan, 0), (value, 0), (report, 0), (whatif, 0), (simulate, 1)):
        option(one, "--seed", type=whole_number, default=seed, metavar="N")
    option(publish, "--format", required=True, choices=PUBLISHED)
    publish.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=texts("cli.publish_out_help")
    )
    publish.add_argument(
        "--hours", default="advised", metavar="HOURS", help=texts("cli.publish_hours_help")
    )
    for flag in ("--from", "--to"):
        option(publish, flag, type=dt.date.fromisoformat, metavar="DATE")
    option(publish, "--languages", metavar="LANGUAGES")
    option(publish, "--store-code", metavar="CODE")
    option(demo, "--out", type=Path, default=Path("out"), metavar="DIR")
    option(simulate, "--out", type=Path, required=True, metavar="DIR")
    option(simulate, "--kind", default="old-rauma-crafts", metavar="KIND")
    return whole


def positive_seconds(text: str) -> float:
    """A finite number above zero, for argparse."""
    seconds = float(text)
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(text)
    return seconds


def share_of_one(text: str) -> float:
    """A number from 0 to 1, for argparse."""
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def positive_number(text: str) -> int:
    """A whole number from 1 on, for argparse."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def whole_number(text: str) -> int:
    """A whole number from 0 on, for argparse."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
