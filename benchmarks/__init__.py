"""Figures that the notes quote; never a test."""

import os

# Ours and the peers run on one thread; libraries read this when they are first imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
