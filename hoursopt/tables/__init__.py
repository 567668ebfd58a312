"""Plain text for people: what every command shows, as aligned tables in three languages."""

from hoursopt.tables.inputs import check_text as check_text
from hoursopt.tables.inputs import doctor_text as doctor_text
from hoursopt.tables.inputs import fit_text as fit_text
from hoursopt.tables.inputs import suggested_text as suggested_text
from hoursopt.tables.inputs import suggested_words as suggested_words
from hoursopt.tables.layout import aligned as aligned
from hoursopt.tables.layout import titled as titled
from hoursopt.tables.plans import MONEY as MONEY
from hoursopt.tables.plans import plan_text as plan_text
from hoursopt.tables.plans import proof_text as proof_text
from hoursopt.tables.plans import shift_texts as shift_texts
from hoursopt.tables.plans import value_text as value_text
from hoursopt.tables.seasons import seasons_text as seasons_text
from hoursopt.tables.seasons import seasons_words as seasons_words
