"""The summary for people, against sums by hand."""

from __future__ import annotations

from hoursopt.batch.answering import Result, failure
from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.summary import Summing, Total
from hoursopt.batch.telling import summary_text
from hoursopt.batch.work import ChainRun
from hoursopt.errors import RulesConflict, SolverError
from hoursopt.i18n import Texts


def a_run(
    shop: str, whatif: WhatIf, best: float, gain: float = 5.0, currency: str = "EUR"
) -> ChainRun:
    result = Result(
        "Mo 10:00-12:00 | Tu 10:00-12:00", best - gain, best, gain, 1.0, 9.0, "optimal", 0.0, 1.0
    )
    return ChainRun(shop, currency, whatif, {}, result)


def summed(*runs: ChainRun) -> Summing:
    summing = Summing()
    for run in runs:
        summing.add(run)
    return summing


AS_IS = WhatIf("as it is", is_base=True)
DEAR = WhatIf("dear")


def test_totals_are_sums_over_shops_and_compared_with_no_change() -> None:
    runs = [a_run("a", AS_IS, 100), a_run("a", DEAR, 90), a_run("b", AS_IS, 200, 7)]
    totals = summed(*runs, a_run("b", DEAR, 170)).summary().totals
    assert totals == (
        Total("as it is", "EUR", 2, 288.0, 300.0, 12.0),
        Total("dear", "EUR", 2, 250.0, 260.0, 10.0, against=-40.0),
    )


def test_what_fewer_shops_answered_is_not_compared() -> None:
    runs = [a_run("a", AS_IS, 100), a_run("b", AS_IS, 200), a_run("a", DEAR, 90)]
    assert summed(*runs).summary().totals[1].against is None


def test_draws_give_a_mean_and_a_range_of_the_chains_gain() -> None:
    runs = [
        a_run(shop, WhatIf("x", draw=draw), 100.0, gain)
        for shop in ("a", "b")
        for draw, gain in ((1, 0.0), (2, 10.0), (3, 20.0))
    ]
    (total,) = summed(*runs).summary().totals
    assert (total.shops, total.gain, total.low, total.high) == (2, 20.0, 4.0, 36.0)


def test_greatest_gains_come_first_and_hours_are_counted() -> None:
    runs = [a_run(str(number), AS_IS, 100.0, float(number % 7)) for number in range(30)]
    summary = summed(*runs).summary()
    assert [run.result.gain for run in summary.top] == [6.0] * 4 + [5.0] * 4 + [4.0] * 2
    assert [run.shop for run in summary.top[:4]] == ["6", "13", "20", "27"]
    assert summary.hours == (("Mo 10:00-12:00", 30), ("Tu 10:00-12:00", 30))


def test_a_shop_stands_once_among_the_greatest_gains_of_its_currency() -> None:
    kronor = [
        a_run("k", whatif, 9.0, gain, "SEK") for whatif, gain in ((AS_IS, 50.0), (DEAR, 60.0))
    ]
    euros = [a_run(shop, whatif, 9.0) for shop in ("a", "b") for whatif in (AS_IS, DEAR)]
    top = summed(*kronor, *euros).summary().top
    assert [(run.shop, run.whatif.label) for run in top] == [
        ("k", "dear"),
        ("a", "as it is"),
        ("b", "as it is"),
    ]


def test_of_a_single_shop_its_runs_are_ranked() -> None:
    top = summed(a_run("a", AS_IS, 9.0, 1.0), a_run("a", DEAR, 9.0, 2.0)).summary().top
    assert [run.whatif.label for run in top] == ["dear", "as it is"]


def test_want_of_time_is_not_kept_and_a_conflict_of_rules_is() -> None:
    assert not failure("en", SolverError("program.no_answer", attempts="")).lasting
    assert failure("en", RulesConflict("program.conflict", count=1)).lasting


def test_runs_without_an_answer_are_counted_by_what_stopped_them() -> None:
    failed = ChainRun("a", "", AS_IS, {}, Result(error="no file / line 2"))
    killed = ChainRun("b", "", AS_IS, {}, Result(status="killed", error="gone"))
    summary = summed(failed, failed, killed, a_run("c", AS_IS, 1)).summary()
    assert (summary.runs, summary.proven, summary.failed, summary.killed) == (4, 1, 2, 1)
    assert dict(summary.errors) == {"no file": 2, "gone": 1}
    for language in ("fi", "sv", "en"):
        assert "no file" in summary_text(summary, Texts(language))
