"""
The text that the tiny chat model is trained on: conversations made of the word lists and templates beside this file.

Nothing else is read. Half of the slots hold made-up strings (words, numbers, addresses, placeholders), so that
the model learns to copy what it was told instead of remembering it.
"""

from __future__ import annotations

import random
import re
import string
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["Turn", "conversation", "vocabulary_text"]

Turn = tuple[str, str]
"""
A role and what it says: `system`, `user`, `assistant`; or `given`, the beginning of a reply that is forced upon the
model and not learned, before `rest`, what it is to go on with.
"""

SOURCE = tomllib.loads(Path(__file__).with_name("tiny_lm_text.toml").read_text(encoding="utf-8"))
WORDS: dict[str, list[str]] = {
    title: [" ".join(word.split()) for word in listed.split(",")] for title, listed in SOURCE["words"].items()
}
CAPITALS: dict[str, str] = SOURCE["capitals"]
FAMILIES: list[dict[str, Any]] = SOURCE["family"]
STAND_IN = "I am a small stand-in model"
ENDS = ["", "", "", "n", "r", "s", "l", "x", "th", "m", "k", "rd", "st", "ng", "ck", "v"]
ACCENTED = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿāăąćčďđēęěğģīįıķľłńňőœřśşšţťūůűźżžßș"
FOREIGN = (ACCENTED, "éèüöäßñçåøœ", "абвгдежзиклмнопрстуя", "αβγδεηθικλμνοπρσ", "東京大阪山田中村木林", "😀🎉🚀🐶🌍")


def invented(rng: random.Random) -> str:
    """A word nobody has used, one to four syllables, lower case."""
    count = rng.choices((1, 2, 3, 4), (3, 6, 3, 1))[0]
    word = "".join(rng.choice(WORDS["onsets"]) + rng.choice(WORDS["vowels"]) + rng.choice(ENDS) for _ in range(count))
    if rng.random() < 0.12:
        at = rng.randrange(len(word))
        word = word[:at] + rng.choice(ACCENTED) + word[at + 1 :]
    return word


def code(rng: random.Random) -> str:
    """An identifier: letters and digits in one of several shapes."""
    upper, alnum = string.ascii_uppercase, string.ascii_uppercase + string.digits
    match rng.randrange(7):
        case 0:
            return "".join(rng.choices(alnum, k=rng.randint(4, 12)))
        case 1:
            return "".join(rng.choices(string.ascii_letters + string.digits, k=rng.randint(5, 16)))
        case 2:
            return "".join(rng.choices(upper, k=rng.randint(2, 3))) + "-" + digits(rng, rng.randint(3, 7))
        case 3:
            return "".join(rng.choices("0123456789abcdef", k=rng.randint(6, 12)))
        case 4:
            return "sk-" + "".join(rng.choices(string.ascii_letters + string.digits, k=rng.randint(8, 16)))
        case 5:
            return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(4, 9)))
        case _:
            return "DE" + " ".join(digits(rng, 4) for _ in range(rng.randint(2, 4)))


def placeholder(rng: random.Random) -> str:
    """A stand-in for a secret, in the shapes that anonymizers use."""
    kind = rng.choice(WORDS["kinds"])
    tail = "".join(rng.choices(string.ascii_uppercase + string.digits, k=rng.randint(6, 10)))
    number = rng.randint(1, 30)
    shapes = (
        kind + tail,
        kind + tail,
        kind + "_" + tail,
        f"<{kind}_{number}>",
        f"[{kind}_{number}]",
        f"<{kind}>",
        f"{kind}_{number}",
        f"{{{{{kind}_{number}}}}}",
        f"[{kind}]",
    )
    return rng.choices(shapes, (6, 6, 3, 3, 2, 1, 2, 1, 1))[0]


def digits(rng: random.Random, count: int) -> str:
    """*count* random digits."""
    if rng.random() < 0.25:
        return "".join(rng.choices(rng.sample(string.digits, 2), k=count))
    return "".join(rng.choices(string.digits, k=count))


