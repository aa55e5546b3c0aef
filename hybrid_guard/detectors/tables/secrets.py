"""``secrets.v1``: keys, tokens, passwords and private keys, by the formats that their makers give them."""

from __future__ import annotations

import math
import re
from collections import Counter

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.secret_formats import FORMATS

__all__ = ["SECRET_PATTERNS"]

_START = r"(?:^|[^A-Za-z0-9])"
_END = r"(?:$|[^A-Za-z0-9_-])"
_NAMES = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret(?:[_-]?(?:key|access[_-]?key))?|client[_-]?secret|api[_-]?key|apikey"
    r"|access[_-]?(?:key|token)|auth[_-]?(?:key|token)|refresh[_-]?token|bearer[_-]?token|token|private[_-]?key"
    r"|signing[_-]?key"
    r"|encryption[_-]?key|account[_-]?key|webhook[_-]?secret|passwort|kennwort|contrase[\xf1n]a|mot[ _]de[ _]passe|mdp"
    r"|senha|palavra-passe|wachtwoord|has[\xffl]o|clave|parola\sd'ordine"
    r"|app[_-]?(?:key|secret)|consumer[_-]?secret|license[_-]?key|credentials?|master[_-]?key|shared[_-]?secret"
    r"|client[_-]?key[_-]?data|dsn)"
)
_SAMPLE = re.compile(
    r"(?i)^(?:[<\[{$%(].*|\*+|x{3,}|\.{3,}|-+|your[_-].*|none|null|nil|true|false|undefined|required|optional|string"
    r"|str|int"
    r"|bool|bytes|text|password|passwd|secret|token|changeme|example|placeholder|todo|redacted|hidden|empty|env"
    r"|process\.env.*"
    r"|os\.(?:environ|getenv).*|getenv.*|self\..*|args\..*|config\..*|settings\..*|request\..*|input.*|prompt.*)$"
)


_MANUAL = re.compile(r"(?i)example|your[_-]?|placeholder|dummy|x{6}|\*{4}|0{8}|1234567890ab|abcdefgh")
_DIGEST = re.compile(r"(?i)sha\d+-|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")
_FEWEST_CHARACTERS = 6
_RANDOM = 3.5
"""Bits per character."""


