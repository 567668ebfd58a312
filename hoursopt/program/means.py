"""Customers served of all draws, worked out once for the same customers.

This is most of the work of the tables, and no money is in it: a week is planned again and again
with other margins, wages and costs, and the day book and the program ask for the tables of one
week each. So the latest means are kept, by the content of all that they hang on.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from hoursopt.response import served
from hoursopt.shop import Service

Floats = NDArray[np.float64]

KEPT = 256
"""Means kept: those of a few weeks."""

_kept: OrderedDict[tuple[object, ...], Floats] = OrderedDict()
_turn = Lock()


def mean_served(arrivals: Floats, most: int, service: Service, slot_hours: float) -> Floats:
    """(..., n) customers served of `arrivals` (R, ...) by n = 0..most people, means; read only."""
    digest = hashlib.blake2b(np.ascontiguousarray(arrivals).data).digest()
    minutes = service.minutes_per_customer, service.patience_minutes
    asked = (arrivals.shape, digest, most, minutes, slot_hours)
    with _turn:
        if asked in _kept:
            _kept.move_to_end(asked)
            return _kept[asked]
    found: Floats = served(arrivals[..., None], np.arange(most + 1), service, slot_hours).mean(
        axis=0
    )
    found.setflags(write=False)
    if minutes[0] <= 0:
        # Nobody waits: worked out as fast as found.
        return found
    with _turn:
        _kept[asked] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found
