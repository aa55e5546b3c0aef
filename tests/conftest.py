"""What every test may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from hybrid_guard.cli.policy.test import assessor
from hybrid_guard.policies.check import Assess
from hybrid_guard.types import Policy
from tests.redis_server import RedisServer, running

# No test depends on how fast the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(name="assess", scope="session")
def make_assess() -> Callable[[Policy], Assess]:
    """Real detection for a policy, as `hybrid-guard policy test` does it."""
    return assessor


@pytest.fixture(name="redis_process", scope="session")
def run_redis() -> Iterator[RedisServer]:
    """A real Redis server for all tests."""
    with running() as server:
        yield server


@pytest.fixture(name="redis_server")
def empty_redis(redis_process: RedisServer) -> RedisServer:
    """A real Redis server that holds nothing."""
    redis_process.client.flushall()
    return redis_process
