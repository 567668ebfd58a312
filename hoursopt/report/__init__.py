"""Reports for the owner, her bank and her accountant: the plan, and the review after the season.

A report is made once from a kept plan (`plan_report`) and set in three forms by `render`:

    kept = find_plan(loaded)                                # of the store, if nothing has changed
    plan, kept = make_plan(loaded, Options())               # else a new one, for `keep(kept, shop)`
    report = plan_report(kept, loaded.shop, "fi")           # or season="summer"
    render(report, ".html"), render(report, ".pdf"), render(report, ".xlsx")        # bytes each

A page that has planned already makes what is kept itself, without planning again:
`plan_to_keep(loaded, shop, model, studies, plan, options) -> KeptPlan`, of which `shop` may have
other figures than loaded.shop. `html_text(report) -> str` is the preview, one self-contained page.

After a season `choose_plan(plans, loaded, season)` finds the plan that was kept when it began, and
`review_report(chosen, loaded, model, language)` sets what came beside what was expected.
"""

from __future__ import annotations

from hoursopt.errors import DataError
from hoursopt.report.html import html_text
from hoursopt.report.keeping import find_plan as find_plan
from hoursopt.report.keeping import keep as keep
from hoursopt.report.keeping import make_plan as make_plan
from hoursopt.report.keeping import plan_to_keep as plan_to_keep
from hoursopt.report.nouns import Report
from hoursopt.report.plan import plan_report as plan_report
from hoursopt.report.review import choose_plan as choose_plan
from hoursopt.report.review import review_report as review_report

FORMS = (".html", ".pdf", ".xlsx")


def render(report: Report, form: str) -> bytes:
    """A report in one of `FORMS`, by the ending of its file.

    Raises DataError `report.ending` for another one.
    """
    if form in (".html", ".htm"):
        return html_text(report).encode()
    if form == ".pdf":
        from hoursopt.report.pdf import pdf_bytes

        return pdf_bytes(report)
    if form == ".xlsx":
        from hoursopt.report.excel import excel_bytes

        return excel_bytes(report)
    raise DataError("report.ending", file=form)
