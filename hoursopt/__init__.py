"""hoursopt: when should a shop be open? Demand curves, a staffed week proven best, its worth."""

import os

# With several threads numpy's small matrices are twenty times slower on a busy machine; it reads
# this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
