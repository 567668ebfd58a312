import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from plan_contract import validate_days, validate_ledger, validate_plan
from tiny_shop import write_tiny_shop

from hoursopt.cli import commands, main
from hoursopt.hours import WEEKDAYS
from hoursopt.report import keeping


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_shop(tmp_path_factory.mktemp("tiny"))


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    assert main([*map(str, arguments), "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_plan_writes_the_contract_and_keeps_the_plan(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    form = run_json(capsys, "plan", folder / "shop.toml")
    validate_plan(form)
    assert (
        form["seasons"][0]["week"]["best"]["profit"]
        >= form["seasons"][0]["week"]["today"]["profit"]
    )
    assert (folder / ".hoursopt" / "shop.sqlite").exists()
    assert before == {path: path.read_bytes() for path in before}


def test_plan_for_people_names_hours_ledger_gain_and_advice(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    assert main(["plan", str(folder), "--json", str(file)]) == 0
    told = capsys.readouterr().out
    validate_plan(json.loads(file.read_text(encoding="utf-8")))
    for word in ("Monday", "Today", "Best", "Difference", "Profit", "Advice", "Proven best"):
        assert word in told
    assert "{" not in told


def test_fit_tells_every_slot_of_the_grid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = run_json(capsys, "fit", folder)
    assert len(form["curves"]) == 7 * 12
    cell = form["curves"][0]
    assert set(cell) == {"season", "weekday", "from", "to", "walk_in", "online", "basket"}
    assert (cell["weekday"], cell["from"], cell["to"]) == ("Mo", "08:00", "09:00")
    evidence = {
        (cell["weekday"], cell["from"]): cell["walk_in"]["evidence"] for cell in form["curves"]
    }
    assert evidence["Mo", "10:00"] == "open"
    assert evidence["Mo", "19:00"] != "open"
    assert all(cell["walk_in"]["low"] <= cell["walk_in"]["high"] for cell in form["curves"])
    assert set(form["diversion"]) == {"recaptured", "reach_hours", "next_day", "online"}
    assert main(["fit", str(folder)]) == 0
    assert "Mon" in capsys.readouterr().out


def test_check_accounts_for_every_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = run_json(capsys, "check", folder)["files"]
    rows = (folder / "receipts.csv").read_text(encoding="utf-8").count("\n") - 1
    parts = ("used", "refunds", "cancelled", "duplicates", "ignored", "failed")
    assert file["rows"] == rows == sum(file[part] for part in parts)
    assert file["sum"] == f"{20 * rows:.2f}"
    assert main(["check", str(folder)]) == 0
    assert "receipts.csv" in capsys.readouterr().out


def test_check_tells_what_came_in_even_where_it_cannot_be_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_shop(tmp_path)
    toml = tmp_path / "shop.toml"
    toml.write_text(toml.read_text().replace("Mo-Fr 10:00-14:00", "Sa,Su 15:00-19:00"))
    assert main(["check", str(tmp_path), "--json", "-"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["files"][0]["used"] > 0
    assert told.err


def test_value_is_a_week_for_a_season_named_and_a_list_for_all(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hours = ("--hours", "Mo-Fr 10:00-15:00")
    every = run_json(capsys, "value", folder, *hours)
    (season,) = every["seasons"]
    one = run_json(capsys, "value", folder, *hours, "--season", season["season"])
    assert one == {"schema_version": 1, **season}
    assert one["hours"] == hours[1]
    validate_days(one["days"], 60)
    validate_ledger(one["week"])
    assert one["week"]["open_hours"] == 25
    assert main(["value", str(folder), *hours]) == 0
    assert WEEKDAYS[0] in capsys.readouterr().out


def test_an_unknown_season_ends_with_1_and_says_which_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", str(folder), "--season", "wnter"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "wnter" in told.err
    assert "year" in told.err


def test_a_mistake_is_told_in_the_language_of_the_shop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_shop(tmp_path)
    toml = tmp_path / "shop.toml"
    toml.write_text(toml.read_text().replace('language = "en"', 'language = "fi"'))
    assert main(["plan", str(tmp_path), "--season", "kesä"]) == 1
    assert "ei ole kautta" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plan"],
        ["plan", "shop.toml", "--solver", "magic"],
        ["plan", "shop.toml", "--time-limit", "0"],
        ["plan", "shop.toml", "--time-limit", "nan"],
        ["plan", "shop.toml", "--seed", "-1"],
        ["value", "shop.toml"],
        ["dance"],
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_missing_shop_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(tmp_path / "nowhere")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "nowhere" in told.err


def test_hours_that_cannot_be_read_end_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["value", str(folder), "--hours", "whenever"]) == 1
    assert "whenever" in capsys.readouterr().err


def test_an_unwritable_json_file_ends_with_1(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder), "--json", str(tmp_path / "no" / "where.json")]) == 1
    assert "where.json" in capsys.readouterr().err


def test_an_answer_that_is_not_proven_ends_with_3(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_of = keeping.plan_of

    def unproven(*arguments: object) -> object:
        plan = plan_of(*arguments)
        (season,) = plan.seasons
        proof = dataclasses.replace(season.proof, status="feasible", gap=0.02)
        return dataclasses.replace(plan, seasons=(dataclasses.replace(season, proof=proof),))

    monkeypatch.setattr(keeping, "plan_of", unproven)
    assert main(["plan", str(folder)]) == 3
    assert "not proven" in capsys.readouterr().out


def test_a_folder_that_cannot_keep_the_plan_still_gets_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_shop(tmp_path)
    (tmp_path / ".hoursopt").write_text("in the way")
    assert main(["plan", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "Advice" in told.out
    assert str(tmp_path) in told.err


def test_demo_plans_a_copy_of_the_sample_and_says_where_it_is(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(commands, "SAMPLE", folder)
    out = tmp_path / "new" / "out"
    assert main(["demo", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    validate_plan(json.loads((out / "plan.json").read_text(encoding="utf-8")))
    for word in ("receipts.csv", "Today", "Best", "in 8 cases of 10", str(out / "plan.json")):
        assert word in told
    assert f"hoursopt app {out / folder.name}" in told
    kept = out / folder.name / "shop.toml"
    kept.write_text(kept.read_text().replace('name = "Tiny"', 'name = "Changed"', 1))
    assert main(["demo", "--out", str(out)]) == 0
    assert "Changed" in capsys.readouterr().out


def test_demo_without_the_sample_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "SAMPLE", tmp_path / "nothing")
    assert main(["demo", "--out", str(tmp_path / "out")]) == 1
    assert "nothing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_simulate_makes_a_shop_that_can_be_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shop"
    assert main(["simulate", "--out", str(out), "--kind", "lunch-cafe"]) == 0
    assert str(out) in capsys.readouterr().out
    assert (out / "truth.json").exists()
    assert main(["check", str(out)]) == 0
    assert main(["simulate", "--out", str(tmp_path), "--kind", "lunch-cafe"]) == 1


def test_the_page_is_opened_on_this_machine_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def noted(program: str, words: list[str]) -> None:
        asked.append(words)
        raise SystemExit(0)  # as a process that was taken over: nothing comes after

    monkeypatch.setattr(commands.os, "execv", noted)
    monkeypatch.setattr(commands.os, "chdir", lambda folder: None)
    with pytest.raises(SystemExit):
        main(["app", str(folder)])
    (words,) = asked
    assert words[words.index("--server.address") + 1] == "127.0.0.1"
    assert words[-1] == str(folder.resolve())


def test_doctor_finds_this_machine_able(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "highs" in told
    assert "Everything works." in told


def test_help_is_quick_and_needs_no_heavy_library() -> None:
    script = (
        "import sys, hoursopt.cli\n"
        "try: hoursopt.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numpy', 'pandas', 'pulp', 'streamlit') if name in sys.modules])"
    )
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"
    assert time.perf_counter() - start < 3


def test_numpy_gets_one_thread() -> None:
    script = (
        "import os\nfrom hoursopt.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    free = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=free
    )
    assert ended.stdout.splitlines()[-1] == "1"