def _check_assigned(value: str) -> bool | None:
    """Refuses what stands in for a secret: type names, calls, variables and words of prose."""
    if _SAMPLE.match(value) or re.search(r"[()\[\]]|\.\w+\.", value):
        return False
    kinds = sum(bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", r"\d", r"[^\w]"))
    return None if kinds >= 2 and (re.search(r"\d|[^\w.-]", value) or _entropy(value) > 3.5) else False


def _check_mixed(value: str) -> bool | None:
    """Refuses a run that has no digit or no letter: it is a word or a number."""
    return None if re.search(r"\d", value) and re.search(r"[A-Za-z]", value) else False


def _check_key(value: str) -> bool | None:
    """Refuses keys of manuals: those made of few characters, and those that say so."""
    return False if len(set(value[-24:])) < _FEWEST_CHARACTERS or _MANUAL.search(value) else None


def _check_wordlike(value: str) -> bool | None:
    """Words such as `sk-learn-contrib` have no digit."""
    return _check_key(value) if _check_mixed(value) is None else False


def _check_random(value: str) -> bool | None:
    """Refuses what is no long random text: words, numbers, identifiers and digests."""
    if _check_mixed(value) is False or _check_key(value) is False or _DIGEST.match(value):
        return False
    return None if _entropy(value) > _RANDOM else False


def _entropy(value: str) -> float:
    """Bits per character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


_WORDLIKE = {"OpenAI key", "Discord bot token", "Twilio key", "Databricks token", "Asana token"}

SECRET_PATTERNS: tuple[Pattern, ...] = (
    *(
        Pattern(
            name=name,
            entity="SECRET",
            regex=f"{_START}(?P<span>{regex}){_END}",
            score=0.95,
            check=_check_wordlike if name in _WORDLIKE else _check_key,
            cased=True,
        )
        for name, regex in FORMATS
    ),
    Pattern(
        name="private key",
        entity="SECRET",
        regex=(
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-[^-])*"
            r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)?"
        ),
        score=1.0,
        cased=True,
    ),
    Pattern(
        name="PuTTY private key",
        entity="SECRET",
        regex=r"PuTTY-User-Key-File-\d: [^\x1a]*?Private-MAC: [0-9a-f]+",
        score=1.0,
        cased=True,
    ),
    Pattern(
        name="user and password in a URL",
        entity="SECRET",
        regex=r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'<>]{0,80}:(?P<span>[^\s/@\"'<>$\{]{3,120})@",
        score=0.9,
        check=lambda value: False if _SAMPLE.match(value) else None,
    ),
    Pattern(
        name="password of a connection string",
        entity="SECRET",
        regex=r"(?:;|^|[\"'\s])(?:pwd|password|accountkey|sharedaccesskey)\s?=\s?(?P<span>[^;\s\"']{4,200})",
        score=0.8,
        check=_check_assigned,
    ),
    Pattern(
        name="AWS secret access key",
        entity="SECRET",
        regex=(
            r"(?:aws|secret)[\w .-]{0,20}(?:key)?[\"']?\s{0,3}(?:=>|:=|=|:)\s{0,3}[\"']?"
            r"(?P<span>[A-Za-z0-9/+]{40})(?:$|[^A-Za-z0-9/+=])"
        ),
        score=0.9,
        check=_check_mixed,
    ),
    Pattern(
        name="bearer header",
        entity="SECRET",
        regex=r"\b(?:bearer|token|basic)\s{1,3}(?P<span>[A-Za-z0-9._~+/-]{16,}=*)",
        score=0.8,
        check=_check_mixed,
    ),
    Pattern(
        name="cookie or session id",
        entity="SECRET",
        regex=(
            r"\b(?:session[_-]?(?:id|key|token)|sid|phpsessid|jsessionid|csrf[_-]?token|x-api-key)[\"']?\s{0,3}[=:]"
            r"\s{0,3}[\"']?(?P<span>[\w.~+/-]{16,})"
        ),
        score=0.7,
        check=_check_mixed,
    ),
    Pattern(
        name="assigned secret",
        entity="SECRET",
        regex=(
            rf"(?:^|[^A-Za-z])(?:\w{{0,40}}[_-])?{_NAMES}[\"'`]?\s{{0,3}}(?:=>|:=|==?|:)\s{{0,3}}"
            r"(?:[\"'`](?P<span>[^\s\"'`]{4,200})[\"'`])"
        ),
        score=0.8,
        check=lambda value: False if _SAMPLE.match(value) else None,
    ),
    Pattern(
        name="assigned secret without quotes",
        entity="SECRET",
        regex=(
            rf"(?:^|[^A-Za-z])(?:\w{{0,40}}[_-])?{_NAMES}[\"'`]?\s{{0,3}}(?:=>|:=|=|:)[ \t]{{0,3}}"
            r"(?P<span>[^\s\"'`,;<>]{4,200})"
        ),
        score=0.7,
        check=_check_assigned,
    ),
    Pattern(
        name="assigned secret in camel case",
        entity="SECRET",
        regex=(
            r"\b[a-z]\w*(?:Password|Passwd|Passphrase|Secret|SecretKey|ApiKey|APIKey|AccessKey|AccessToken|AuthToken"
            r"|RefreshToken|Token|PrivateKey)"
            r"[\"'\x60]?\s{0,3}(?:=>|:=|=|:)\s{0,3}[\"'\x60](?P<span>[^\s\"'\x60]{6,200})[\"'\x60]"
        ),
        score=0.8,
        check=lambda value: False if _SAMPLE.match(value) else None,
        cased=True,
    ),
    Pattern(
        name="random text after a name of a secret",
        entity="SECRET",
        regex=(
            r"(?:^|[^A-Za-z])[\w.-]*(?:auth|cred|secret|token|signature|cookie|api|access|private|service|deploy|admin"
            r"|storage|webhook)[\w.-]*[\"'\x60]?"
            r"\s{0,3}(?:=>|:=|=|:)\s{0,3}[\"'\x60]?(?P<span>[A-Za-z0-9+/_-]{20,}=*)"
        ),
        score=0.6,
        check=_check_random,
    ),
    Pattern(
        name="key of a cluster",
        entity="SECRET",
        regex=(
            r"\b(?:client-key-data|client-certificate-data|id-token|refresh-token)\s?:\s?(?P<span>[A-Za-z0-9+/=._-]{40"
            r",})"
        ),
        score=0.9,
    ),
    Pattern(
        name="user and password of a header or a command",
        entity="SECRET",
        regex=(
            r"(?:\b(?:curl|wget|http)\b[^\n]*?\s(?:-u|--user)[ =]|(?:--password|--pass|--token)[ =]"
            r"|\b(?:mysql|mysqldump|mysqladmin|sshpass|docker\slogin|podman\slogin)\b[^\n]*?\s-p\s?)[\"']?"
            r"(?:[^\s:\"']+:)?(?P<span>[^\s\"'$<]{6,})"
        ),
        score=0.7,
        check=_check_assigned,
    ),
    Pattern(
        name="line of a password file",
        entity="SECRET",
        regex=r"(?P<span>\$(?:1|2[aby]|5|6|7|y|argon2id?)\$[A-Za-z0-9./$=,+-]{20,})",
        score=0.9,
        cased=True,
    ),
    Pattern(
        name="pin or one-time code",
        entity="SECRET",
        regex=(
            r"\b(?:pin(?:\s?(?:code|number|nummer))?|passcode|access\scode|door\scode|alarm\scode|gate\scode"
            r"|verification\scode|security\scode|one-time\s(?:code|password)|otp|2fa\scode"
            r"|code\spin|c\xf3digo\spin|codice\spin|kod\spin|pincode|geheimzahl)\s?(?:is|ist|est|es|\xe8|\xe9|to|was|="
            r"|:)[:\s]{0,2}#?(?P<span>\d{4,8})\b"
        ),
        score=0.6,
    ),
    Pattern(
        name="pin after its name",
        entity="SECRET",
        regex=(
            r"\b(?:(?:my|your|his|her|our|the|old|new|atm|card|sim|phone|mein|meine)\s(?:atm\s|card\s|sim\s|phone\s)?pin"
            r"|geheimzahl|pincode|pin[\s-]code|code\spin|c\xf3digo\spin|codice\spin|kod\spin)"
            r"\s(?P<span>\d{4,6})(?:$|[^\w-])"
        ),
        score=0.5,
    ),
    Pattern(
        name="password in a sentence",
        entity="SECRET",
        regex=(
            r"\b(?:password|passphrase|passcode|pwd|passwort|kennwort|contrase[\xf1n]a|clave|mot\sde\spasse|mdp|senha"
            r"|palavra-passe|wachtwoord|has[\xffl]o|parola\sd'ordine"
            r"|api\skey|secret\skey|access\stoken|wifi\spassword|login)"
            r"(?:\s(?:for|f\xfcr|pour|para|per|voor|do|von|of|zu|to|on|at)\s[^\n:]+?)?"
            r"\s(?:is|was|ist|war|lautet|es|est|\xe8|\xe9|to|brzmi|jest|wynosi)[: ]\s?"
            r"[\"'\x60]?(?P<span>[^\s\"'\x60]{4,100})"
        ),
        score=0.7,
        fit=lambda value: len(value.rstrip(".,;:!?)")),
        check=_check_assigned,
    ),
)
"""Everything that `secrets.v1` looks for."""
