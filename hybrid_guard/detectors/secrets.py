"""``secrets.v1``: keys, tokens, passwords and private keys, by the formats that their makers give them."""

from __future__ import annotations

import math
import re
from collections import Counter

from hybrid_guard.detectors.matching import Pattern

__all__ = ["SECRET_PATTERNS"]

_START = r"(?:^|[^A-Za-z0-9])"
_END = r"(?:$|[^A-Za-z0-9_-])"
_NAMES = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret(?:[_-]?(?:key|access[_-]?key))?|client[_-]?secret|api[_-]?key|apikey"
    r"|access[_-]?(?:key|token)|auth[_-]?(?:key|token)|refresh[_-]?token|bearer[_-]?token|token|private[_-]?key|signing[_-]?key"
    r"|encryption[_-]?key|account[_-]?key|webhook[_-]?secret|passwort|kennwort|contrase\xf1a|mot[ _]de[ _]passe|senha)"
)
_SAMPLE = re.compile(
    r"(?i)^(?:[<\[{$%(].*|\*+|x{3,}|\.{3,}|-+|your[_-].*|none|null|nil|true|false|undefined|required|optional|string|str|int"
    r"|bool|bytes|text|password|passwd|secret|token|changeme|example|placeholder|todo|redacted|hidden|empty|env|process\.env.*"
    r"|os\.(?:environ|getenv).*|getenv.*|self\..*|args\..*|config\..*|settings\..*|request\..*|input.*|prompt.*)$"
)


