"""What each hour is worth, what each rule costs, other weeks as good, and hours to try."""

from hoursopt.worth.reasons import explain as explain
from hoursopt.worth.wanted import wanted_hours as wanted_hours
