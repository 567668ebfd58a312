"""Which figures of a new shop still stand as they were proposed."""

from __future__ import annotations

from hoursopt.workspace.history import Timeline

# Sections of a new shop that hold proposals; of its hours its owner has said all.
PROPOSED = frozenset({"economics", "service", "staff", "supplement", "limits"})


def unchecked(timeline: Timeline) -> frozenset[str]:
    """Sections of a founded shop that nobody changed or called right yet; none of other shops."""
    if timeline.trade is None:
        return frozenset()
    keys = (key for change in timeline.done for key in change.what.split())
    changed = {key.partition(".")[0].partition("[")[0] for key in keys}
    return PROPOSED - changed - timeline.checked
