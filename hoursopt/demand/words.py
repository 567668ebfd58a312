"""What the fit has to say, in the reader's words."""

from __future__ import annotations

from hoursopt.demand.model import Diagnostic
from hoursopt.i18n import Texts


def tell(found: Diagnostic, texts: Texts) -> str:
    """A diagnostic as a sentence, its source named as the reader names it."""
    values = dict(found.values)
    if "source" in values:
        values["source"] = texts(f"observe.source.{values['source']}")
    return texts(found.key, **values)
