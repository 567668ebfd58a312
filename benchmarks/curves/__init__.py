"""Demand curves against peers and against the truth; `python -m benchmarks demand` runs them."""
