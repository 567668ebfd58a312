from __future__ import annotations

import ast
import json
import re
import string
import tomllib
from pathlib import Path

import pytest

import hoursopt
from hoursopt.i18n import Texts, catalogue
from hoursopt.importers import check_json
from tests.importers.import_shop import fault, read

ROOM = Path(hoursopt.__file__).parent / "importers"
LANGUAGES = ("en", "fi", "sv")
MINE = ("error.import.", "import.", "check.")
BROKEN = "Aika;Summa\n1.6.2025 9.00;5,00\n2.6.2025 9.00;-1,00\n3.6.2025 9.00;x\n4.6.2025 9.00;5\n"


def keys_in_code() -> set[str]:
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"^(?:import|check)\.[a-z_]+$", node.value))
    return found | {"import.negative_count", "import.huge_count"}


def placeholders(text: object) -> set[str]:
    forms = text.values() if not isinstance(text, str) else [text]  # type: ignore[attr-defined]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_code_has_a_text_and_every_text_a_key(language: str) -> None:
    texts = {key for key in catalogue(language) if key.startswith(MINE)}
    said = {key.removeprefix("error.") for key in texts}
    assert keys_in_code() == said


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_languages_fill_the_same_placeholders(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    for key in english:
        if key.startswith(MINE):
            assert placeholders(english[key]) == placeholders(other[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_says_file_row_column_cell_and_what_to_set(tmp_path: Path, language: str) -> None:
    error = fault(tmp_path, "Time;Total\n01/02/2025 10:00;5\n")
    sentence = Texts(language).describe(error)
    for part in (
        "file0.csv",
        "Time",
        "01/02/2025 10:00",
        "[sources.options.receipts]",
        "date_order",
    ):
        assert part in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_the_reader_has_its_sentence(tmp_path: Path, language: str) -> None:
    texts = Texts(language)
    for content in ("", "x\n", "Aika;Summa\n", "Pvm;Summa\n1.6.2025;5\n", "Aika\n1.6.2025 9.00\n"):
        error = fault(tmp_path, content)
        assert "file0.csv" in texts.describe(error)
        assert error.key not in texts.describe(error)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_machine_form_holds_the_contract(tmp_path: Path, language: str) -> None:
    imported = read(tmp_path, BROKEN)
    check = json.loads(json.dumps(check_json(imported, Texts(language))))
    assert check["schema_version"] == 1
    (file,) = check["files"]
    fates = ("used", "refunds", "cancelled", "duplicates", "ignored", "failed")
    assert [file[name] for name in fates] == [2, 1, 0, 0, 0, 1]
    assert file["rows"] == 4 and file["receipts"] == 2
    assert (file["source"], file["file"], file["profile"]) == (
        "receipts",
        "file0.csv",
        "generic_sales",
    )
    assert (file["first_day"], file["last_day"], file["sum"]) == (
        "2025-06-01",
        "2025-06-04",
        "9.00",
    )
    assert re.fullmatch("[0-9a-f]{64}", file["sha256"])
    (problem,) = file["problems"]
    assert (problem["row"], problem["column"], problem["cell"]) == (4, "Summa", "x")
    assert problem["message"].startswith('"x"')
    assert {"check.few_days", "check.empty_days", "check.failed"} == {
        told["key"] for told in check["warnings"]
    }
    assert all(told["message"] and "{" not in told["message"] for told in check["warnings"])


def test_the_words_are_data_and_unambiguous_within_a_family() -> None:
    words = tomllib.loads((ROOM / "profiles" / "generic.toml").read_text("utf-8"))
    for family in ("time", "sales", "counts", "rota"):
        for role, names in words[family].items():
            assert len(names) == len(set(names)), (family, role)
            assert all(name == name.lower() for name in names), (family, role)
