"""A shelf on a Redis server, for processes on several machines."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from hybrid_guard.anonymizer.stores import redis_scripts
from hybrid_guard.anonymizer.stores.shelf import Changed, Clash, Held, Limits, Record, damaged, too_full, too_many
from hybrid_guard.anonymizer.tokens import BODY_LENGTH
from hybrid_guard.errors import VaultError

if TYPE_CHECKING:
    from redis import Redis

__all__ = ["RedisShelf"]

_PATIENCE = 2.0
_HASH = 16
_HEAD = struct.calcsize(">I") + _HASH + BODY_LENGTH
_PLACE = "the Redis server of the vaults"


class RedisShelf:
    """
    Sealed records on one server; each call is one script, and so one round trip.

    The server is reached when it is first needed. It counts the time to live itself and deletes what has expired. A
    server that may evict keys is refused: with a vault it would drop the high-water mark of its conversation.

    Args:
        url: ``rediss://``, ``redis://`` or ``unix://``.
        limits: What it keeps to.
        namespace: What its keys begin with.
    """

    def __init__(self, url: str, *, limits: Limits, namespace: str = "hybrid-guard") -> None:
        self._url = url
        self._limits = limits
        self._prefix = f"{namespace}:vault:".encode()
        self._index = f"{namespace}:vaults".encode()
        self._owner = f"{namespace}:owner".encode()
        self._lock = Lock()
        self._client: Redis | None = None

    def __repr__(self) -> str:
        return "<RedisShelf>"

    def claim(self, fingerprint: bytes) -> None:
        """See `Shelf`."""
        self._check_policy()
        if not self._script(redis_scripts.CLAIM, [self._owner], [fingerprint]):
            raise _another_key()

    def look(self, fingerprint: bytes) -> None:
        """See `Shelf`."""
        self._check_policy()
        if self._script(redis_scripts.LOOK, [self._index, self._owner], []) not in (None, fingerprint):
            raise _another_key()

    def read(self, name: bytes, *, records: bool) -> Held | None:
        """See `Shelf`."""
        reply = self._vault_script(redis_scripts.READ, name, b"1" if records else b"0")
        if reply is None:
            return None
        salt, mark, *rest = reply
        found = sorted(map(self._numbered, rest[::2], rest[1::2]), key=lambda one: one[0])
        return Held(salt=salt, mark=mark, records=tuple(record for _, record in found))

    def put(
        self, name: bytes, salt: bytes, records: Sequence[Record], *, begin: bytes | None
    ) -> tuple[Record, ...] | Changed | Clash:
        """See `Shelf`."""
        given = [part for one in records for part in (one.own, one.kin, one.body.encode(), one.content)]
        word, *rest = self._vault_script(redis_scripts.PUT, name, salt, begin or b"", *given)
        match word:
            case b"put":
                return tuple(self._numbered(one.own, held)[1] for one, held in zip(records, rest, strict=True))
            case b"gone":
                return Changed(salt=None)
            case b"changed":
                return Changed(salt=rest[0])
            case b"clash":
                return Clash(values=frozenset(map(int, rest[0])), bodies=frozenset(map(int, rest[1])))
            case b"full":
                raise too_full(self._limits.max_entries)
        raise too_many(self._limits.max_vaults)

    def swap(self, name: bytes, salt: bytes, old: bytes, new: bytes, *, begin: bool) -> bool:
        """See `Shelf`."""
        answer = self._vault_script(redis_scripts.SWAP, name, salt, old, new, b"1" if begin else b"0")
        if answer == b"many":
            raise too_many(self._limits.max_vaults)
        return bool(answer == b"yes")

    def forget(self, name: bytes) -> None:
        """See `Shelf`."""
        self._script(redis_scripts.FORGET, [self._key(name), self._index], [name.hex().encode()])

    def purge(self, prefix: bytes) -> int:
        """See `Shelf`."""
        keys = [self._index, self._owner]
        return int(self._script(redis_scripts.PURGE, keys, [prefix.hex().encode(), self._prefix]))

    def expire(self) -> int:
        """See `Shelf`."""
        return int(self._script(redis_scripts.EXPIRE, [self._index], []))

    def close(self) -> None:
        """See `Shelf`."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _check_policy(self) -> None:
        memory = self._ask(lambda client: client.info("memory"))
        # A server without bound drops nothing. One that does not tell its policy is asked for no more.
        if memory.get("maxmemory", 0) and memory.get("maxmemory_policy", "noeviction") != "noeviction":
            raise VaultError(
                f"{_PLACE} may evict them to make room; set its `maxmemory-policy` to `noeviction`", code="HG437"
            )

    def _key(self, name: bytes) -> bytes:
        return self._prefix + name.hex().encode()

    def _numbered(self, own: bytes, held: bytes) -> tuple[int, Record]:
        """A record and its number, from what the server holds."""
        try:
            (number,) = struct.unpack_from(">I", held)
            kin, body = held[4 : 4 + _HASH], held[4 + _HASH : _HEAD].decode("ascii")
        except (struct.error, UnicodeDecodeError):
            raise damaged(_PLACE) from None
        return number, Record(own=own, kin=kin, body=body, content=held[_HEAD:])

    def _vault_script(self, source: str, name: bytes, *arguments: bytes) -> Any:
        limits = self._limits
        common = [name.hex(), max(1, round(limits.ttl * 1000)), limits.max_vaults, limits.max_entries]
        return self._script(source, [self._key(name), self._index], [*common, *arguments])

    def _script(self, source: str, keys: Sequence[bytes], arguments: Sequence[Any]) -> Any:
        # The client sends the hash of the script, and the script itself only where the server does not know it.
        return self._ask(lambda client: client.register_script(source)(keys=keys, args=arguments))

    def _ask(self, question: Any) -> Any:
        """The server's answer; whatever goes wrong in our words, for the library's may quote what was sent."""
        import redis

        try:
            return question(self._open())
        except redis.exceptions.TimeoutError:
            failure = VaultError(
                f"{_PLACE} gave no answer in {_PATIENCE:g} seconds; look whether it is overloaded", code="HG431"
            )
        except (redis.exceptions.AuthenticationError, redis.exceptions.NoPermissionError):
            failure = VaultError(
                f"{_PLACE} refuses this user or one of its commands; correct the user and password in `vault.url`",
                code="HG432",
            )
        except redis.exceptions.OutOfMemoryError:
            failure = VaultError(f"{_PLACE} is full; give it more memory", code="HG433")
        except redis.exceptions.ConnectionError:
            failure = VaultError(f"{_PLACE} cannot be reached; start it, or correct `vault.url`", code="HG430")
        except redis.exceptions.ResponseError as error:
            failure = _explained(str(error))
        except (redis.exceptions.RedisError, ValueError) as error:
            failure = VaultError(f"{_PLACE} cannot be used ({type(error).__name__}); correct `vault.url`", code="HG430")
        raise failure

    def _open(self) -> Redis:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        with self._lock:
            if self._client is None:
                # One more try, for a connection that the server has closed meanwhile; asking twice does nothing twice.
                self._client = redis.Redis.from_url(
                    self._url,
                    socket_timeout=_PATIENCE,
                    socket_connect_timeout=_PATIENCE,
                    retry=Retry(NoBackoff(), 1),
                    decode_responses=False,
                )
            return self._client


def _another_key() -> VaultError:
    return VaultError(
        f"the vaults on {_PLACE} were made with another key; give that one, or purge all of them", code="HG435"
    )


def _explained(answer: str) -> VaultError:
    """An error that the server has answered, of which the library knows no kind."""
    if "WRONGTYPE" in answer:
        return damaged(_PLACE)
    return VaultError(f"{_PLACE} cannot keep them now; it is loading, read-only or older than version 5", code="HG430")
