"""What if: rules that do not hold, other margins, pay and habits, answered as they are moved."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from hoursopt.demand.model import Learned
from hoursopt.errors import HoursoptError
from hoursopt.i18n import Texts
from hoursopt.kept import Answer
from hoursopt.pages import decision
from hoursopt.pages.desk import supposed
from hoursopt.pages.markup import lines, paragraph, plain, tag
from hoursopt.pages.reasons import money
from hoursopt.pages.session import Visit, show, show_all
from hoursopt.plan import Estimate, Plan, SeasonPlan, Study
from hoursopt.planning import ties_seasons
from hoursopt.suppose import Supposition

PER_CENT = tuple(range(0, 101))
PAY = tuple(range(-30, 51))
COST_STEP, DEAREST = 0.5, 40


@st.fragment
def what_if(here: Visit, answer: Answer, season: SeasonPlan) -> None:
    """Switches and sliders, and beside them the week that would then be the best."""
    t = here.t
    show(tag("h2", t("suppose.title")), paragraph(t("suppose.words")))
    if ties_seasons(here.shop):
        show(paragraph(t("suppose.alone"), "quiet"))
    asked, told = st.columns([3, 2], gap="large")
    with asked:
        without: frozenset[str] = frozenset()
        if here.shop.rules_of(season.name):
            show(tag("p", t("suppose.rules"), class_="ho-label"))
            without = _switches(here, answer.plan, season)
            together = together_price(answer.plan, season.name, t)
            show(*([paragraph(together, "quiet")] if together else []))
        show(tag("p", t("suppose.figures"), class_="ho-label"))
        alike = st.toggle(t("suppose.alike"), key=f"alike-{season.name}", persist_state="session")
        for price in answer.plan.wishes:
            if (price.season, price.wish) == (season.name, "same_weekdays"):
                words = rule_price(price.price, answer.plan.currency, t)
                show(paragraph(words, "quiet under"))
        what = _sliders(here, answer, season, without, alike)
        st.button(
            t("suppose.back"),
            on_click=_back,
            args=(season.name,),
            disabled=what.is_nothing,
            icon=":material/undo:",
        )
    with told:
        try:
            _result(here, season, what)
        except HoursoptError as fault:
            show(tag("div", lines(t.describe(fault)), class_="ho-fault", role="alert"))


def _switches(here: Visit, plan: Plan, season: SeasonPlan) -> frozenset[str]:
    """A switch for each rule of the season, with its price; names of those switched off."""
    t = here.t
    prices = {price.name: price.price for price in plan.rules if price.season == season.name}
    off = set()
    for rule in here.shop.rules_of(season.name):
        holds = st.toggle(
            plain(rule.name),
            value=True,
            key=f"rule-{season.name}-{rule.name}",
            persist_state="session",
        )
        if rule.name in prices:
            show(paragraph(rule_price(prices[rule.name], plan.currency, t), "quiet under"))
        if not holds:
            off.add(rule.name)
    return frozenset(off)


def together_price(plan: Plan, season: str, t: Texts) -> str | None:
    """What all rules cost together, where they are several."""
    prices = [
        price.price
        for price in plan.together
        if (price.season, price.freed) == (season, "rules") and round(price.price.mean) > 0
    ]
    if not prices or len([price for price in plan.rules if price.season == season]) < 2:
        return None
    return t("suppose.together", **money(prices[0], plan.currency, t))


def rule_price(price: Estimate, currency: str, t: Texts) -> str:
    """What a rule costs, in words."""
    if round(price.mean) <= 0:
        return t("suppose.free")
    return t("suppose.costs", **money(price, currency, t))


def _sliders(
    here: Visit, answer: Answer, season: SeasonPlan, without: frozenset[str], alike: bool
) -> Supposition:
    """Margins, pay, costs and habits; what is left where it stands is not supposed."""
    t, shop = here.t, here.shop
    economics, habits = shop.economics, answer.portrait.diversion
    online = answer.portrait.curves[season.name].online.mean.any()

    percent, more = partial(_percent, t), partial(_more, t)
    costly = partial(_costly, t, shop.currency)

    def slide(
        name: str, options: Sequence[float], own: float, say: Callable[..., str]
    ) -> float | None:
        # The browser names a place by its words: two places of the same words would be one.
        others = (option for option in options if say(option) != say(own))
        values = sorted({*others, own})
        chosen = st.select_slider(
            t(f"suppose.{name}", currency=shop.currency),
            values,
            value=own,
            format_func=say,
            key=f"if-{name}-{season.name}",
            persist_state="session",
        )
        return None if chosen == own else float(chosen)

    margin = slide("margin_rate", PER_CENT, _per_cent(economics.margin_rate), percent)
    web = None
    if online:
        own = _per_cent(economics.online_margin_rate)
        web = slide("online_margin_rate", PER_CENT, own, percent)
    pay = slide("pay", PAY, 0, more)
    costs = [step * COST_STEP for step in range(int(DEAREST / COST_STEP) + 1)]
    cost = slide(
        "open_hour_cost",
        costs,
        economics.open_hour_cost,
        costly,
    )
    shares = {}
    for name in ("recaptured", *(["online"] if online else [])):
        habit: Learned = habits[name]
        share = slide(name, PER_CENT, _per_cent(habit.mean), percent)
        if share is not None:
            # The fit knows no shop that gets back every customer.
            shares[name] = min(share / 100, 0.99)
    return Supposition(
        margin_rate=None if margin is None else margin / 100,
        online_margin_rate=None if web is None else web / 100,
        open_hour_cost=cost,
        pay=1 + (pay or 0) / 100,
        shares=shares,
        without=without,
        alike=alike,
    )


# A slider asks for the words of every place it has, each time that any of them is moved.
@functools.lru_cache(maxsize=2048)
def _percent(t: Texts, value: float) -> str:
    return t.percent(value / 100, digits=1)


@functools.lru_cache(maxsize=2048)
def _more(t: Texts, value: float) -> str:
    return f"+{_percent(t, value)}" if value > 0 else _percent(t, value)


@functools.lru_cache(maxsize=2048)
def _costly(t: Texts, currency: str, value: float) -> str:
    return t.money(value, currency)


def _result(here: Visit, season: SeasonPlan, what: Supposition) -> None:
    """The best week under the supposition, against today's under the same."""
    t, currency = here.t, here.shop.currency
    if what.is_nothing:
        show_all(
            decision.door_sign(
                t("page.hours_best"), season.best.hours, season.today.hours, t, best=True
            ),
            decision.gain_facts(season.gain, season.probability_better, currency, t),
            paragraph(t("suppose.nothing"), "quiet ho-answer"),
        )
        return
    study = supposed(here, season.name, what)
    hours = study.best.week.hours
    title = t("suppose.best_then")
    # In one piece: the browser draws it at once, and the last of it is the answer in words.
    show_all(
        decision.door_sign(title, hours, season.best.hours, t, best=True, than="suppose.unlike"),
        decision.gain_facts(Estimate.of(study.gain), float((study.gain > 0).mean()), currency, t),
        paragraph(_compared(study, season, currency, t), "ho-answer"),
        *([paragraph(t("suppose.not_proven"), "quiet")] if not _proven(study) else []),
    )


def _compared(study: Study, season: SeasonPlan, currency: str, t: Texts) -> str:
    """Profit of the best week then and now, in words."""
    profits = (study.best.ledger.profit, season.best_ledger.profit)
    then, now = (t.money(profit, currency, 0) for profit in profits)
    difference = decision.signed(profits[0] - profits[1], currency, t)
    same = study.best.week.hours == season.best.hours
    key = "suppose.same_hours" if same else "suppose.other_hours"
    return t(key, then=then, now=now, difference=difference)


def _proven(study: Study) -> bool:
    return study.best.proof.status == "optimal"


def _back(season: str) -> None:
    """All switches and sliders where they were."""
    for key in list(st.session_state):
        if str(key).startswith(("if-", "rule-", "alike-")) and season in str(key):
            del st.session_state[key]


def _per_cent(share: float) -> float:
    """A share in per cent, whole where it is."""
    value = round(100 * share, 1)
    return int(value) if value.is_integer() else value