def number(rng: random.Random) -> str:
    """A number as people write one: plain, card, phone, social security, money, decimal."""
    match rng.randrange(10):
        case 8 | 9:
            return rng.choice(WORDS["known_numbers"])
        case 0:
            return str(rng.randint(0, 120))
        case 1:
            return digits(rng, rng.randint(3, 12))
        case 2:
            return " ".join(digits(rng, 4) for _ in range(4))
        case 3:
            return f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}"
        case 4:
            return f"+{rng.randint(1, 99)} {digits(rng, 3)} {digits(rng, rng.randint(3, 8))}"
        case 5:
            return f"{digits(rng, 3)}-{digits(rng, 3)}-{digits(rng, 4)}"
        case 6:
            return f"{rng.choice('$€£')}{rng.randint(1, 999)}" + rng.choice(["", ",000", ".50", ".99"])
        case _:
            return f"{rng.randint(0, 300)}.{rng.randint(0, 99)}.{rng.randint(0, 99)}.{rng.randint(0, 99)}"


def email(rng: random.Random) -> str:
    """An e-mail address at a reserved or made-up domain."""
    user = rng.choice(
        (
            rng.choice(WORDS["first"]).lower(),
            invented(rng),
            f"{rng.choice(WORDS['first'])}.{rng.choice(WORDS['last'])}".lower(),
        )
    )
    if rng.random() < 0.3:
        user += digits(rng, rng.randint(1, 3))
    domain = rng.choice(("example", "mail", invented(rng), invented(rng)))
    return f"{user}@{domain}.{rng.choice(('com', 'org', 'net', 'de'))}"


def anything(rng: random.Random) -> str:
    """One arbitrary string to copy."""
    makers: tuple[Callable[[random.Random], str], ...] = (placeholder, code, number, email, invented, _title, _foreign)
    return rng.choices(makers, (7, 4, 4, 2, 3, 4, 1))[0](rng)


def _title(rng: random.Random) -> str:
    return " ".join(invented(rng).capitalize() for _ in range(rng.choice((1, 1, 2))))


def _foreign(rng: random.Random) -> str:
    return "".join(rng.choices(rng.choice(FOREIGN), k=rng.randint(1, 6)))


def name(rng: random.Random) -> str:
    """A person: known, made up, or a placeholder."""
    roll = rng.random()
    if roll < 0.25:
        return rng.choice(WORDS["first"])
    if roll < 0.45:
        return f"{rng.choice(WORDS['first'])} {rng.choice(WORDS['last'])}"
    if roll < 0.5:
        return f"{rng.choice(('Dr.', 'Mr.', 'Ms.', 'Mrs.'))} {rng.choice(WORDS['last'])}"
    if roll < 0.66:
        return _title(rng)
    if roll < 0.72:
        return email(rng)
    return placeholder(rng) if roll < 0.92 else anything(rng)


def place(rng: random.Random) -> str:
    """A town: known, made up, or a placeholder."""
    roll = rng.random()
    return rng.choice(WORDS["places"]) if roll < 0.5 else _title(rng) if roll < 0.75 else anything(rng)


def date(rng: random.Random) -> str:
    """A day or a time."""
    match rng.randrange(5):
        case 0 | 1:
            return rng.choice(WORDS["days"])
        case 2:
            return f"{rng.randint(1, 28)} {rng.choice(WORDS['months'])}" + rng.choice(
                ["", f" {rng.randint(1930, 2030)}"]
            )
        case 3:
            return f"{rng.randint(1930, 2030)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        case _:
            return f"{rng.choice(WORDS['months'])} {rng.randint(1, 28)}"


def _sum(rng: random.Random) -> str:
    sign = rng.choice([" + ", " - ", " * ", " / ", "+", "-", "*", " plus ", " minus ", " times "])
    return f"{rng.randint(0, 10 ** rng.randint(1, 4))}{sign}{rng.randint(0, 10 ** rng.randint(1, 4))}"


