"""What each command does: one call of the rooms below, then words or the machine form."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from hoursopt.cli.publishing import publish_plan, publish_shop
from hoursopt.cli.reporting import plan_and_keep, report_shop, review_shop, write_reports
from hoursopt.cli.whatif import whatif
from hoursopt.contract import Json, fit_json, plan_json, value_json
from hoursopt.demand import fit_demand
from hoursopt.doctor import examine, exit_status
from hoursopt.errors import DataError, HoursoptError
from hoursopt.flow import load, read, without_repeats
from hoursopt.hours import parse_hours
from hoursopt.i18n import Texts
from hoursopt.importers.receipt import check_json
from hoursopt.observations import observe, suggest_hours, suggested_json, tell
from hoursopt.plan import Options
from hoursopt.planning import value_hours
from hoursopt.program.answer import Proof
from hoursopt.seasons import propose_seasons
from hoursopt.seasons.machine import seasons_json
from hoursopt.shop.draft import read_draft
from hoursopt.shop.file import read_shop
from hoursopt.simulate import simulate_command
from hoursopt.tables import (
    check_text,
    doctor_text,
    fit_text,
    plan_text,
    seasons_text,
    suggested_text,
    titled,
    value_text,
)

DONE, NOT_PROVEN = 0, 3
PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "data" / "old-rauma-crafts"
PAGE = PROJECT / "app.py"
LOOPBACK = "127.0.0.1"


def run(asked: argparse.Namespace, texts: Texts) -> int:
    """Run the command that was asked for; `texts` in the language of the surroundings."""
    commands: dict[str, Callable[[argparse.Namespace, Texts], int]] = {
        "demo": demo,
        "check": check,
        "fit": fit,
        "plan": plan,
        "value": value,
        "report": report,
        "whatif": whatif,
        "publish": publish,
        "simulate": simulate,
        "app": app,
        "doctor": doctor,
    }
    return commands[asked.command](asked, texts)


def shop_texts(asked: argparse.Namespace, texts: Texts) -> Texts:
    """Texts in the language of the shop that was asked about, if it can be read at all."""
    try:
        return Texts(read_shop(asked.shop).language) if getattr(asked, "shop", None) else texts
    except HoursoptError:
        return texts


def check(asked: argparse.Namespace, texts: Texts) -> int:
    """Read every source and tell what came in, even where it cannot be counted."""
    shop = read_shop(asked.shop)
    t = Texts(shop.language)
    imported = read(shop)
    fault: HoursoptError | None = None
    observed = None
    try:
        observed = observe(shop, imported.tables)
    except HoursoptError as error:
        fault = error
    notes = observed.notes if observed else ()
    imported = without_repeats(imported, notes)
    machine: Json = check_json(imported, t)
    machine["warnings"] += [{"key": note.key, "message": tell(note, t)} for note in notes]
    words = check_text(machine, imported, observed, shop.currency, t)
    if asked.suggest_hours and {"receipts", "footfall"} & imported.tables.keys():
        found = suggest_hours(shop, imported.tables)
        machine["suggested_hours"] = suggested_json(found)
        words = f"{words}\n\n{suggested_text(found, shop.grid, t)}"
    _tell(asked, t, machine, words)
    if fault:
        raise fault
    return DONE


def fit(asked: argparse.Namespace, texts: Texts) -> int:
    """Fit demand and tell its curves."""
    loaded = load(asked.shop)
    t = Texts(loaded.shop.language)
    model = fit_demand(loaded.observations, loaded.shop)
    machine, words = fit_json(model, loaded.shop), fit_text(model, loaded.shop, t)
    if asked.propose_seasons:
        proposal = propose_seasons(loaded.shop, loaded.observations, model)
        machine["seasons_proposed"] = seasons_json(proposal)
        words = f"{words}\n\n{seasons_text(proposal, loaded.shop, t)}"
    _tell(asked, t, machine, words)
    return DONE


def plan(asked: argparse.Namespace, texts: Texts) -> int:
    """Plan the shop, keep the plan in its folder, and tell it."""
    loaded = load(asked.shop)
    t = Texts(loaded.shop.language)
    found, _ = plan_and_keep(loaded, _options(asked), t)
    _tell(asked, t, plan_json(found), plan_text(found, loaded.shop.decision.chance, t))
    share = loaded.shop.decision.robust if asked.robust is None else asked.robust
    if share > 0 and any(season.robust is None for season in found.seasons):
        print(t("robust.tied"), file=sys.stderr)
    return _status(*(season.proof for season in found.seasons))


def value(asked: argparse.Namespace, texts: Texts) -> int:
    """Tell what given hours are worth."""
    hours = parse_hours(asked.hours)
    loaded = load(asked.shop)
    shop = loaded.shop
    t = Texts(shop.language)
    model = fit_demand(loaded.observations, shop)
    values = value_hours(shop, model, hours, _options(asked))
    told = "\n\n".join(value_text(one, shop.grid, shop.currency, t) for one in values)
    _tell(asked, t, value_json(values, shop.grid, named=asked.season is not None), told)
    return _status(*(one.proof for one in values))


def demo(asked: argparse.Namespace, texts: Texts) -> int:
    """Plan a copy of the sample shop, told in the language of the surroundings."""
    folder = _copied_sample(asked.out)
    loaded = load(folder)
    shop = loaded.shop
    held = check_json(loaded.imported, texts)
    print(check_text(held, loaded.imported, loaded.observations, shop.currency, texts), end="\n\n")
    found, kept = plan_and_keep(loaded, _options(asked), texts)
    file = asked.out / "plan.json"
    _write(file, plan_json(found))
    publish_plan(shop, plan_json(found), asked.out / "published")
    write_reports(kept, shop, asked.out / "report", texts.language)
    print(plan_text(found, shop.decision.chance, texts), end="\n\n")
    print(texts("cli.demo_plan", file=file))
    print(texts("cli.demo_published", folder=asked.out / "published"))
    print(texts("cli.demo_reports", folder=asked.out / "report"))
    print(texts("cli.demo_page", command=f"{_invoked()} app {folder}"))
    return _status(*(season.proof for season in found.seasons))


def report(asked: argparse.Namespace, texts: Texts) -> int:
    """Write a report of the plan that was kept, or of a new one."""
    if asked.kind == "review":
        review_shop(asked)
        return DONE
    kept = report_shop(asked, dataclasses.replace(_options(asked), seasons=()))
    proven = all(one["solver"]["status"] == "optimal" for one in kept.plan["seasons"])
    return DONE if proven else NOT_PROVEN


def publish(asked: argparse.Namespace, texts: Texts) -> int:
    """Write the shop's hours for the world, and say which hours these are."""
    publish_shop(asked, read_shop(asked.shop))
    return DONE


