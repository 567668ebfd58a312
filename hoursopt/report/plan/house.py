"""House rules for the hours: one page to sign and to hang up where the staff sees it."""

from __future__ import annotations

from hoursopt.report.nouns import Column, Row, Section, Table, Words
from hoursopt.report.subject import Subject

RULES = ("hours", "deviate", "inside", "late", "alone", "exceptions", "sick", "record")


def house_rules(subject: Subject) -> Section:
    """Who may deviate, staying open while customers are in, how exceptions are announced."""
    t = subject.t
    web = subject.shop.web
    rows = []
    for name in RULES:
        rows.append(Row((t(f"report.house_{name}"), _capital(t(f"report.house_{name}_rule")))))
    if web:
        rows.append(Row((t("report.house_web"), _capital(t("report.house_web_rule", web=web)))))
    columns = (Column(t("report.house_case"), broad=1.0), Column(t("report.house_rule"), broad=2.8))
    blocks = (
        Words((t("report.house_words"),)),
        Table("", columns, tuple(rows)),
        Words((t("report.house_signed"),)),
    )
    return Section(t("report.house"), blocks, "days", own_page=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
