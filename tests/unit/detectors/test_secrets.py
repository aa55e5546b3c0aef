"""Keys and passwords; every key here is made when the test runs."""

from __future__ import annotations

import base64
import json
import random
import string

import pytest

from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment

RANDOM = random.Random(20)
HEX = "0123456789abcdef"
LETTERS = string.ascii_letters + string.digits
CAPITALS = string.ascii_uppercase + string.digits


def draw(alphabet: str, length: int) -> str:
    """Random characters; the first two make sure of a digit and, where there are some, a letter."""
    letter = next((one for one in "aA" if one in alphabet), "2")
    return "1" + letter + "".join(RANDOM.choices(alphabet, k=length - 2))


def make_token() -> str:
    """A JSON Web Token with nothing in it."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": draw(LETTERS, 12)})]
    body = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    return f"{body}.{draw(LETTERS, 43)}"


KEYS = {
    "AWS": "AKIA" + draw(CAPITALS, 16),
    "Google": "AIza" + draw(LETTERS, 35),
    "Google OAuth": "ya29." + draw(LETTERS, 60),
    "Google client secret": "GOCSPX-" + draw(LETTERS, 28),
    "Azure storage": draw(LETTERS, 86) + "==",
    "Azure client secret": draw(LETTERS, 3) + "8Q~" + draw(LETTERS, 34),
    "DigitalOcean": "dop_v1_" + draw(HEX, 64),
    "Vault": "hvs." + draw(LETTERS, 40),
    "Terraform": draw(LETTERS, 14) + ".atlasv1." + draw(LETTERS, 64),
    "GitHub": "ghp_" + draw(LETTERS, 36),
    "GitHub fine-grained": "github_pat_" + draw(LETTERS, 60),
    "GitLab": "glpat-" + draw(LETTERS, 20),
    "Bitbucket": "ATBB" + draw(LETTERS, 32),
    "Atlassian": "ATATT3" + draw(LETTERS, 60),
    "OpenAI": "sk-proj-" + draw(LETTERS, 48),
    "Anthropic": "sk-ant-api03-" + draw(LETTERS, 60),
    "OpenRouter": "sk-or-v1-" + draw(HEX, 64),
    "Hugging Face": "hf_" + draw(LETTERS, 34),
    "Groq": "gsk_" + draw(LETTERS, 52),
    "Replicate": "r8_" + draw(LETTERS, 37),
    "Stripe": "sk_live_" + draw(LETTERS, 24),
    "Stripe webhook": "whsec_" + draw(LETTERS, 32),
    "Square": "sq0csp-" + draw(LETTERS, 43),
    "Shopify": "shpat_" + draw(HEX, 32),
    "Slack": "xoxb-" + draw(string.digits, 12) + "-" + draw(LETTERS, 24),
    "Slack webhook": "https://hooks.slack.com/services/T"
    + draw(CAPITALS, 8)
    + "/B"
    + draw(CAPITALS, 8)
    + "/"
    + draw(LETTERS, 24),
    "Discord": "M" + draw(LETTERS, 25) + "." + draw(LETTERS, 6) + "." + draw(LETTERS, 38),
    "Telegram": "1234567890:AA" + draw(LETTERS, 33),
    "Twilio": "SK" + draw(HEX, 32),
    "SendGrid": "SG." + draw(LETTERS, 22) + "." + draw(LETTERS, 43),
    "Mailgun": "key-" + draw(HEX, 32),
    "Mailchimp": draw(HEX, 32) + "-us12",
    "npm": "npm_" + draw(LETTERS, 36),
    "PyPI": "pypi-AgE" + draw(LETTERS, 60),
    "Docker": "dckr_pat_" + draw(LETTERS, 27),
    "Sentry": "sntrys_" + draw(LETTERS, 60),
    "New Relic": "NRAK-" + draw(CAPITALS, 27),
    "Grafana": "glsa_" + draw(LETTERS, 32) + "_" + draw(HEX, 8),
    "Databricks": "dapi" + draw(HEX, 32),
    "Notion": "ntn_" + draw(LETTERS, 46),
    "Linear": "lin_api_" + draw(LETTERS, 40),
    "Supabase": "sbp_" + draw(HEX, 40),
    "JSON Web Token": make_token(),
    "AWS Bedrock": "ABSK" + draw(LETTERS, 120),
    "AWS session": "IQoJb3JpZ2lu" + draw(LETTERS, 300),
    "AWS signed address": "X-Amz-Signature=" + draw(HEX, 64),
    "Azure shared access signature": "sig=" + draw(LETTERS, 43) + "%3D",
    "Azure DevOps": draw(LETTERS, 76) + "AZDO" + draw(LETTERS, 4),
    "Google refresh token": "1//0" + draw(LETTERS, 50),
    "Google Chat webhook": f"https://chat.googleapis.com/v1/spaces/{draw(LETTERS, 11)}/messages?key={draw(LETTERS, 39)}"
    f"&token={draw(LETTERS, 43)}",
    "Zapier webhook": f"https://hooks.zapier.com/hooks/catch/{draw(string.digits, 7)}/{draw(LETTERS, 7)}",
    "Alibaba": "LTAI" + draw(LETTERS, 20),
    "Heroku": "HRKU-" + draw(LETTERS, 40),
    "Fly.io": "fo1_" + draw(LETTERS, 43),
    "Vercel": "vcp_" + draw(LETTERS, 30),
    "Netlify": "nfp_" + draw(LETTERS, 40),
    "Render": "rnd_" + draw(LETTERS, 28),
    "Tailscale": f"tskey-auth-{draw(LETTERS, 12)}-{draw(LETTERS, 30)}",
    "Pulumi": "pul-" + draw(HEX, 40),
    "Doppler": "dp.pt." + draw(LETTERS, 43),
    "CircleCI": f"CCIPAT_{draw(LETTERS, 22)}_{draw(HEX, 40)}",
    "SonarQube": "squ_" + draw(HEX, 40),
    "xAI": "xai-" + draw(LETTERS, 80),
    "Perplexity": "pplx-" + draw(LETTERS, 48),
    "Pinecone": "pcsk_" + draw(LETTERS, 70),
    "ElevenLabs": "sk_" + draw(HEX, 48),
    "NVIDIA": "nvapi-" + draw(LETTERS, 64),
    "LangSmith": f"lsv2_pt_{draw(HEX, 32)}_{draw(HEX, 10)}",
    "Langfuse": f"sk-lf-{draw(HEX, 8)}-{draw(HEX, 4)}-{draw(HEX, 4)}-{draw(HEX, 4)}-{draw(HEX, 12)}",
    "Braintree": f"access_token$production${draw(string.digits + 'abc', 16)}${draw(HEX, 32)}",
    "Razorpay": "rzp_live_" + draw(LETTERS, 14),
    "Flutterwave": "FLWSECK_TEST-" + draw(LETTERS, 32),
    "Plaid": f"access-production-{draw(HEX, 8)}-{draw(HEX, 4)}-{draw(HEX, 4)}-{draw(HEX, 4)}-{draw(HEX, 12)}",
    "Slack app": f"xapp-1-{draw(CAPITALS, 11)}-{draw(string.digits, 13)}-{draw(HEX, 64)}",
    "Discord webhook": f"https://discord.com/api/webhooks/{draw(string.digits, 18)}/{draw(LETTERS, 68)}",
    "HubSpot": f"pat-na1-{draw(HEX, 8)}-{draw(HEX, 4)}-{draw(HEX, 4)}-{draw(HEX, 4)}-{draw(HEX, 12)}",
    "Asana": f"1/{draw(string.digits, 16)}:{draw(HEX, 32)}",
    "Brevo": f"xkeysib-{draw(HEX, 64)}-{draw(LETTERS, 16)}",
    "Postman": f"PMAK-{draw(HEX, 24)}-{draw(HEX, 34)}",
    "RubyGems": "rubygems_" + draw(HEX, 48),
    "Dynatrace": f"dt0c01.{draw(CAPITALS, 24)}.{draw(CAPITALS, 64)}",
    "Figma": "figd_" + draw(LETTERS, 42),
    "Airtable": f"pat{draw(LETTERS, 14)}.{draw(HEX, 64)}",
    "Facebook": "EAAB" + draw(LETTERS, 120),
    "age": "AGE-SECRET-KEY-1" + draw(CAPITALS, 58),
    "password hash": "$2b$12$" + draw(LETTERS, 53),
}


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The shipped formats."""
    return make_detector("secrets.v1", DetectionSettings())


