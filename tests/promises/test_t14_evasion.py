"""T14: values stay found when they are hidden, and what is not found is suspicious."""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest

from hybrid_guard.detectors import build_detector
from hybrid_guard.ports import Detector
from hybrid_guard.text import visit
from hybrid_guard.types import DetectionSettings, Findings, Segment, SegmentRole
from tests.promises.evasions import FRAMES, MIXED, TRANSFORMS, VALUES, Case, make_case

ROUNDS = 15 if os.environ.get("HG_NIGHTLY") else 1
"""Values of each type, for each transform and language: 4000 texts, or 60,000 at night."""

COVERED = 0.8
"""Share of the letters and digits of a value that must be covered for it to count as found."""


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The detectors of patterns, for the languages of the sentences."""
    return build_detector(
        DetectionSettings(detectors=("patterns.v1", "secrets.v1"), languages=("en", "de", "fr", "es", "it", "pl"))
    )


def cases(transforms: Iterable[str]) -> Iterable[Case]:
    """Every type in every language; the values are other ones for each cell."""
    for transform in transforms:
        for kind in VALUES:
            for language in FRAMES:
                for number in range(ROUNDS):
                    yield make_case(kind, transform, language, random.Random(f"{transform}{kind}{language}{number}"))


def read(detector: Detector, case: Case) -> Findings:
    """What is found in one text."""
    return detector.detect([Segment(path="", text=case.text)], language=case.language)


def is_found(case: Case, findings: Findings) -> bool:
    """Whether the spans cover the hidden value."""
    covered = {index for one in findings.spans[0] for index in range(one.start, one.end)}
    value = range(case.start, case.end)
    needed = [index for index in value if case.text[index].isalnum()] or list(value)
    return sum(index in covered for index in needed) >= COVERED * len(needed)


def judge(
    detector: Detector, transforms: Iterable[str]
) -> tuple[float, Mapping[str, float], Sequence[tuple[str, str]]]:
    """Recall over all, recall of each transform, and (transform, type) of what was neither found nor suspicious."""
    found: dict[str, list[bool]] = defaultdict(list)
    leaks: list[tuple[str, str]] = []
    for case in cases(transforms):
        findings = read(detector, case)
        found[case.transform].append(is_found(case, findings))
        if not found[case.transform][-1] and not findings.suspicious:
            leaks.append((case.transform, case.kind))
    every = [hit for hits in found.values() for hit in hits]
    return sum(every) / len(every), {name: sum(hits) / len(hits) for name, hits in found.items()}, leaks


def test_the_matrix_is_as_large_as_it_says() -> None:
    """At least 31 transforms, 18 types and 6 languages."""
    assert (len(TRANSFORMS) >= 31, len(VALUES) >= 18, len(FRAMES) >= 6) == (True, True, True)


def test_plain_values_are_found(detector: Detector) -> None:
    """Recall of structured values that nobody hides."""
    recall, _, leaks = judge(detector, ["plain"])
    assert recall >= 0.995, leaks


def test_hidden_values_are_found_or_suspicious(detector: Detector) -> None:
    """Recall of every reversible transform, and no value that goes out unnoticed."""
    recall, each, leaks = judge(detector, TRANSFORMS)
    assert recall >= 0.97
    assert {name: rate for name, rate in each.items() if rate < 0.9} == {}
    assert leaks == []


def test_mixtures_are_seen_through_too(detector: Detector) -> None:
    """Two transforms, one after the other, and further encodings."""
    recall, _, leaks = judge(detector, MIXED)
    assert recall >= 0.95
    assert len(leaks) <= 0.01 * len(MIXED) * len(VALUES) * len(FRAMES) * ROUNDS


def talk(*told: tuple[SegmentRole, str, str]) -> list[Segment]:
    """Segments from (role, path, text)."""
    return [Segment(path=path, text=text, role=role) for role, path, text in told]


@pytest.mark.parametrize("kind", ["card", "e-mail", "IBAN", "AWS key", "SSN", "GitHub token"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_value_split_over_texts_is_found_in_each_of_them(detector: Detector, kind: str, share: float) -> None:
    """Over two messages, with or without an answer between, over parts, and over arguments of a tool."""
    value = VALUES[kind][0](random.Random(f"{kind}{share}"))
    cut = int(len(value) * share)
    one, two = f"The first half is {value[:cut]}", f"{value[cut:]} is the rest"
    requests = {
        "messages": talk(("user", "/messages/0/content", one), ("user", "/messages/1/content", two)),
        "roles": talk(
            ("user", "/messages/0/content", one),
            ("assistant", "/messages/1/content", "Thank you, go on."),
            ("user", "/messages/2/content", two),
        ),
        "parts": talk(("user", "/messages/0/content/0/text", one), ("user", "/messages/0/content/1/text", two)),
        "arguments": talk(
            ("assistant", "/messages/0/tool_calls/0/function/arguments/0#key", "a"),
            ("assistant", "/messages/0/tool_calls/0/function/arguments/0", value[:cut]),
            ("assistant", "/messages/0/tool_calls/0/function/arguments/1#key", "b"),
            ("assistant", "/messages/0/tool_calls/0/function/arguments/1", value[cut:]),
        ),
    }
    for name, segments in requests.items():
        findings = detector.detect(segments, language="en")
        assert findings.suspicious, name
        halves = [
            segment.text[span.start : span.end]
            for segment, spans in zip(segments, findings.spans, strict=True)
            for span in spans
        ]
        assert any(value[:cut].strip() in half for half in halves), name
        assert any(value[cut:].strip() in half for half in halves), name


def test_a_value_split_character_by_character_is_found(detector: Detector) -> None:
    """Sixteen messages of one digit each."""
    digits = VALUES["American Express"][0](random.Random(5)).replace(" ", "")
    told = [("user", f"/messages/{index}/content", digit) for index, digit in enumerate(digits)]
    findings = detector.detect([Segment(path=path, text=text, role="user") for _, path, text in told], language="en")
    assert findings.suspicious
    assert all(spans for spans in findings.spans)


ARGUMENTS = "/messages/1/tool_calls/{}/function/arguments/0{}"

QUARTERS: dict[str, tuple[tuple[SegmentRole, str, str], ...]] = {
    "messages": (
        ("user", "/messages/0/content", "my card is"),
        *(("user", f"/messages/{index + 1}/content", f"{{{index}}}") for index in range(4)),
        ("user", "/messages/5/content", "thanks"),
    ),
    "messages with answers between": tuple(
        one
        for index, text in enumerate(("my card", "{0}", "{1}", "{2}", "{3}", "bye"))
        for one in (
            ("user", f"/messages/{2 * index}/content", text),
            ("assistant", f"/messages/{2 * index + 1}/content", "ok"),
        )
    ),
    "parts": (
        ("user", "/messages/0/content/0/text", "the number is"),
        *(("user", f"/messages/0/content/{index + 1}/text", f"{{{index}}}") for index in range(4)),
        ("user", "/messages/0/content/5/text", "as I said"),
    ),
    "a list of arguments": (
        ("user", "/messages/0/content", "charge it"),
        ("assistant", ARGUMENTS.format(0, "#key"), "card"),
        *(("assistant", ARGUMENTS.format(0, f"/{index}"), f"{{{index}}}") for index in range(4)),
        ("tool", "/messages/2/content", "done"),
    ),
    "a list of arguments after a number": (
        ("user", "/messages/0/content", "charge it"),
        ("assistant", ARGUMENTS.format(0, "#key"), "amount"),
        ("assistant", ARGUMENTS.format(0, ""), "30"),
        ("assistant", ARGUMENTS.replace("/0{}", "/1{}").format(0, "#key"), "card"),
        *(
            ("assistant", ARGUMENTS.replace("/0{}", "/1{}").format(0, f"/{index}"), f"{{{index}}}")
            for index in range(4)
        ),
        ("tool", "/messages/2/content", "done"),
    ),
    "numbers on both sides": (
        ("user", "/messages/0/content", "7"),
        *(("user", f"/messages/{index + 1}/content", f"{{{index}}}") for index in range(4)),
        ("user", "/messages/5/content", "3.5"),
    ),
    "parallel calls": (
        ("user", "/messages/0/content", "charge it"),
        *(("assistant", ARGUMENTS.format(index, ""), f"{{{index}}}") for index in range(4)),
        ("tool", "/messages/2/content", "done"),
    ),
    "keys and values": (
        ("user", "/messages/0/content", "charge it"),
        ("assistant", ARGUMENTS.format(0, "/0#key"), "{0}"),
        ("assistant", ARGUMENTS.format(0, "/0"), "{1}"),
        ("assistant", ARGUMENTS.format(0, "/1#key"), "{2}"),
        ("assistant", ARGUMENTS.format(0, "/1"), "{3}"),
        ("tool", "/messages/2/content", "done"),
    ),
}
"""A card in four texts with others around it that are no part of it."""


@pytest.mark.parametrize("place", QUARTERS)
def test_a_card_in_four_texts_is_found_beside_others(detector: Detector, place: str) -> None:
    """Whatever is said before and after it, every quarter is found and the request is suspicious."""
    rng = random.Random(place)
    for _ in range(10):
        digits = VALUES["card"][0](rng).replace(" ", "").replace("-", "")
        size = -(-len(digits) // 4)
        parts = [digits[at : at + size] for at in range(0, len(digits), size)]
        told = [(role, path, text.format(*parts)) for role, path, text in QUARTERS[place]]
        findings = detector.detect(talk(*told), language="en")
        assert findings.suspicious
        found = [text for (_, _, text), spans in zip(told, findings.spans, strict=True) if spans]
        assert found == parts


def test_neighbours_that_are_whole_are_not_glued_together(detector: Detector) -> None:
    """A value at the end of a message does not swallow the beginning of the next one."""
    told: tuple[SegmentRole, str, str] = ("user", "/messages/0/content", "write to joe@example.com")
    segments = talk(told, ("user", "/messages/1/content", "thanks"))
    findings = detector.detect(segments, language="en")
    assert not findings.suspicious
    assert [len(spans) for spans in findings.spans] == [1, 0]


BENIGN = (
    "你好，请问怎么去北京？我想买三张票。",
    "مرحبا كيف حالك اليوم؟ أريد أن أسأل عن الطقس في القاهرة",
    "こんにちは、明日の会議は10時からです。",
    "नमस्ते, आप कैसे हैं? मुझे दिल्ली जाना है।",
    "Привет, как дела? Расскажи про React и JavaScript",
    "Γειά σου, πώς είσαι; Χρησιμοποιώ Python",
    "😀😃 great day 👨\u200d👩\u200d👧\u200d👦 ❤️❤️❤️ 🇩🇪🇫🇷 1️⃣2️⃣3️⃣",
    "می\u200cخواهم به خانه بروم و کتاب می\u200cخوانم",
    "안녕하세요, 저는 학생입니다. Java를 공부합니다.",
    "שלום, מה שלומך? אני לומד Python",
    "Việt Nam là một đất nước đẹp, naïve café, Łódź",
    "for i in range(10): print(a[i:2], x ** 2, y << 3, '\\n', b'\\x00\\xff')",
    "SELECT a.b, COUNT(*) FROM t WHERE x >= 10 AND y <> '%s' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8",
    "| a | b |\n|---|---|\n| 12 | 0.325 |\n| 41 | 17.25 |\n| 7 | 1024 |",
    "x = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]; 1 0 0 1 0 1 1 0",
    "48/2 = <<48/2=24>>24 and 240 + 180 + 150 = 570, so 5168 - 1907 = 3261",
    "<p>Fish &amp; chips &mdash; caf&eacute; <b>today</b><br>at 5&nbsp;pm</p>",
    "https://example.com/search?q=two%20words&page=3&lang=en#top",
    "**Bold**, _slanted_ and `code`, then 1. one 2. two 3. three",
    "one two three four five six seven eight nine ten",
    "A B C D E F G H, i.e. the first letters; U.S.A. and e.g. this",
    "let us meet at noon at the dot on the map, at this point in time",
    '{"id": 17, "name": "caf\\u00e9", "tags": ["a", "b"], "ratio": 0.25}',
)


def digests() -> list[str]:
    """Hashes, identifiers and pictures."""
    rng = random.Random(1)
    return [
        f"commit {rng.randbytes(20).hex()} fixes it",
        f"sha256:{rng.randbytes(32).hex()}",
        f"id {rng.getrandbits(32):08x}-1234-4abc-8def-{rng.getrandbits(48):012x}",
        f"took {rng.random()} s for {rng.randrange(10**8)} rows on 2024-05-11T10:22:33Z",
    ]


def test_ordinary_texts_are_not_suspicious(detector: Detector) -> None:
    """Many languages and scripts, emoji, code, tables, sums, markup, links, hashes."""
    texts = [*BENIGN, *digests()]
    flagged = [text for text in texts if detector.detect([Segment(path="", text=text)], language="en").suspicious]
    assert flagged == []


MAKERS: tuple[Callable[[random.Random], object], ...] = (
    lambda rng: {"lat": round(rng.uniform(-90, 90), 4), "lon": round(rng.uniform(-180, 180), 4), "radius": 14},
    lambda rng: {"start": f"2026-11-{rng.randint(10, 28)}", "limit": rng.randint(5, 100)},
    lambda rng: {
        "sku": f"A{rng.randint(100, 9999)}",
        "qty": rng.randint(1, 20),
        "price": round(rng.uniform(1, 900), 2),
    },
    lambda rng: {"rows": [[rng.randint(0, 999) for _ in range(4)] for _ in range(4)]},
    lambda rng: {"path": f"/src/app_{rng.randint(1, 99)}.py", "line": rng.randint(1, 900), "column": 12},
    lambda rng: {"values": [round(rng.random(), 3) for _ in range(8)]},
)


def test_the_data_of_tools_hides_nothing(detector: Detector) -> None:
    """Calls with counts and measures, side by side in any order, are no disguise of a card."""
    rng = random.Random(3)
    doubtful = 0
    for _ in range(100):
        arguments = [json.dumps(rng.choice(MAKERS)(rng)) for _ in range(rng.randint(1, 3))]
        calls = [{"id": "c", "function": {"name": "f", "arguments": one}} for one in arguments]
        answers = [
            {"role": "tool", "content": json.dumps({"count": rng.randint(1, 500), "took": rng.randint(1, 900)})}
            for _ in calls
        ]
        body = {"messages": [{"role": "assistant", "tool_calls": calls}, *answers]}
        doubtful += detector.detect(visit(body, endpoint="chat").segments, language="en").suspicious
    assert doubtful <= 3
