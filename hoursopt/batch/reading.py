"""`SWEEP.toml`: a grid, named scenarios and random draws; every mistake told at once.

Each scenario is run at every point of the grid and with every draw:

    [shops]                                     # of those on the command line; optional
    only = ["north/*"]                          # globs of folders or names
    leave_out = ["*test*"]

    [sweep]                                     # every value with every other
    economics.margin_rate = [0.40, 0.45]        # any key of shop.toml
    staff.employee.hourly_wage = [14.6, 15.8]   # members of lists by name, "*" for all
    scale.staff."*".hourly_wage = [1.0, 1.08]   # times the shop's own figure
    demand.walk_in = [0.9, 1.0, 1.1]
    fixed_hours = ["Mo-Fr 10:00-18:00"]         # judge these hours instead of the best

    [[scenario]]
    name = "everybody closes at 19"
    set = { "limits.max_staff" = 3 }
    scale = { "economics.open_hour_cost" = 1.5 }
    add = { rule = [{ name = "by 19", kind = "closed_after", days = "Mo-Su", at = "19:00" }] }
    drop = ["supplement.Sunday", "rule.home by five"]
    demand = [{ channel = "walk_in", factor = 1.2, season = "summer", days = "Mo-Fr",
                from = "17:00", to = "20:00" }]
    fixed_hours = "Mo-Sa 10:00-19:00"
    shops = ["north/*"]

    [draws]
    count = 20
    seed = 1
    economics.margin_rate = { normal = [0.40, 0.50] }    # 80 % of the draws within
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hoursopt.batch.draws import Draws, read_distribution
from hoursopt.batch.keys import NAMED, Members, known_keys, leaves, nearest, read_key
from hoursopt.batch.nouns import (
    CHANNELS,
    EVERY_DAY,
    Add,
    Change,
    Drop,
    FixHours,
    Scale,
    ScaleDemand,
    Set,
    WhatIf,
    toml_text,
)
from hoursopt.batch.sweep import Step, Sweep
from hoursopt.errors import DataError, raise_all
from hoursopt.hours import DAY, Span, parse_days, parse_hours
from hoursopt.shop.file import parse_toml
from hoursopt.shop.tables import member_faults
from hoursopt.shop.values import choice, clock, number, shown, text, texts, whole

FACTOR = number(0, 1000)
MOST_DRAWS = 10**9
PARTS = ("schema_version", "shops", "sweep", "scenario", "draws")
OF_SCENARIO = ("name", "set", "scale", "add", "drop", "demand", "fixed_hours", "shops")
OF_DEMAND = ("channel", "factor", "season", "days", "from", "to")
OF_SHOPS = ("only", "leave_out")


def read_sweep(path: Path, members: Members) -> Sweep:
    """The sweep of a file for shops with these `members` of their lists, by whose names keys go.

    Raises DataError: the only fault, or `batch.faults` with every fault as a cause.
    """
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError("batch.no_sweep", file=str(path), reason=reason) from None
    return parse_sweep(content, str(path), members)


def parse_sweep(content: str, file: str, members: Members) -> Sweep:
    """The sweep of a text; `file` is its name in faults. Raises DataError as `read_sweep`."""
    reader = _Reader(file, members)
    sweep = reader.sweep(parse_toml(content, file))
    raise_all(reader.faults, "batch.faults", where=file)
    return sweep


def grid(values: Mapping[str, Sequence[Any]], members: Members) -> Sweep:
    """A grid of keys with their values, as `[sweep]` has them; DataErrors as `read_sweep`."""
    reader = _Reader("[sweep]", members)
    sweep = Sweep(axes=tuple(reader.axes(values, "")))
    raise_all(reader.faults, "batch.faults", where="[sweep]")
    return sweep


class _Reader:
    """Reads a sweep and collects what is wrong with it."""

    def __init__(self, file: str, members: Members) -> None:
        self.file = file
        self.faults: list[DataError] = []
        self.known = tuple(known_keys(members))
        self.members = members

    def sweep(self, document: Mapping[str, Any]) -> Sweep:
        """All of it; where there are faults, what is left."""
        self.names(document, PARTS, "")
        shops = self.table(document.get("shops", {}), "shops")
        self.names(shops, OF_SHOPS, "shops.")
        axes = tuple(self.axes(self.table(document.get("sweep", {}), "sweep"), "sweep."))
        scenarios = tuple(self.scenarios(document.get("scenario", [])))
        draws = self.draws(self.table(document["draws"], "draws")) if "draws" in document else None
        if not self.faults and not (axes or scenarios or draws):
            self.faults.append(DataError("batch.nothing", file=self.file))
        sweep = Sweep(
            axes,
            scenarios or (WhatIf(""),),
            draws,
            self.read("shops.only", texts, shops.get("only", [])) or (),
            self.read("shops.leave_out", texts, shops.get("leave_out", [])) or (),
        )
        self._set_twice(sweep)
        return sweep

    def axes(self, table: Mapping[str, Any], prefix: str) -> Iterator[tuple[Step, ...]]:
        """The axes of the grid; `prefix` is where it stands."""
        for column, make, values in self.inputs(table, prefix):
            where = f"{prefix}{column}"
            if not isinstance(values, list):
                self.fault(where, DataError("batch.no_list", value=shown(values)))
            elif not values:
                self.fault(where, DataError("batch.empty_list"))
            else:
                changes = [self.read(where, make, value) for value in values]
                yield tuple(
                    Step(f"{column}={toml_text(value)}", change)
                    for value, change in zip(values, changes, strict=True)
                    if change is not None
                )

    def scenarios(self, tables: Any) -> Iterator[WhatIf]:
        """The named scenarios."""
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self.fault("scenario", DataError("batch.many_tables"))
            return
        names = [table.get("name") for table in tables]
        for place, table in enumerate(tables, start=1):
            where = f"scenario[{place}]"
            name = self.read(f"{where}.name", text, table.get("name", ""))
            if name is not None and name in names[: place - 1]:
                self.fault(f"{where}.name", DataError("batch.same_name", name=name))
            self.names(table, OF_SCENARIO, f"{where}.")
            changes = (
                *self.dropped(table.get("drop", []), f"{where}.drop"),
                *self.added(self.table(table.get("add", {}), f"{where}.add"), f"{where}.add"),
                *self.valued(table, where),
                *self.demands(table.get("demand", []), f"{where}.demand"),
                *self.fixed(table, where),
            )
            shops = self.read(f"{where}.shops", texts, table.get("shops", [])) or ()
            yield WhatIf(name or "", changes, shops)

    def draws(self, table: Mapping[str, Any]) -> Draws | None:
        """The draws of uncertain inputs."""
        rest = {name: value for name, value in table.items() if name not in ("count", "seed")}
        count = self.read("draws.count", whole(1, MOST_DRAWS), table.get("count", 0))
        seed = self.read("draws.seed", whole(0, MOST_DRAWS), table.get("seed", 0))
        inputs = {}
        for column, make, value in self.inputs(rest, "draws."):
            where = f"draws.{column}"
            distribution = self.read(where, read_distribution, value)
            if distribution is not None and all(
                [self.read(where, make, part) for part in distribution.parts]
            ):
                inputs[column] = (distribution, make)
        if not rest:
            self.fault("draws", DataError("batch.nothing_drawn"))
        return Draws(count, seed, inputs) if None not in (count, seed) else None

    def inputs(
        self, table: Mapping[str, Any], prefix: str
    ) -> Iterator[tuple[str, Callable[[Any], Change], Any]]:
        """Column, maker of the change and what is given, for the entries of grid and draws."""
        for name, value in table.items():
            kind, _, rest = name.partition(".")
            if kind == "fixed_hours":
                yield name, _fix_hours, value
            elif kind == "demand":
                given = {rest: value} if rest else self.table(value, f"{prefix}demand")
                for channel, factors in given.items():
                    if self.read(f"{prefix}demand.{channel}", choice(*CHANNELS), channel):
                        make = functools.partial(_scale_demand, channel)
                        yield f"demand.{channel}", make, factors
            elif kind == "scale":
                given = {rest: value} if rest else self.table(value, f"{prefix}scale")
                for key, factors in leaves(given):
                    found = self.key(key, f"{prefix}scale.{key}")
                    if found:
                        yield f"scale.{key}", functools.partial(_scale, found), factors
            else:
                for key, values in leaves({name: value}):
                    found = self.key(key, f"{prefix}{key}")
                    if found:
                        yield key, functools.partial(_set, found), values

    def valued(self, table: Mapping[str, Any], where: str) -> Iterator[Change]:
        """`set` and `scale` of a scenario."""
        for verb, make in (("set", _set), ("scale", _scale)):
            for key, value in leaves(self.table(table.get(verb, {}), f"{where}.{verb}")):
                place = f"{where}.{verb}.{key}"
                found = self.key(key, place)
                if found:
                    change = self.read(place, functools.partial(make, found), value)
                    if change is not None:
                        yield change

    def dropped(self, given: Any, where: str) -> Iterator[Change]:
        """`drop` of a scenario: `rule.home by five`."""
        for one in self.read(where, texts, given) or ():
            section, _, name = one.partition(".")
            if section not in NAMED:
                known = nearest(section, NAMED) or NAMED
                self.fault(where, DataError("batch.no_list_section", name=one, known=known))
            elif self.is_member(section, name, where):
                yield Drop(section, name)

    def added(self, given: Mapping[str, Any], where: str) -> Iterator[Change]:
        """`add` of a scenario: lists of tables by section."""
        for section, tables in given.items():
            place = f"{where}.{section}"
            if section not in NAMED:
                known = nearest(section, NAMED) or NAMED
                self.fault(place, DataError("batch.no_list_section", name=section, known=known))
                continue
            tables = [tables] if isinstance(tables, dict) else tables
            if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
                self.fault(place, DataError("batch.many_tables"))
                continue
            for table in tables:
                found = member_faults(section, table, place)
                self.faults += [self.told(fault.where, fault.error) for fault in found]
                if not found:
                    yield Add(section, table)

    def demands(self, given: Any, where: str) -> Iterator[Change]:
        """`demand` of a scenario."""
        tables = [given] if isinstance(given, dict) else given
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self.fault(where, DataError("batch.many_tables"))
            return
        for table in tables:
            self.names(table, OF_DEMAND, f"{where}.")
            change = self.read(where, _demand, table)
            if change is not None:
                yield change

    def fixed(self, table: Mapping[str, Any], where: str) -> Iterator[Change]:
        """`fixed_hours` of a scenario."""
        if "fixed_hours" in table:
            change = self.read(f"{where}.fixed_hours", _fix_hours, table["fixed_hours"])
            if change is not None:
                yield change

    def key(self, name: str, where: str) -> Any:
        """The key of a name, None where it is none or no shop has the member."""
        key = self.read(where, lambda text: read_key(text, self.known), name)
        is_member = key is not None and key.section in NAMED and not key.is_many
        return key if not is_member or self.is_member(key.section, key.name, where) else None

    def is_member(self, section: str, name: str, where: str) -> bool:
        """Whether any shop has the member; told where none has."""
        members = tuple(self.members[section])
        if name in members:
            return True
        known = nearest(name, members) or members or ("-",)
        self.fault(where, DataError("batch.no_member", section=section, name=name, known=known))
        return False

    def names(self, table: Mapping[str, Any], known: Sequence[str], prefix: str) -> None:
        """Refuse names that are not known."""
        for name in table:
            if name not in known:
                near = nearest(name, known) or tuple(known)
                self.fault(f"{prefix}{name}", DataError("batch.unknown_name", known=near))

    def table(self, given: Any, where: str) -> Mapping[str, Any]:
        """A table; told and empty where it is none."""
        if isinstance(given, dict):
            return given
        self.fault(where, DataError("batch.one_table"))
        return {}

    def read(self, where: str, reader: Callable[[Any], Any], value: Any) -> Any:
        """What a reader makes of a value, None where it refuses."""
        try:
            return reader(value)
        except DataError as error:
            self.faults.append(self.told(where, error))
            return None

    def fault(self, where: str, error: DataError) -> None:
        """Keep a fault."""
        self.faults.append(self.told(where, error))

    def told(self, where: str, error: DataError) -> DataError:
        """A fault with its place; those of `shop.toml` have room for it in their text."""
        if error.key.startswith("shop."):
            error.values |= {"file": self.file, "where": where}
            return error
        return DataError("batch.at", causes=(error,), file=self.file, where=where)

    def _set_twice(self, sweep: Sweep) -> None:
        """Refuse a key that grid, scenario and draws set at once: only the last would count."""
        grid = [axis[0].change for axis in sweep.axes if axis]
        drawn = list(sweep.draws.changes(1)) if sweep.draws and not self.faults else []
        for place, scenario in enumerate(sweep.scenarios, start=1):
            met: set[str] = set()
            for change in (*grid, *scenario.changes, *drawn):
                if isinstance(change, Set | FixHours) and change.column in met:
                    error = DataError("batch.set_twice", name=change.column)
                    self.fault(f"scenario[{place}]" if scenario.name else "draws", error)
                met.add(change.column)


def _set(key: Any, value: Any) -> Change:
    key.form.read(value)
    return Set(key, value)


def _scale(key: Any, value: Any) -> Change:
    return Scale(key, FACTOR(value))


def _scale_demand(channel: Any, value: Any) -> Change:
    return ScaleDemand(channel, FACTOR(value))


def _fix_hours(value: Any) -> Change:
    return FixHours(parse_hours(text(value)))


def _demand(table: Mapping[str, Any]) -> Change:
    channel = choice(*CHANNELS)(table.get("channel", "walk_in"))
    start, end = (
        clock(2 * DAY)(table.get("from", "00:00")),
        clock(2 * DAY)(table.get("to", "48:00")),
    )
    has_band, has_days = "from" in table or "to" in table, "days" in table
    if (has_band and channel != "walk_in") or (has_days and channel == "diverted"):
        raise DataError("batch.demand_part", channel=channel)
    return ScaleDemand(
        channel,
        FACTOR(table.get("factor")),
        text(table["season"]) if "season" in table else None,
        parse_days(text(table["days"])) if has_days else EVERY_DAY,
        Span(start, min(end, start + DAY)) if has_band else None,
    )
