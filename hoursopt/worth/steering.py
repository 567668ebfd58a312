"""The steering guard: what of a gain comes from turning shop customers into web customers.

Where a web order earns more than a sale, the best hours on paper are short ones. The owner must
see that part apart before believing the rest.
"""

from __future__ import annotations

from hoursopt.evaluate import Assessment
from hoursopt.plan import Estimate, Steering, Study


def steering(study: Study) -> Steering:
    """Customers whom the best week sends to the web shop beyond those of today's, and their money.

    On the draws that the plan has not seen, as the gain is.
    """
    best = Assessment(study.fresh, study.best.week)
    today = Assessment(study.fresh, study.today.week)
    turned = best.flow.online.sum(axis=(1, 2)) - today.flow.online.sum(axis=(1, 2))
    served = best.ledger.served
    return Steering(
        customers=float(turned.mean()),
        part=Estimate.of(turned * study.fresh.online_margin),
        web_margin=study.fresh.online_margin,
        shop_margin=best.ledger.sales_margin / served if served > 0 else 0.0,
    )
