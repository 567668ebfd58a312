"""What a shop is; `hoursopt.shop.file` reads and writes it as `shop.toml`."""

from hoursopt.shop.nouns import LANGUAGES as LANGUAGES
from hoursopt.shop.nouns import RULE_KINDS as RULE_KINDS
from hoursopt.shop.nouns import SOURCES as SOURCES
from hoursopt.shop.nouns import WITNESS_KINDS as WITNESS_KINDS
from hoursopt.shop.nouns import Decision as Decision
from hoursopt.shop.nouns import Diversion as Diversion
from hoursopt.shop.nouns import Economics as Economics
from hoursopt.shop.nouns import Event as Event
from hoursopt.shop.nouns import Exceptions as Exceptions
from hoursopt.shop.nouns import Horizon as Horizon
from hoursopt.shop.nouns import HoursInForce as HoursInForce
from hoursopt.shop.nouns import Limits as Limits
from hoursopt.shop.nouns import Range as Range
from hoursopt.shop.nouns import Rule as Rule
from hoursopt.shop.nouns import RuleKind as RuleKind
from hoursopt.shop.nouns import Service as Service
from hoursopt.shop.nouns import Shop as Shop
from hoursopt.shop.nouns import SourceOptions as SourceOptions
from hoursopt.shop.nouns import Sources as Sources
from hoursopt.shop.nouns import StaffGroup as StaffGroup
from hoursopt.shop.nouns import Supplement as Supplement
