"""Pictures for people: demand and staff of a week, one day's curve, the worth of hours.

The only user of altair. Every picture takes the texts of a language and the theme it stands on, and
says nothing by colour alone.
"""

from hoursopt.charts.curve import day_curve as day_curve
from hoursopt.charts.demand import CELL as CELL
from hoursopt.charts.demand import demand_week as demand_week
from hoursopt.charts.past import past_days as past_days
from hoursopt.charts.roster import staff_week as staff_week
from hoursopt.charts.scenarios import Outcome as Outcome
from hoursopt.charts.scenarios import outcomes as outcomes
from hoursopt.charts.worth import edge_worth as edge_worth
