"""Errors that carry a key and values, never a sentence: `hoursopt.i18n` says them."""

from __future__ import annotations

from collections.abc import Sequence


class HoursoptError(Exception):
    """A fault that a reader can mend: `key` names the text, `values` fill its placeholders.

    `causes` holds the single faults when several are told at once; `exit_status` is what the
    command line ends with (1 data or rules, 4 no answer).
    """

    exit_status = 1

    def __init__(self, key: str, *, causes: Sequence[HoursoptError] = (), **values: object) -> None:
        self.key = key
        self.values = values
        self.causes = tuple(causes)
        super().__init__(key, values)

    def __str__(self) -> str:
        """The key and its values, for logs and tests; readers get the text of `i18n`."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return "; ".join([f"{self.key}({told})", *map(str, self.causes)])


class DataError(HoursoptError):
    """A file, a field or a figure is not what it must be."""


class RulesConflict(HoursoptError):
    """The owner's rules and limits leave no plan; `causes` name those that clash."""


class SolverError(HoursoptError):
    """No solver could be run, or none gave an answer that stands the check."""

    exit_status = 4


def raise_all(faults: Sequence[HoursoptError], key: str, **values: object) -> None:
    """Raise nothing, the only fault, or one `DataError` of `key` that tells all faults at once."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise DataError(key, causes=faults, count=len(faults), **values)
