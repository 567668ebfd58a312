"""Counts per slot and channel with exposure: what every later step reads.

A closed slot is never a zero: it has exposure 0 and state CLOSED, and nobody may read its count.
"""

from hoursopt.observations.chain import Peer as Peer
from hoursopt.observations.channels import Channel as Channel
from hoursopt.observations.channels import Note as Note
from hoursopt.observations.channels import State as State
from hoursopt.observations.observe import Observations as Observations
from hoursopt.observations.observe import observe as observe
from hoursopt.observations.observe import spoken_days as spoken_days
from hoursopt.observations.observe import tell as tell
from hoursopt.observations.suggest import FoundHours as FoundHours
from hoursopt.observations.suggest import Stretch as Stretch
from hoursopt.observations.suggest import SuggestedHours as SuggestedHours
from hoursopt.observations.suggest import suggest_hours as suggest_hours
from hoursopt.observations.suggest import suggested_json as suggested_json
