"""litellm is loaded so that it asks nobody, and not used where its settings would copy or divert a call."""

from __future__ import annotations

import os
from types import MethodType, SimpleNamespace
from typing import Any

import pytest

from hybrid_guard.backends.offline import COPIES, DIVERSIONS, OFFLINE_SWITCHES, load_litellm, refuse_diversions
from hybrid_guard.errors import EgressError


def test_every_switch_is_set_before_litellm_is_imported() -> None:
    """What the tables of the package hold is not fetched."""
    litellm = load_litellm()

    assert all(os.environ.get(name) for name in OFFLINE_SWITCHES)
    assert litellm.telemetry is False
    assert litellm.suppress_debug_info is True
    assert load_litellm() is litellm


@pytest.mark.parametrize("name", [*COPIES, *DIVERSIONS])
def test_litellm_has_every_setting_that_is_looked_at(name: str) -> None:
    """A setting that litellm renames is noticed here."""
    assert hasattr(load_litellm(), name)


def test_settings_at_rest_are_accepted() -> None:
    """Empty lists, and settings that litellm does not have."""
    refuse_diversions(SimpleNamespace(callbacks=[], success_callback=None, num_retries=0, cache=None))
    refuse_diversions(SimpleNamespace(success_callback=["cache"]))


def test_a_router_counts_and_keeps_no_text() -> None:
    """litellm's routers register themselves; a router of somebody's own may do anything, and so may what it adds."""
    router = load_litellm().Router
    ours = object.__new__(router)
    theirs: Any = object.__new__(type("Router", (router,), {"__del__": lambda self: None}))

    refuse_diversions(SimpleNamespace(success_callback=[ours.sync_deployment_callback_on_success]))
    for callback in (theirs.sync_deployment_callback_on_success, MethodType(print, ours)):
        with pytest.raises(EgressError):
            refuse_diversions(SimpleNamespace(success_callback=[callback]))


def test_what_listens_is_named_and_not_shown() -> None:
    """The error tells the lists and the remedy."""
    with pytest.raises(EgressError) as caught:
        refuse_diversions(SimpleNamespace(callbacks=["very private"], failure_callback=[print]))

    assert caught.value.code == "HG703"
    assert "`callbacks`, `failure_callback`" in str(caught.value)
    assert "private" not in str(caught.value)


def test_what_diverts_is_named_and_not_shown() -> None:
    """So it does for settings."""
    with pytest.raises(EgressError) as caught:
        refuse_diversions(SimpleNamespace(model_alias_map={"very": "private"}, num_retries=2))

    assert caught.value.code == "HG704"
    assert "`litellm.model_alias_map`, `litellm.num_retries`" in str(caught.value)
    assert "private" not in str(caught.value)
