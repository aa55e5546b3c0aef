"""Where a text is part of a link. In each case ``«`` marks a place that is, ``·`` a place that is not."""

from __future__ import annotations

import pytest

from hybrid_guard.anonymizer.context import LinkContext

CASES = [
    "·see ·https://«a.example/?q=«x« ·then· ·",
    "·ftp://«x<·b",
    "·a:·b /·/ :/·x",
    "·HTTP://«x\t·",
    "·www.«a.example ·xwww.«a ·",
    "·evil.example/«x ·evil.co.uk?«q ·a.xn--p1ai:«80 ·e.g./·x 1.2.·3 end.·",
    "·evil\u3002example/«x ·evil\uff61example\uff0ecom/«x ·1.2.3.4/«x ·10.0.0.1:«80 ·und\u3002·so",
    "·[text](«//a.example/«x)·",
    "·![](«a(b)c«)· (·x)",
    "·](«  //a/«x)·",
    "·](«a\\)«b)·",
    "·](«<//a b)«c>«)· x",
    "·](«<//a\\>«b>«)· x",
    "·](«<//a\n«)·",
    "·](«a\n«b\n\n·c",
    "·](«(«)«",
    "·url(«//a)· curl(«x)· (·",
    "·[a]· [b]·]·",
    "·[a]: ·//«x ·",
    "·[a]: \\«x ·",
    "·[a]: <«//a b«> ·",
    "·[a]:\n ·A«da« ·Ada·",
    "·[a]: https:«\\\\«b.example/«x ·",
    "·[a]: h«ttps&colon;&sol;&sol;«b.example ·",
    '·[a]: ·"Ada·" **·Ada',
    "·see https:\\·x",
    "·see https:\\\\«x ·http:/\\«x",
    "·www.«/·x",
    "·<img src=«\"«//a/«x\"· alt=«'«x'·>·x",
    "·<img src=«//a/«x ·y>·",
    "·<img src=«//a>·",
    "·<img src=«>·",
    "·<img src= «\n\n«x« ·",
    '·<img\n\n·x=«"\n\n«"·',
    "·a <b ·and https://«b.example/«x ·c=«d ·>·",
    "·a <b ·[x](«y)·",
    "·<a/·href=«x",
    "·</a x=«y",
    "·<b>·x=·y",
    "·a < ·b=·c",
    "·i<n;·x=·y",
    "·<·https://«x",
]


@pytest.mark.parametrize("case", CASES)
def test_links_are_recognised(case: str) -> None:
    """The places that are marked as inside are inside, and no others, whether read at once or by character."""
    single, text = LinkContext(), ""
    for char in case:
        if char not in "«·":
            single.advance(char)
            text += char
            continue
        whole = LinkContext()
        whole.advance(text)

        assert whole.inside == single.inside == (char == "«"), text