def values(detector: Detector, text: str) -> list[str]:
    """Texts that were found to be secrets."""
    findings = detector.detect([Segment(path="", text=text)], language="en").spans[0]
    assert all(finding.entity == "SECRET" for finding in findings)
    return [text[finding.start : finding.end] for finding in findings]


@pytest.mark.parametrize("maker", KEYS)
@pytest.mark.parametrize("frame", ["{}", "use {} please", 'x("{}")', "ключ={};", "日本{}語"])
def test_a_key_is_found_by_its_format(detector: Detector, maker: str, frame: str) -> None:
    """Alone, in a sentence, in code and between letters of other scripts."""
    key = KEYS[maker]
    assert any(key in value for value in values(detector, frame.format(key)))


@pytest.mark.parametrize("kind", ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "PGP ", ""])
def test_a_private_key_is_found_whole_even_without_its_end(detector: Detector, kind: str) -> None:
    """From its first line to its last, or as far as it goes."""
    block = " BLOCK" if kind == "PGP " else ""
    lines = "\n".join(draw(LETTERS, 64) for _ in range(4))
    begin, end = f"-----BEGIN {kind}PRIVATE KEY{block}-----", f"-----END {kind}PRIVATE KEY{block}-----"
    assert values(detector, f"key:\n{begin}\n{lines}\n{end}\nthanks") == [f"{begin}\n{lines}\n{end}"]
    assert values(detector, f"{begin}\n{lines}\n") == [f"{begin}\n{lines}\n"]


