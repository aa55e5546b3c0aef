"""The section `vault`: which store, where it is, and what it must not be given."""

from __future__ import annotations

import secrets

import pytest

from hybrid_guard.errors import PolicyError
from hybrid_guard.policies import check_policy, effective, parse_policy, vaults
from hybrid_guard.types import Policy

HEAD = "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
ENV = {"PASSWORD": secrets.token_hex(16), "SPACED": "a b"}


def load(section: str) -> Policy:
    """A policy with that section."""
    return parse_policy(f"{HEAD}vault: {{{section}}}\n", env=ENV)


def problem(section: str) -> PolicyError:
    """The only thing that is wrong."""
    (error,) = check_policy(f"{HEAD}vault: {{{section}}}\n", env=ENV)
    return error


def test_a_file_and_a_server_are_compiled() -> None:
    """With their limits, and variables put in."""
    file = load("store: sqlite, path: data/vault.db, key: hsm, max_entries: 50, max_vaults: 7").vault
    server = load('store: redis, url: "rediss://guard:${PASSWORD}@redis.example:6380/0"').vault

    assert (file.store, file.path, file.key) == ("sqlite", "data/vault.db", "hsm")
    assert (file.max_entries, file.max_vaults) == (50, 7)
    assert server.url == f"rediss://guard:{ENV['PASSWORD']}@redis.example:6380/0"
    assert ENV["PASSWORD"] not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "redis://localhost",
        "redis://[::1]:7",
        "rediss://redis.example",
        "unix:///run/r.sock",
    ],
)
def test_servers_near_or_encrypted_are_taken(url: str) -> None:
    """Loopback and sockets as they are, everything else with TLS."""
    assert load(f'store: redis, url: "{url}"').vault.url == url


@pytest.mark.parametrize(
    ("section", "code", "words"),
    [
        ("store: sqlite", "HG126", "needs `path`, such as `vault.db`"),
        ("store: redis", "HG126", "needs `url`"),
        ("path: a.db", "HG126", "`path` means nothing to `store: memory`"),
        ("key: hsm", "HG126", "`key` means nothing to `store: memory`"),
        ("store: sqlite, path: a.db, url: 'unix:///a'", "HG126", "`url` means nothing to `store: sqlite`"),
        ("store: redis, url: 'unix:///a', path: a.db", "HG126", "`path` means nothing to `store: redis`"),
        ("store: redis, url: 'redis://10.0.0.1'", "HG120", "begin with `rediss://`"),
        ("store: redis, url: 'redis://redis.example'", "HG120", "begin with `rediss://`"),
        ("store: redis, url: 'http://127.0.0.1'", "HG120", "should be `rediss://host:port/0`"),
        ("store: redis, url: 'redis://127.0.0.1:0'", "HG120", "should be"),
        ("store: redis, url: 'redis://127.0.0.1:x'", "HG120", "should be"),
        ("store: redis, url: 'rediss://r.example/0?ssl_cert_reqs=none'", "HG120", "should be"),
        ("store: redis, url: 'unix://'", "HG120", "should be"),
        ("store: redis, url: 'rediss://:hunter2@r.example'", "HG117", "a secret in the file"),
        ("store: redis, url: 'rediss://u:${PASSWORD}x@r.example'", "HG117", "a secret in the file"),
        ("store: redis, url: '${NOWHERE}'", "HG116", "`NOWHERE` is not set"),
        ("store: redis, url: '${SPACED}'", "HG116", "white space"),
        ("store: sqlite, path: '${PASSWORD}'", "HG118", "`vault.url`"),
        ("store: file", "HG110", "known: memory, sqlite, redis"),
        ("max_entries: 20001", "HG109", "at most 20000"),
        ("max_vaults: 0", "HG109", "at least 1"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(section: str, code: str, words: str) -> None:
    """With the remedy, and without the address or a password."""
    error = problem(section)

    assert (error.code, error.line) == (code, 4)
    assert words in str(error)
    assert "hunter2" not in str(error)
    assert ENV["PASSWORD"] not in str(error)


def test_a_store_without_its_package_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client of Redis is an extra."""
    monkeypatch.setattr(vaults, "find_spec", lambda name: None)

    error = problem("store: redis, url: 'unix:///a'")

    assert error.code == "HG126"
    assert 'pip install "hybrid-guard[redis]"' in str(error)


def test_what_is_shown_holds_no_user_and_no_password() -> None:
    """Nor is either a part of the digest; the limits are shown, and count."""
    one = load('store: redis, url: "rediss://guard:${PASSWORD}@redis.example:6380/0"')
    other = load('store: redis, url: "rediss://redis.example:6380/0"')

    assert effective(one)["vault"] == {
        "store": "redis",
        "ttl": 3600.0,
        "url": "rediss://redis.example:6380/0",
        "max_entries": 10000,
        "max_vaults": 10000,
    }
    assert one.digest == other.digest != load('store: redis, url: "rediss://other.example:6380/0"').digest
    assert load("max_entries: 9").digest != load("ttl: 3600").digest == load("max_entries: 10000").digest
