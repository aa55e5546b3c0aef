"""Keys, tokens and passwords in twenty formats, each made anew."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Sequence

from tests.promises.acceptance.items import Item, digits, fill, letters

__all__ = ["KEYS"]

_FRAMES = (
    "«{}»",
    "my key is «{}», keep it",
    "KEY=«{}»",
    '{"token": "«{}»"}',
    "why does «{}» not work?",
    "Der Schlüssel lautet «{}»",
)
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits


def _pem(rng: random.Random) -> str:
    body = base64.b64encode(rng.randbytes(180)).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    kind = rng.choice(["RSA ", "EC ", "", "OPENSSH "])
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


def _jwt(rng: random.Random) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": digits(rng, 8), "iat": int(digits(rng, 9))})
    head, body = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    return f"{head}.{body}.{letters(rng, 43)}"


def _key(name: str, make: Callable[[random.Random], str], negatives: Sequence[str]) -> Item:
    return Item(name=name, entities="SECRET", positives=fill(len(name), _FRAMES, make), negatives=negatives)


def _short(prefix: str) -> list[str]:
    """Texts that speak of keys with *prefix* and hold none."""
    return [
        f"A key begins with {prefix} as a rule.",
        f"What does {prefix} stand for?",
        f"grep -r '{prefix}' src/",
        f"Search for {prefix}... in the logs.",
        f"if token.startswith('{prefix}'): pass",
        f"The prefix is '{prefix}'.",
        f"Replace {prefix}<your key here> first.",
        f"re.match('{prefix}', line)",
        f"Keys named {prefix}* are new.",
        f"# {prefix} is documented elsewhere",
    ]


KEYS: tuple[Item, ...] = (
    _key("AWS access key id", lambda rng: "AKIA" + letters(rng, 16, _UPPER), _short("AKIA")),
    _key("Google API key", lambda rng: "AIza" + letters(rng, 35), _short("AIza")),
    _key("GitHub token", lambda rng: rng.choice(["ghp_", "gho_", "ghs_"]) + letters(rng, 36), _short("ghp_")),
    _key("GitLab token", lambda rng: "glpat-" + letters(rng, 20), _short("glpat-")),
    _key(
        "Slack token",
        lambda rng: f"xoxb-{digits(rng, 11)}-{digits(rng, 12)}-{letters(rng, 24)}",
        _short("xoxb-"),
    ),
    _key("Stripe key", lambda rng: rng.choice(["sk_live_", "rk_live_"]) + letters(rng, 24), _short("sk_live_")),
    _key("OpenAI key", lambda rng: "sk-proj-" + letters(rng, 48), _short("sk-proj-")),
    _key("Anthropic key", lambda rng: "sk-ant-api03-" + letters(rng, 60), _short("sk-ant-")),
    _key("Hugging Face token", lambda rng: "hf_" + letters(rng, 34), _short("hf_")),
    _key("npm token", lambda rng: "npm_" + letters(rng, 36), _short("npm_")),
    _key("PyPI token", lambda rng: "pypi-AgEIcHlwaS5vcmc" + letters(rng, 80), _short("pypi-")),
    _key("SendGrid key", lambda rng: f"SG.{letters(rng, 22)}.{letters(rng, 43)}", _short("SG.")),
    _key("Twilio account", lambda rng: rng.choice(["SK", "AC"]) + letters(rng, 32, _HEX), _short("SK")),
    _key("DigitalOcean token", lambda rng: "dop_v1_" + letters(rng, 64, _HEX), _short("dop_v1_")),
    _key("Telegram bot token", lambda rng: f"{digits(rng, 10)}:AA{letters(rng, 33)}", _short("AAE")),
    _key("JSON web token", _jwt, _short("eyJ")),
    Item(
        name="private key in PEM",
        entities="SECRET",
        positives=fill(31, ["«{}»", "here it is:\n«{}»", "key: |\n«{}»\n", "cat id_rsa\n«{}»", "«{}»\nbye"], _pem),
        negatives=[
            "-----BEGIN CERTIFICATE----- is how a certificate begins.",
            "-----BEGIN PUBLIC KEY----- may be shared.",
            "A PEM file has a header.",
            "A private key stays secret.",
            "----- begin of the letter -----",
            "--- a/key.pem\n+++ b/key.pem",
            "openssl genrsa 2048",
            "The key to success is work.",
            "BEGIN; COMMIT;",
            "ssh-keygen -t ed25519",
        ],
    ),
    Item(
        name="connection string",
        entities="SECRET",
        positives=fill(
            32,
            [
                "postgres://app:«{}»@db.internal:5432/main",
                "DATABASE_URL=mysql://root:«{}»@localhost/shop",
                "mongodb+srv://admin:«{}»@cluster0.abcde.mongodb.net",
                "redis://:«{}»@cache:6379/0",
                "amqp://guest:«{}»@rabbit//",
                "Server=db;User Id=sa;Password=«{}»;",
            ],
            lambda rng: letters(rng, 14),
        ),
        negatives=[
            "postgres://localhost:5432/main",
            "mysql://db/shop",
            "redis://cache:6379/0",
            "A connection string has a host and a port.",
            "mongodb://localhost",
            "jdbc:sqlite:test.db",
            "Server=db;Database=main;Trusted_Connection=True;",
            "postgres://${USER}:${PASSWORD}@db/main",
            "amqp://rabbit",
            "sqlite:///app.db",
        ],
    ),
    Item(
        name="password",
        entities="SECRET",
        positives=fill(
            33,
            [
                "password: «{}»",
                "my password is «{}»",
                "DB_PASSWORD=«{}»",
                "Passwort: «{}»",
                "mot de passe : «{}»",
                'passwd = "«{}»"',
            ],
            lambda rng: letters(rng, 6) + rng.choice("!#$%") + digits(rng, 3),
        ),
        negatives=[
            "I forgot my password.",
            "A password needs 12 characters.",
            "password = getpass()",
            "password: str",
            "How do I reset the password?",
            "Change passwords every 90 days.",
            "password=os.environ['PASSWORD']",
            "DB_PASSWORD=${DB_PASSWORD}",
            "The password field is empty.",
            "if password is None: return",
        ],
    ),
    Item(
        name="AWS secret access key",
        entities="SECRET",
        positives=fill(
            34,
            [
                "aws_secret_access_key = «{}»",
                "AWS_SECRET_ACCESS_KEY=«{}»",
                '"secretAccessKey": "«{}»"',
                "export AWS_SECRET_ACCESS_KEY='«{}»'",
                "secret access key: «{}»",
            ],
            lambda rng: letters(rng, 40, string.ascii_letters + string.digits + "/+"),
        ),
        negatives=[
            "commit " + "0123456789abcdef" * 2 + "01234567",
            "AWS_SECRET_ACCESS_KEY is not set.",
            "aws_secret_access_key = ${SECRET}",
            "Where do I find my secret access key?",
            "Rotate access keys every 90 days.",
            "secretAccessKey: string;",
            "the secret of good bread is time",
            "aws configure asks for the secret access key",
            "An access key has an id and a secret.",
            "sha1: " + "89abcdef01234567" * 2 + "89abcdef",
        ],
    ),
)
