"""The request parser keeps what arrives, in whatever pieces it arrives."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.testing.wire import RecordedRequest, RequestParser, dechunk

PLAIN = b"POST /v1/x?a=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST /y HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: t\r\n\r\n"
)
BARE = b"GET /z HTTP/1.1\r\n\r\n"


def read_pieces(data: bytes, cuts: list[int]) -> tuple[list[RecordedRequest], RequestParser]:
    """Feed *data*, cut at the places in *cuts*."""
    parser, places = RequestParser(), sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    requests = [request for start, stop in pairwise(places) for request in parser.feed(data[start:stop])]
    return requests, parser


@given(st.lists(st.integers(0, 1000)))
def test_cuts_do_not_matter(cuts: list[int]) -> None:
    """Three requests in a row are read alike wherever the stream is cut."""
    requests, parser = read_pieces(PLAIN + CHUNKED + BARE, cuts)
    assert [(request.method, request.path, request.body) for request in requests] == [
        ("POST", "/v1/x", b"hello"),
        ("POST", "/y", b"hello"),
        ("GET", "/z", b""),
    ]
    assert all(request.complete for request in requests)
    assert parser.partial is None
    assert not parser.broken


@pytest.mark.parametrize("request_bytes", [PLAIN[:-2], CHUNKED[: CHUNKED.index(b"lo\r\n")]])
def test_an_unfinished_body_is_kept(request_bytes: bytes) -> None:
    """What has arrived of a body can be read although the rest never comes."""
    requests, parser = read_pieces(request_bytes, [])
    assert requests == []
    assert parser.partial is not None
    assert parser.partial.body == b"hel"
    assert not parser.partial.complete


@pytest.mark.parametrize(
    "data", [b"\x16\x03\x01\x02\x00\x01", b"hello there\r\n", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"]
)
def test_what_is_not_http_is_left_alone(data: bytes) -> None:
    """The first bytes of TLS, lines of text and unreadable lengths end the parsing without an exception."""
    _, parser = read_pieces(data, [])
    assert parser.broken
    assert parser.feed(BARE) == []


def test_absolute_targets_have_a_path() -> None:
    """A proxy is sent whole URLs; the path is what lies behind the host."""
    (request,), _ = read_pieces(b"GET http://host:80/a/b?c=http://d HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\n\r\n", [])
    assert request.path == "/a/b"
    assert request.header("X-a") == "1"
    assert request.header("missing") == ""


def test_damaged_chunks_give_what_came_before() -> None:
    """Bytes that were sent have been sent, even when the framing breaks later."""
    assert dechunk(b"3\r\nabc\r\nzz\r\n") == b"abc"
    assert dechunk(b"5\r\nab") == b"ab"


def test_a_request_shows_no_content() -> None:
    """The repr of a request names its method and nothing that may be private."""
    (request,), _ = read_pieces(PLAIN, [])
    assert "hello" not in repr(request)
    assert "a=1" not in repr(request)
