"""Hourly demand, also for hours in which the shop has never been open.

The one way in is `fit_demand`; the ways out are `DemandModel.curves`, `.draws` and `.date_draws`.
"""

from typing import TYPE_CHECKING

from hoursopt.late import late

if TYPE_CHECKING:
    from hoursopt.demand.fit import fit_demand as fit_demand
    from hoursopt.demand.forecast import DemandModel as DemandModel
    from hoursopt.demand.words import tell as tell

__getattr__ = late(
    __name__,
    {
        "fit_demand": "fit",
        "DemandModel": "forecast",
        "tell": "words",
    },
)
