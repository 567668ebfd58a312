"""`python -m hoursopt`."""

import sys

from hoursopt.cli import main

sys.exit(main())
