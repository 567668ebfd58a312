"""The decision in words and door signs: what to do, and what it should bring."""

from __future__ import annotations

from collections.abc import Sequence

from hoursopt.hours import OpeningHours, Spans
from hoursopt.i18n import Texts
from hoursopt.pages.markup import Markup, paragraph, tag
from hoursopt.plan import Estimate, Plan, SeasonPlan

HARDLY = 0.01


def headline(plan: Plan, t: Texts) -> Markup:
    """What the whole horizon should bring."""
    if all(season.best.hours == season.today.hours for season in plan.seasons):
        return paragraph(t("page.year_same"), "lead")
    if plan.year_gain.mean < 0:
        less = t.money(-plan.year_gain.mean, plan.currency, 0)
        return paragraph(t("report.lead_rules", less=less), "lead")
    amounts = (plan.year_gain.mean, plan.year_gain.low, plan.year_gain.high)
    mean, low, high = (t.money(amount, plan.currency, 0) for amount in amounts)
    date = t.date(plan.start)
    told = t("page.year_gain", count=plan.weeks, date=date, mean=mean, low=low, high=high)
    return paragraph(told, "lead")


def advice(season: SeasonPlan, asked: float, t: Texts) -> Markup:
    """What to do, and why; `asked` is the certainty that the owner asks for."""
    kind = season.advice
    why = [t(f"page.advice_{kind}_why", asked=t.percent(asked))]
    if not any(season.best.hours):
        why.insert(0, t("page.never_open"))
    if season.uncounted:
        why.insert(0, t("why.uncounted"))
    return tag(
        "div",
        tag("strong", t(f"page.advice_{kind}")),
        tag("span", " ".join(why)),
        class_=f"ho-advice {kind}",
    )


def more_to_win(plan: Plan, season: SeasonPlan, t: Texts) -> list[Markup]:
    """That trials could win more, which the plan tells further down."""
    from hoursopt.tables.why import trials_lead

    told = trials_lead(plan, season.name, t)
    return [paragraph(told)] if told else []


def door_sign(
    title: str,
    hours: tuple[Spans, ...],
    today: tuple[Spans, ...],
    t: Texts,
    *,
    best: bool = False,
    than: str = "page.hours_changed",
) -> Markup:
    """A week as it hangs on the door; days unlike `today` are marked in form and word."""
    rows = [
        tag(
            "tr",
            tag("th", t.weekday(weekday, short=True), scope="row"),
            tag("td", t.spans(spans), *changed(spans != today[weekday], t(than))),
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


def changed(differs: bool, note: str) -> list[Markup]:
    """The mark of a changed day, with its word for those who do not see it."""
    return [tag("span", "●", class_="ho-mark", title=note, aria_label=note, role="img")] * differs


def today_facts(season: SeasonPlan, currency: str, t: Texts) -> Markup:
    """What today's hours leave."""
    profit = t.money(season.today_ledger.profit, currency, 0)
    return facts([(t("decide.profit"), profit, t("decide.profit_note"))])


def gain_facts(gain: Estimate, probability: float, currency: str, t: Texts) -> Markup:
    """Gain with its range, and the chance of being better."""
    low, high = (t.money(amount, currency, 0) for amount in (gain.low, gain.high))
    return facts(
        [
            (
                t("page.gain"),
                signed(gain.mean, currency, t),
                t("page.gain_range", low=low, high=high),
            ),
            (t("page.chance"), chance(probability, t), t("page.chance_note")),
        ]
    )


def facts(figures: Sequence[tuple[str, str, str]]) -> Markup:
    """Figures with what they are above them and what they mean below."""
    items = [
        tag("div", tag("dt", name), tag("dd", tag("b", value), tag("small", note)))
        for name, value, note in figures
    ]
    return tag("dl", *items, class_="ho-facts")


def proof(season: SeasonPlan, t: Texts) -> Markup:
    """The mark of changed days, and what the solver has proved."""
    from hoursopt.tables import proof_text

    key = tag("span", tag("span", "●", class_="ho-mark"), " ", t("page.hours_changed"))
    return tag("p", key, " · ", proof_text(season.proof, t), class_="ho-text quiet")


def chance(share: float, t: Texts) -> str:
    """A chance of so many draws in which nothing is certain."""
    if share > 1 - HARDLY:
        return f"> {t.percent(1 - HARDLY)}"
    return f"< {t.percent(HARDLY)}" if share < HARDLY else t.percent(share)


def signed(amount: float, currency: str, t: Texts) -> str:
    """Money in whole units with its sign."""
    told = t.money(round(amount) + 0.0, currency, 0)
    return f"+{told}" if round(amount) > 0 else told


def signed_percent(share: float, t: Texts) -> str:
    """A share in whole per cent with its sign."""
    whole = round(100 * share)
    told = t.percent(whole / 100)
    return f"+{told}" if whole > 0 else told
