"""What-if runs: many scenarios over one shop or a chain of them, and nothing is lost.

For one shop in this process, as the page does it:

    from hoursopt.batch import answers, shop_grid

    keys = {"economics.margin_rate": [0.40, 0.45], "scale.staff.*.hourly_wage": [1.0, 1.08]}
    sweep = shop_grid(shop, keys)
    for run in answers(shop, model, sweep, Options()):   # stop: leave the loop
        run.whatif.name, run.values, run.result.gain, run.result.hours, run.result.error

    shop_grid(shop: Shop, values: Mapping[str, Sequence[Any]]) -> Sweep
    answers(shop: Shop, model: DemandModel, sweep: Sweep, options: Options | None = None)
        -> Iterator[Answered]                            # Answered: whatif, shop, result, values
    len(sweep)                                           # how many runs

`sweep` reads `SWEEP.toml`, `applying` does a what-if to a shop, `answering` is one run.
"""

from hoursopt.batch.answering import Result as Result
from hoursopt.batch.here import Answered as Answered
from hoursopt.batch.here import answers as answers
from hoursopt.batch.here import shop_grid as shop_grid
from hoursopt.batch.sweep import Sweep as Sweep
