"""One hypothesis profile for people and CI: no deadline, since machines are noisy. And the servers."""

import logging
import os

import structlog
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.servers.fixtures", "tests.support.log_engines", "tests.support.simulated_year"]

settings.register_profile(
    "tidemark",
    deadline=None,
    max_examples=int(os.environ.get("TIDEMARK_TEST_EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("tidemark")

# What a ledger logs while a test breaks things is not what the test has to say.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
