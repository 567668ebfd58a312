"""Basket value per slot, shrunk towards the shop's mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Squared coefficient of variation of single baskets where values come as slot sums only.
BASKET_VARIATION = 0.6


def shrunk_baskets(counts: Floats, values: Floats) -> Floats:
    """(H,) mean sale per customer of each slot, from sums (N, H) of counts and of money.

    A slot's deviation is shrunk by its own noise (James-Stein, method of moments); a slot without
    sales gets the shop's mean.
    """
    customers, money = counts.sum(axis=0), values.sum(axis=0)
    overall = money.sum() / customers.sum()
    seen = customers > 0
    deviation = np.zeros(customers.size)
    deviation[seen] = money[seen] / customers[seen] / overall - 1
    used = max(int(seen.sum()) - 1, 0)
    spread = (customers @ deviation**2 - BASKET_VARIATION * used) / customers.sum()
    between = max(float(spread), 0.0)
    noise = np.divide(BASKET_VARIATION, customers, out=np.full(customers.size, np.inf), where=seen)
    keep = between / (between + noise) if between > 0 else np.zeros(customers.size)
    baskets: Floats = overall * (1 + keep * deviation)
    return baskets
