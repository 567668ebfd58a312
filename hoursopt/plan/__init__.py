"""What a plan is: nouns only.

`estimate` and `options` are what all speak in; `study` is what a plan was made of, `why` what
explains it, `season` the plan of each season and of the horizon.
"""

from hoursopt.plan.estimate import Estimate as Estimate
from hoursopt.plan.estimate import Floats as Floats
from hoursopt.plan.options import Options as Options
from hoursopt.plan.robust import Outlook as Outlook
from hoursopt.plan.robust import RobustWeek as RobustWeek
from hoursopt.plan.season import Advice as Advice
from hoursopt.plan.season import Plan as Plan
from hoursopt.plan.season import SeasonPlan as SeasonPlan
from hoursopt.plan.season import SpecialDay as SpecialDay
from hoursopt.plan.season import Value as Value
from hoursopt.plan.study import Study as Study
from hoursopt.plan.why import Alternative as Alternative
from hoursopt.plan.why import Edge as Edge
from hoursopt.plan.why import Explanation as Explanation
from hoursopt.plan.why import LimitPrice as LimitPrice
from hoursopt.plan.why import PartialChange as PartialChange
from hoursopt.plan.why import RulePrice as RulePrice
from hoursopt.plan.why import Stability as Stability
from hoursopt.plan.why import Steering as Steering
from hoursopt.plan.why import Together as Together
from hoursopt.plan.why import Trial as Trial
from hoursopt.plan.why import WantedHours as WantedHours
from hoursopt.plan.why import Week as Week
from hoursopt.plan.why import WholeDay as WholeDay
from hoursopt.plan.why import Wish as Wish
from hoursopt.plan.why import WishPrice as WishPrice
