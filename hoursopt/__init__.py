"""hoursopt: when should a shop be open? Demand curves, a staffed week proven best, its worth."""