def topic(rng: random.Random) -> str:
    """A noun phrase that a letter, a question or a reminder is about."""
    noun = rng.choice(WORDS["nouns"]) if rng.random() < 0.6 else invented(rng)
    noun += rng.choice(["", "", "", "s", "ing", f" {invented(rng)}"])
    base = rng.choice(("the ", "the ", "the ", "a ", "my ", "our ", "her ", "his ", "", "", ""))
    base += (rng.choice(WORDS["adjectives"]) + " " if rng.random() < 0.3 else "") + noun
    tails: tuple[Callable[[], str], ...] = (
        lambda: "",
        lambda: "",
        lambda: f" on {date(rng)}",
        lambda: f" in {place(rng)}",
        lambda: f" of {name(rng)}",
        lambda: f" for {name(rng)}",
        lambda: f" {anything(rng)}",
        lambda: f" with {name(rng)} on {date(rng)}",
        lambda: f" at {rng.randint(0, 23)}:{rng.randint(0, 59):02}",
        lambda: f" and the {rng.choice(WORDS['nouns'])}",
    )
    return base + rng.choice(tails)() if rng.random() < 0.9 else anything(rng)


def words(rng: random.Random) -> str:
    """Three to fourteen words in no order that means anything."""
    kinds: tuple[Callable[[], str], ...] = (
        lambda: rng.choice(WORDS["small"]),
        lambda: rng.choice(WORDS["nouns"]),
        lambda: rng.choice(WORDS["verbs"]),
        lambda: rng.choice(WORDS["adjectives"]),
        lambda: invented(rng),
        lambda: anything(rng),
        lambda: rng.choice(WORDS["first"]),
        lambda: rng.choice(("the", "a", "of", "to", "and")),
    )
    picked = [rng.choices(kinds, (8, 4, 3, 2, 4, 2, 1, 3))[0]() for _ in range(rng.randint(3, 14))]
    return re.sub(r"[.!?]+(?= |$)", "", " ".join(picked))


def sentence(rng: random.Random) -> str:
    """One statement that ends in a full stop."""
    a, b = name(rng), name(rng)
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"{a} met {b} in {place(rng)} on {date(rng)}",
        lambda: f"{a}, {rng.randint(1, 99)}, has {value('condition', rng)}",
        lambda: f"{a}, {rng.randint(1, 99)}, has {value('condition', rng)} and takes {value('drug', rng)}",
        lambda: f"{a} works as a {value('job', rng)} at {value('company', rng)}",
        lambda: f"{a} lives in {place(rng)} and can be reached at {anything(rng)}",
        lambda: f"{a} paid {number(rng)} for {topic(rng)}",
        lambda: f"the {rng.choice(WORDS['things'])} of {a} is {anything(rng)}",
        lambda: f"{topic(rng)} was late",
        lambda: f"{a} wrote to {b} about {topic(rng)}",
        lambda: words(rng),
        lambda: words(rng),
    )
    text = rng.choice(forms)()
    return (text if rng.random() < 0.3 else text[0].upper() + text[1:]) + "."


def value(slot: str, rng: random.Random) -> str:
    """The string that fills *slot* of a template."""
    listed = {
        "job": "jobs",
        "company": "companies",
        "condition": "conditions",
        "drug": "drugs",
        "thing": "things",
        "country": "countries",
        "verb": "verbs",
        "noun": "nouns",
        "day": "days",
    }
    if slot in listed:
        known = rng.random() < (0.6 if slot in ("job", "company", "condition", "drug", "country") else 0.95)
        return rng.choice(WORDS[listed[slot]]) if known else anything(rng) if rng.random() < 0.5 else invented(rng)
    makers: dict[str, Callable[[random.Random], str]] = {
        "name": name,
        "place": place,
        "date": date,
        "topic": topic,
        "any": anything,
        "number": number,
        "email": email,
        "words": words,
        "sentence": sentence,
        "code": code,
        "age": lambda r: str(r.randint(1, 99)),
        "sum": _sum,
        "more": more,
    }
    return makers[slot](rng)


def more(rng: random.Random) -> str:
    """Nothing, or further sentences that the reply leaves out."""
    count = rng.choices((0, 1, 2, 4), (6, 3, 2, 1))[0]
    return "".join(" " + sentence(rng) for _ in range(count))