def simulate(asked: argparse.Namespace, texts: Texts) -> int:
    """Make a shop folder with a known truth."""
    simulate_command(asked.kind, asked.out, asked.seed)
    print(texts("cli.simulated", folder=asked.out))
    print(texts("cli.try_plan", folder=asked.out))
    return DONE


def app(asked: argparse.Namespace, texts: Texts) -> NoReturn:
    """Open the page, for this machine only."""
    if not PAGE.exists():
        raise DataError("cli.no_page", file=PAGE)
    if importlib.util.find_spec("streamlit") is None:
        raise DataError("cli.no_streamlit")
    # A mistake in it is told here, not in the browser; a shop without files gets them there.
    if asked.shop is not None and read_draft(asked.shop).unfinished_shop is None:
        read_shop(asked.shop)
    words = [
        *(sys.executable, "-m", "streamlit", "run", str(PAGE)),
        *("--server.address", LOOPBACK, "--server.showEmailPrompt", "false"),
        *("--browser.gatherUsageStats", "false"),
        *(("--", str(asked.shop.resolve())) if asked.shop is not None else ()),
    ]
    # The page takes this process over, so that who ends the command ends the page.
    sys.stdout.flush()
    os.chdir(PROJECT)  # its settings stand there in .streamlit/
    os.execv(sys.executable, words)


def doctor(asked: argparse.Namespace, texts: Texts) -> int:
    """Tell whether this machine is able."""
    findings = examine(Path.cwd(), texts)
    print(titled(texts("cli.doctor_title"), doctor_text(findings, texts)))
    return exit_status(findings)


def _options(asked: argparse.Namespace) -> Options:
    season = getattr(asked, "season", None)
    return Options(
        seasons=() if season is None else (season,),
        solver=asked.solver,
        time_limit=asked.time_limit,
        seed=asked.seed,
        robust=getattr(asked, "robust", None),
    )


def _status(*proofs: Proof) -> int:
    return DONE if all(proof.status == "optimal" for proof in proofs) else NOT_PROVEN


def _tell(asked: argparse.Namespace, t: Texts, machine: Json, words: str) -> None:
    """The machine form where asked for; words unless that took the standard output."""
    if asked.json == "-":
        print(_dumped(machine))
        return
    print(words)
    if asked.json is not None:
        _write(Path(asked.json), machine)
        print(f"\n{t('cli.written', file=asked.json)}")


def _write(file: Path, machine: Json) -> None:
    """Write a whole file or none; DataError `cli.unwritable`."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as whole:
            whole.write(_dumped(machine) + "\n")
        os.chmod(whole.name, 0o644)
        os.replace(whole.name, file)
    except OSError as error:
        raise DataError("cli.unwritable", file=file, reason=error.strerror) from error


def _dumped(machine: Json) -> str:
    return json.dumps(machine, ensure_ascii=False, indent=1, allow_nan=False)


def _invoked() -> str:
    """How this program was called, so that the reader can call it again."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "hoursopt" else "python -m hoursopt"


def _copied_sample(out: Path) -> Path:
    """The sample shop's copy under `out`; one that is there already stays, with its changes."""
    if not (SAMPLE / "shop.toml").exists():
        raise DataError("cli.no_sample", folder=SAMPLE)
    folder = out / SAMPLE.name
    if not folder.exists():
        try:
            out.mkdir(parents=True, exist_ok=True)
            half = Path(tempfile.mkdtemp(dir=out, prefix=f".{SAMPLE.name}."))
            shutil.copytree(
                SAMPLE, half, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".hoursopt")
            )
            os.chmod(half, 0o755)
            half.rename(folder)
        except OSError as error:
            raise DataError("cli.unwritable", file=folder, reason=error.strerror) from error
    return folder
