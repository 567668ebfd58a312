"""Which figures of a new shop still stand as they were proposed."""

from __future__ import annotations

from hoursopt.workspace import history
from hoursopt.workspace.history import Timeline

# Sections of a new shop that hold proposals; of its hours its owner has said all.
PROPOSED = frozenset({"economics", "service", "staff", "supplement", "limits"})


def unchecked(timeline: Timeline) -> frozenset[str]:
    """Sections of a founded shop that nobody changed or called right yet; none of other shops."""
    if timeline.trade is None:
        return frozenset()
    told = (change.what.split() for change in timeline.done)
    keys = (key for words in told if words[:1] != [history.PROPOSED] for key in words)
    changed = {key.partition(".")[0].partition("[")[0] for key in keys}
    return PROPOSED - changed - timeline.checked