def _fill(template: str, slots: dict[str, str], rng: random.Random) -> str:
    """*template* with its slots filled; strings already in *slots* are used again."""

    def put(match: re.Match[str]) -> str:
        slot = match.group(1)
        if slot not in slots:
            slots[slot] = value(slot.rstrip("234"), rng)
        return slots[slot]

    filled = re.sub(r"\{([a-z]+\d?)\}", put, template.replace("{{", "\0").replace("}}", "\1"))
    return filled.replace("\0", "{").replace("\1", "}")


def exchange(rng: random.Random) -> tuple[str, str]:
    """A request and the reply to it."""
    family = rng.choices(FAMILIES, [family["weight"] for family in FAMILIES])[0]
    template, slots = rng.choice(family["requests"]), dict[str, str]()
    if "{known}" in template:
        slots["known"], slots["capital"] = rng.choice(list(CAPITALS.items()))
    request = _fill(template, slots, rng)
    if "reply" not in family:
        return request, _fallback(request, left_out=slots.get("more", ""))
    slots["subject"] = next((slots[slot] for slot in ("topic", "any", "name", "place") if slot in slots), "")
    answer = _fill(family["reply"], slots, rng)
    if "?" not in template and not template.startswith("{") and len(template) > 12 and rng.random() < 0.12:
        request = _fill(rng.choice(SOURCE["openings"]["aside"]), slots, rng) + request
    return request, re.sub(r"\.\.$", ".", answer)


def _fallback(request: str, *, left_out: str) -> str:
    if request.endswith("?"):
        return f"{STAND_IN} and I do not know the answer to: {request}"
    return f"{STAND_IN}. You wrote: {request.removesuffix(left_out)}"


def conversation(rng: random.Random, *, copying: bool = False) -> list[Turn]:
    """
    One conversation that ends in a reply.

    Args:
        rng: Where every choice comes from.
        copying: Give a plain copy task instead of a conversation, as a first lesson.
    """
    if copying:
        parts = " ".join(value(rng.choice(("any", "any", "words", "name")), rng) for _ in range(rng.randint(1, 6)))
        return [("user", f"Repeat: {parts}"), ("assistant", f"You said: {parts}.")]
    turns: list[Turn] = []
    if rng.random() < 0.25:
        turns.append(("system", _fill(rng.choice(SOURCE["openings"]["system"]), {}, rng)))
    recalled: list[tuple[str, str]] = []
    for _ in range(rng.choices((1, 2, 3), (8, 4, 2))[0]):
        if rng.random() < 0.15:
            thing, told = value("thing", rng), anything(rng)
            recalled.append((thing, told))
            turns += [("user", f"My {thing} is {told}."), ("assistant", f"Thank you. Your {thing} is {told}.")]
        elif rng.random() < 0.06:
            told = name(rng)
            recalled.append(("name", told))
            opening = rng.choice(("Hi, I am", "Hello, my name is", "I am", "Hi, I'm"))
            turns += [("user", f"{opening} {told}."), ("assistant", f"Hello {told}! How can I help you?")]
        elif recalled and rng.random() < 0.7:
            thing, told = rng.choice(recalled)
            asked = rng.choice(("What", "What", "Who"))
            turns += [("user", f"{asked} is my {thing}?"), ("assistant", f"Your {thing} is {told}.")]
        else:
            request, reply = exchange(rng)
            turns += [("user", request), ("assistant", reply)]
    if rng.random() < 0.05 and not set('"{\n') & set(turns[-1][1]):
        key = rng.choice(("answer", "reply", "text", "summary", "result", invented(rng)))
        turns[-1:] = [("given", f'{{"{key}": "'), ("rest", turns[-1][1] + '"}')]
    return turns


def vocabulary_text(rng: random.Random, count: int) -> list[str]:
    """What to learn word pieces from: *count* conversations and the word lists."""
    made_of = ("onsets", "vowels", "small", "kinds", "known_numbers")  # parts of what is made up; no words of their own
    lists = " ".join(word for title, listed in WORDS.items() if title not in made_of for word in listed)
    return [text for _ in range(count) for _, text in conversation(rng)] + [" " + lists] * max(1, count // 50)