def _check_assigned(value: str) -> bool | None:
    """Refuses what stands in for a secret: type names, calls, variables and words of prose."""
    if _SAMPLE.match(value) or re.search(r"[()\[\]]|\.\w+\.", value):
        return False
    kinds = sum(bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", r"\d", r"[^\w]"))
    return None if kinds >= 2 and (re.search(r"\d|[^\w.-]", value) or _entropy(value) > 3.5) else False


def _check_mixed(value: str) -> bool | None:
    """Refuses a run that has no digit or no letter: it is a word or a number."""
    return None if re.search(r"\d", value) and re.search(r"[A-Za-z]", value) else False


def _entropy(value: str) -> float:
    """Bits per character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


# (name, value): formats that begin or end with something that nothing else does.
_FORMATS: tuple[tuple[str, str], ...] = (
    ("AWS access key id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
    ("AWS Bedrock key", r"ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    ("Google API key", r"AIza[\w-]{35}"),
    ("Google OAuth client secret", r"GOCSPX-[\w-]{28}"),
    ("Google OAuth access token", r"ya29\.[\w-]{20,}"),
    ("Azure storage key", r"[A-Za-z0-9+/]{86}=="),
    ("Azure client secret", r"[\w~.-]{3}\dQ~[\w~.-]{31,34}"),
    ("DigitalOcean token", r"do[opr]_v1_[a-f0-9]{64}"),
    ("Alibaba access key id", r"LTAI[A-Za-z0-9]{12,20}"),
    ("Heroku key", r"HRKU-[\w-]{36,}"),
    ("Fly.io token", r"fo1_[\w-]{43}"),
    ("Cloudflare origin key", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"),
    ("HashiCorp Vault token", r"hv[bsr]\.[\w-]{24,}"),
    ("Terraform Cloud token", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}"),
    ("Pulumi token", r"pul-[a-f0-9]{40}"),
    ("Doppler token", r"dp\.(?:pt|st|sa|ct|scim|audit)\.[\w.-]{40,}"),
    ("GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    ("GitHub fine-grained token", r"github_pat_\w{36,255}"),
    ("GitLab token", r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|soat|agent)-[\w.-]{20,}"),
    ("Bitbucket app password", r"ATBB[A-Za-z0-9]{28,}"),
    ("Atlassian API token", r"ATATT3[\w=-]{40,}"),
    ("OpenAI key", r"sk-(?:proj-|svcacct-|admin-)?[\w-]{20,}"),
    ("Anthropic key", r"sk-ant-[\w-]{20,}"),
    ("OpenRouter key", r"sk-or-v1-[a-f0-9]{64}"),
    ("Hugging Face token", r"hf_[A-Za-z0-9]{30,}"),
    ("Groq key", r"gsk_[A-Za-z0-9]{40,}"),
    ("xAI key", r"xai-[A-Za-z0-9]{60,}"),
    ("Perplexity key", r"pplx-[A-Za-z0-9]{40,}"),
    ("Replicate token", r"r8_[A-Za-z0-9]{37,}"),
    ("LangSmith key", r"ls(?:v2_(?:pt|sk)|__)_?[a-f0-9]{32}(?:_[a-f0-9]{10})?"),
    ("Stripe key", r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}"),
    ("Stripe webhook secret", r"whsec_[A-Za-z0-9+/=]{24,}"),
    ("Square token", r"(?:EAAA[\w-]{56,64}|sq0(?:atp|csp|idp)-[\w-]{22,43})"),
    ("PayPal Braintree token", r"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}"),
    ("Razorpay key", r"rzp_(?:live|test)_[A-Za-z0-9]{14,}"),
    ("Shopify token", r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}"),
    ("Slack token", r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("Slack app token", r"xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+"),
    ("Slack webhook", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}"),
    ("Discord webhook", r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d{15,20}/[\w-]{60,}"),
    ("Discord bot token", r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}"),
    ("Telegram bot token", r"\d{8,10}:AA[\w-]{33}"),
    ("Teams webhook", r"https://[\w-]+\.webhook\.office\.com/webhookb2/[\w@/-]{60,}"),
    ("Twilio key", r"(?:SK|AC)[a-f0-9]{32}"),
    ("SendGrid key", r"SG\.[\w-]{16,32}\.[\w-]{30,64}"),
    ("Mailgun key", r"key-[a-f0-9]{32}"),
    ("Mailchimp key", r"[a-f0-9]{32}-us\d{1,2}"),
    ("Brevo key", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    ("Postman key", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    ("npm token", r"npm_[A-Za-z0-9]{36}"),
    ("PyPI token", r"pypi-AgE[\w-]{50,}"),
    ("RubyGems key", r"rubygems_[a-f0-9]{48}"),
    ("crates.io token", r"cio[A-Za-z0-9]{32}"),
    ("Docker Hub token", r"dckr_(?:pat|oat)_[\w-]{27,}"),
    ("JFrog key", r"AKCp[A-Za-z0-9]{69,}"),
    ("Sentry token", r"sntr[ysu]s?_[\w+/=-]{40,}"),
    ("New Relic key", r"NRAK-[A-Z0-9]{27}"),
    ("Grafana token", r"gl(?:sa|c)_[A-Za-z0-9_=+/-]{32,}"),
    ("Dynatrace token", r"dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    ("Datadog key", r"(?i:dd[_-]?(?:api|app)[_-]?key)\W{1,4}[a-f0-9]{32,40}"),
    ("Databricks token", r"dapi[a-f0-9]{32}(?:-\d)?"),
    ("Notion token", r"(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,})"),
    ("Linear key", r"lin_api_[A-Za-z0-9]{40}"),
    ("Figma token", r"figd_[\w-]{40,}"),
    ("Airtable token", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("Supabase key", r"(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{20,})"),
    ("PlanetScale key", r"pscale_(?:tkn|pw|oauth)_[\w.-]{32,}"),
    ("Neon key", r"napi_[a-z0-9]{60,}"),
    ("Facebook token", r"EAA[A-Z][A-Za-z0-9]{80,}"),
    ("Age secret key", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    ("JSON Web Token", r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    ("encrypted JSON Web Token", r"eyJ[\w-]{8,}\.[\w-]*\.[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
)

_WORDLIKE = {"OpenAI key", "Discord bot token", "Twilio key", "Databricks token"}

SECRET_PATTERNS: tuple[Pattern, ...] = (
    *(
        Pattern(
            name=name,
            entity="SECRET",
            regex=f"{_START}(?P<span>{regex}){_END}",
            score=0.95,
            # Words such as `sk-learn-contrib` have no digit.
            check=_check_mixed if name in _WORDLIKE else None,
            cased=True,
        )
        for name, regex in _FORMATS
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
        name="password in a sentence",
        entity="SECRET",
        regex=(
            r"\b(?:password|passphrase|passcode|pin(?:\scode)?|passwort|kennwort|contrase\xf1a|mot de passe|senha"
            r"|api key|secret key|access token)\s(?:is|was|ist|lautet|es|est|\xe9|for\s[^\n:]{1,40}\sis)[: ]\s?"
            r"[\"'`]?(?P<span>[^\s\"'`]{4,100})"
        ),
        score=0.7,
        fit=lambda value: len(value.rstrip(".,;:!?)")),
        check=_check_assigned,
    ),
)
"""Everything that `secrets.v1` looks for."""
