"""Hourly demand, also for hours in which the shop has never been open.

The one way in is `fit_demand`; the ways out are `DemandModel.curves`, `.draws` and `.date_draws`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hoursopt.demand.fit import fit_demand as fit_demand
    from hoursopt.demand.forecast import DemandModel as DemandModel
    from hoursopt.demand.words import tell as tell

_PARTS = {
    "fit_demand": "fit",
    "DemandModel": "forecast",
    "tell": "words",
}


def __getattr__(name: str) -> Any:
    """A part of this room when it is first asked for: its nouns alone are there at once."""
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PARTS[name]}"), name)