PASSWORD = "Tr0ub" + draw(LETTERS, 8)


@pytest.mark.parametrize(
    "text",
    [
        "PASSWORD={}",
        "export DB_PASSWORD='{}'",
        "password: {}",
        '{{"api_key": "{}"}}',
        "client_secret => '{}'",
        "my password is {}.",
        "Das Passwort lautet {}",
        "la contraseña es {}",
        "the password for the router is: {}",
        "Server=db;Uid=app;Pwd={};",
        "postgres://app:{}@db.internal:5432/main",
        "redis://:{}@cache:6379/0",
        "const token = `{}`",
        'const dbPassword = "{}";',
        'OPENAI_API_KEY="{}"',
        "il mot de passe est {}",
        "a senha é {}",
        "mijn wachtwoord is {}",
        "moje hasło to {}",
        "la parola d'ordine è {}",
        "contraseña: {}",
        "curl -u 'admin:{}' https://example.org",
        "mysql --password={} shop",
        "mongodb+srv://app:{}@cluster0.example.net/db",
        "https://user:{}@example.org/repo.git",
        "AccountKey={};EndpointSuffix=core.windows.net",
    ],
)
@pytest.mark.parametrize("password", [PASSWORD, "QwErTyUiOpAsDfGh"])
def test_a_password_is_found_by_what_stands_before_it(detector: Detector, text: str, password: str) -> None:
    """Assignments, connection strings and sentences."""
    assert password in values(detector, text.format(password))


@pytest.mark.parametrize(
    "text", ["my PIN is {}", "door code: {}", "your verification code is {}", "Geheimzahl ist {}", "código PIN: {}"]
)
def test_a_short_code_is_found_by_its_name(detector: Detector, text: str) -> None:
    """Digits alone are secret when they open something."""
    assert values(detector, text.format("482913")) == ["482913"]


def test_files_of_clusters_and_service_accounts_are_read(detector: Detector) -> None:
    """The keys in a kubeconfig and in the JSON of a service account."""
    key = draw(LETTERS, 80)
    assert key in values(detector, f"users:\n- name: admin\n  user:\n    client-key-data: {key}\n")
    begin, end = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
    account = json.dumps({"type": "service_account", "private_key": f"{begin}\n{key}\n{end}\n"})
    assert any(key in value for value in values(detector, account))


def test_headers_carry_secrets(detector: Detector) -> None:
    """Bearer tokens, basic credentials and session ids."""
    token = draw(LETTERS, 40)
    assert values(detector, f"Authorization: Bearer {token}") == [token]
    assert values(detector, f"Cookie: sessionid={token}") == [token]
    assert token in values(detector, f"aws_secret_access_key = {token}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "password: required, token: string",
        "token = os.environ['TOKEN']",
        "token: str = Field(default=None)",
        "password = getpass()",
        "PASSWORD=${DB_PASSWORD}",
        "PASSWORD=<your password>",
        "api_key: your-key-here",
        'password = "********"',
        "I forgot my password is there a reset",
        "the secret is out",
        "sk-learn-contrib is a package",
        "postgres://user:${PASSWORD}@host/db",
        "https://example.com:8080/path@here",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "bearer of good news everywhere",
        "commit 8f953371d3e85eddb89b05ed6b9e680791055315",
        "token_count = 4096",
        "password=MyPassword",
        "YOUR_API_KEY",
        "api_key = YOUR_API_KEY",
        "OPENAI_API_KEY=sk-" + "x" * 32,
        "export GITHUB_TOKEN=ghp_" + "x" * 36,
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "SECRET=${VAR}",
        "secret: ${{ secrets.DEPLOY }}",
        '"integrity": "sha512-' + "q" * 40 + 'Zz1+/A=="',
        "access_id: 123e4567-e89b-12d3-a456-426614174000",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "the code is 1234 lines long",
        "pin 12 of the chip",
        "token: 42",
    ],
)
def test_words_about_secrets_are_none(detector: Detector, text: str) -> None:
    """Types, calls, variables, placeholders and prose."""
    assert values(detector, text) == []


def test_long_adversarial_texts_are_read(detector: Detector) -> None:
    """Beginnings without an end do not stall it, and the password behind them is found."""
    for padding in ("password=" * 10_000, "-----BEGIN PRIVATE KEY" * 5_000, "eyJ" * 30_000, "://" * 30_000):
        assert PASSWORD in " ".join(values(detector, f"{padding}\n PASSWORD={PASSWORD}"))


@pytest.mark.parametrize(
    "command",
    [
        "mkdir -p src/app/components",
        "docker run -p 8080:80 nginx:1.25",
        "nmap -p 1-65535 host.example",
        "cp -p a-file b-file",
    ],
)
def test_a_flag_of_other_commands_is_no_password(command: str) -> None:
    """Only some commands take a password after `-p`."""
    findings = make_detector("secrets.v1", DetectionSettings()).detect([Segment(path="", text=command)], language="en")

    assert findings.spans == ((),)
