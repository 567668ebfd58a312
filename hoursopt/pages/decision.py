"""The decision in words and door signs: what to do, and what it should bring."""

from __future__ import annotations

from hoursopt.hours import OpeningHours, Spans
from hoursopt.i18n import Texts
from hoursopt.pages.markup import Markup, paragraph, tag
from hoursopt.plan import Advice, Plan, SeasonPlan
from hoursopt.tables import proof_text

HARDLY = 0.01


def headline(plan: Plan, t: Texts) -> Markup:
    """What the whole horizon should bring."""
    if all(season.best.hours == season.today.hours for season in plan.seasons):
        return paragraph(t("page.year_same"), "lead")
    amounts = (plan.year_gain.mean, plan.year_gain.low, plan.year_gain.high)
    mean, low, high = (t.money(amount, plan.currency, 0) for amount in amounts)
    date = t.date(plan.start)
    told = t("page.year_gain", count=plan.weeks, date=date, mean=mean, low=low, high=high)
    return paragraph(told, "lead")


def advice(kind: Advice, asked: float, t: Texts) -> Markup:
    """What to do, and why; `asked` is the certainty that the owner asks for."""
    why = t(f"page.advice_{kind}_why", asked=t.percent(asked))
    return tag(
        "div",
        tag("strong", t(f"page.advice_{kind}")),
        tag("span", why),
        class_=f"ho-advice {kind}",
    )


def decision(season: SeasonPlan, plan: Plan, t: Texts) -> Markup:
    """Today's and the best door sign, and the figures that decide between them."""
    signs = [
        door_sign(t("page.hours_today"), season.today.hours, season.today.hours, t),
        door_sign(t("page.hours_best"), season.best.hours, season.today.hours, t, best=True),
    ]
    return tag("div", *signs, facts(season, plan, t), class_="ho-decision")


def door_sign(
    title: str, hours: tuple[Spans, ...], today: tuple[Spans, ...], t: Texts, *, best: bool = False
) -> Markup:
    """A week as it hangs on the door; days unlike today's are marked in form and word."""
    rows = [
        tag(
            "tr",
            tag("th", t.weekday(weekday, short=True), scope="row"),
            tag("td", t.spans(spans), *changed(spans != today[weekday], t)),
            class_=" ".join([*(["shut"] * (not spans)), *(["new"] * (spans != today[weekday]))]),
        )
        for weekday, spans in enumerate(hours)
    ]
    total = t("page.week_hours", hours=t.number(OpeningHours(hours).week_hours))
    return tag(
        "section",
        tag("h3", title),
        tag("table", tag("tbody", *rows)),
        tag("p", total),
        class_="ho-sign best" if best else "ho-sign",
    )


def changed(differs: bool, t: Texts) -> list[Markup]:
    """The mark of a changed day, with its word for those who do not see it."""
    note = t("page.hours_changed")
    return [tag("span", "●", class_="ho-mark", title=note, aria_label=note)] * differs


def facts(season: SeasonPlan, plan: Plan, t: Texts) -> Markup:
    """Gain with its range, the chance of being better, and the proof."""
    proof = paragraph(proof_text(season.proof, t), "quiet")
    if season.best.hours == season.today.hours:
        return tag("div", paragraph(t("plan.same")), proof, class_="ho-facts")
    gain, currency = season.gain, plan.currency
    low, high = (t.money(amount, currency, 0) for amount in (gain.low, gain.high))
    figures = [
        (t("page.gain"), signed(gain.mean, currency, t), t("page.gain_range", low=low, high=high)),
        (t("page.chance"), chance(season.probability_better, t), t("page.chance_note")),
    ]
    items = [
        tag("div", tag("dt", name), tag("dd", tag("b", value), tag("small", note)))
        for name, value, note in figures
    ]
    key = tag("p", tag("span", "●", class_="ho-mark"), " ", t("page.hours_changed"))
    return tag("div", tag("dl", *items), key, proof, class_="ho-facts")


def chance(share: float, t: Texts) -> str:
    """A chance of so many draws in which nothing is certain."""
    if share > 1 - HARDLY:
        return f"> {t.percent(1 - HARDLY)}"
    return f"< {t.percent(HARDLY)}" if share < HARDLY else t.percent(share)


def signed(amount: float, currency: str, t: Texts) -> str:
    """Money in whole units with its sign."""
    told = t.money(amount, currency, 0)
    return f"+{told}" if round(amount) > 0 else told
