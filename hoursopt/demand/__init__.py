"""Hourly demand, also for hours in which the shop has never been open.

The one way in is `fit_demand`; the ways out are `DemandModel.curves`, `.draws` and `.date_draws`.
"""

from hoursopt.demand.fit import fit_demand as fit_demand
from hoursopt.demand.forecast import DemandModel as DemandModel
from hoursopt.demand.words import tell as tell
