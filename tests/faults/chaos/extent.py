"""The number of faults and the seed: `make faults` asks for many faults, `make test` for one of each."""

import os
import random

FAULTS = int(os.environ.get("TIDEMARK_TEST_FAULTS", "0"))
SEED = int(os.environ.get("TIDEMARK_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
