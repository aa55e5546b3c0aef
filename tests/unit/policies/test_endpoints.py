"""A deployment is where its zone says, judged by how its address and its model are written."""

from __future__ import annotations

import pytest

from hybrid_guard.policies import check_policy

ENV = {"HOST": "https://llm.example.internal", "BAD": "https://user:secretword@llm.example.internal", "TAB": "a\tb"}


def problems(zone: str, api_base: str | None, model: str = "openai/some-model") -> list[tuple[str, str]]:
    """Code and message of each problem of a policy with one deployment."""
    address = "" if api_base is None else f", api_base: {api_base!r}"
    # Without an external rule the structural check would speak, too; zones [local] keeps it silent.
    rules = "rules: [{id: stay, zones: [local]}]"
    text = f"version: 1\nname: t\ndeployments: {{one: {{model: {model!r}, zone: {zone}{address}}}}}\n{rules}\n"
    return [(error.code, str(error)) for error in check_policy(text, env=ENV)]


@pytest.mark.parametrize(
    "api_base",
    [
        "http://127.0.0.1:8080/v1",
        "http://127.8.9.1",
        "https://127.0.0.1:8443",
        "http://[::1]:11434/v1",
        "http://localhost:8080",
        "http://LOCALHOST:8080/v1/",
        "HTTP://localhost",
    ],
)
@pytest.mark.parametrize("zone", ["local", "private", "external"])
def test_loopback_is_allowed_in_every_zone(zone: str, api_base: str) -> None:
    """Loopback is local, and stands in for a cloud in tests and demonstrations."""
    assert problems(zone, api_base) == []


@pytest.mark.parametrize(
    "api_base",
    [
        "https://api.openai.com/v1",
        "http://10.0.0.7:8080",
        "http://192.168.1.20",
        "http://0.0.0.0:8080",
        "http://[::]:8080",
        "http://[::ffff:127.0.0.1]:8080",
        "http://[fe80::1]:8080",
        "http://127.1:8080",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://127.0.0.1.nip.io/",
        "http://localhost.example.com/",
        "http://notlocalhost/",
        "https://host.docker.internal/v1",
    ],
)
def test_local_zone_is_this_machine(api_base: str) -> None:
    """Anything but a literal loopback address or `localhost` is refused in zone local."""
    ((code, message),) = problems("local", api_base)

    assert code == "HG119"
    assert "give the deployment zone `private` or `external`" in message
    assert "policy.yaml:3:72:" in message


@pytest.mark.parametrize("zone", ["local", "private", "external"])
@pytest.mark.parametrize(
    "api_base",
    [
        "127.0.0.1:8080",
        "localhost",
        "/v1",
        "",
        "ftp://localhost/",
        "file:///tmp/socket",
        "http:///v1",
        "http://",
        "http://localhost:port",
        "http://localhost:99999",
        "http://localhost:0",
        "http://local host",
        " http://localhost",
        "http://localhost\t",
        "http://localhost\\evil.example",
        "http://[::1",
        "http://[::1%25lo]/",
        "http://[::1%lo]/",
        "http://[v1.a]/",
        "http://[127.0.0.1]/",
        "http://localhost%00.example",
        "http://löcalhost/",
        "http://localhost/vö",
        "http://localhost/v1\\..",
        "http://localhost./",
        "http://-/",
    ],
)
def test_malformed_addresses_are_refused(zone: str, api_base: str) -> None:
    """What parsers could read in two ways, or not at all, is refused in every zone."""
    ((code, message),) = problems(zone, api_base)

    assert code == "HG120"
    assert "should be `https://host/path` or `http://127.0.0.1:port/path`" in message


@pytest.mark.parametrize(
    ("api_base", "remedy"),
    [
        ("https://user:secretword@llm.example.internal/v1", "use `api_key`"),
        ("https://user@llm.example.internal/v1", "use `api_key`"),
        ("http://127.0.0.1@evil.example/", "use `api_key`"),
        ("https://llm.example.internal/v1?key=secretword", "remove the query"),
        ("https://llm.example.internal/v1?", "remove the query"),
        ("https://llm.example.internal/v1#secretword", "the fragment"),
        ("${BAD}/v1", "use `api_key`"),
    ],
)
@pytest.mark.parametrize("zone", ["private", "external"])
def test_addresses_hold_no_secrets(zone: str, api_base: str, remedy: str) -> None:
    """User names, queries and fragments are refused, and the message does not repeat them."""
    ((code, message),) = problems(zone, api_base)

    assert code == "HG120"
    assert remedy in message
    assert "secretword" not in message


@pytest.mark.parametrize("zone", ["private", "external"])
@pytest.mark.parametrize("api_base", ["http://llm.example.internal/v1", "http://10.0.0.7:8080", "http://[fd00::1]/"])
def test_clear_text_is_refused_off_the_machine(zone: str, api_base: str) -> None:
    """Beyond loopback only https is allowed."""
    ((code, message),) = problems(zone, api_base)

    assert code == "HG120"
    assert f"should begin with `https://`; zone `{zone}`" in message


@pytest.mark.parametrize("zone", ["private", "external"])
@pytest.mark.parametrize(
    "api_base", ["https://llm.example.internal:8443/v1", "https://10.0.0.7", "https://[fd00::1]/", "${HOST}/v1"]
)
def test_https_is_allowed_off_the_machine(zone: str, api_base: str) -> None:
    """An https address is fine for both remote zones, from the file or from a variable."""
    assert problems(zone, api_base) == []


def test_address_from_a_variable_is_judged_by_its_value() -> None:
    """A variable cannot smuggle a remote address into zone local, and its value is not repeated."""
    ((code, message),) = problems("local", "${HOST}/v1")

    assert code == "HG119"
    assert "`api_base`, once its variables are put in, is not on this machine" in message
    assert "llm.example" not in message


def test_variable_with_control_characters_is_refused() -> None:
    """A tab in a value could split a header, so it is refused by the name of the variable."""
    ((code, message),) = problems("private", "https://${TAB}/v1")

    assert code == "HG116"
    assert "`TAB` holds white space" in message


@pytest.mark.parametrize(("zone", "code"), [("local", ["HG119"]), ("private", ["HG119"]), ("external", [])])
def test_only_a_cloud_may_go_without_an_address(zone: str, code: list[str]) -> None:
    """Without an address litellm would call the provider's public endpoint."""
    found = problems(zone, None)

    assert [one for one, _ in found] == code
    assert all("needs an `api_base`" in message and ":3:15:" in message for _, message in found)


@pytest.mark.parametrize(
    "model", ["ollama/gpt-oss:120b-cloud", "ollama_chat/kimi:cloud", "openai/GLM-4:CLOUD", "openai/qwen3-Cloud"]
)
def test_forwarded_models_are_not_local(model: str) -> None:
    """Ollama forwards models with a cloud tag, so loopback proves nothing for them."""
    ((code, message),) = problems("local", "http://127.0.0.1:11434", model)

    assert code == "HG119"
    assert "forwarded to its vendor" in message
    assert problems("external", "http://127.0.0.1:11434", model) == []


def test_models_of_this_process_are_local() -> None:
    """A model that runs in this process has zone local and no address."""
    ((outside, message),) = problems("external", None, "hg_llamacpp/tiny.gguf")
    ((addressed, _),) = problems("local", "http://127.0.0.1:1", "hg_llamacpp/tiny.gguf")

    assert problems("local", None, "hg_llamacpp/tiny.gguf") == []
    assert (outside, addressed) == ("HG119", "HG119")
    assert "zone `local`" in message


@pytest.mark.parametrize("model", ["gpt-5-mini", "/gpt", "openai/", "openai//gpt", "openai/gpt 5", "", "öpenai/gpt"])
def test_model_names_its_provider(model: str) -> None:
    """A model without a provider would be guessed by litellm."""
    ((code, message),) = problems("external", None, model)

    assert code == "HG121"
    assert "`provider/name`" in message


def test_every_deployment_is_checked() -> None:
    """Problems of several deployments, and several of one, are all told."""
    text = """\
version: 1
name: t
deployments:
  one: {model: ollama/a:cloud, zone: local, api_base: "http://10.0.0.1"}
  two: {model: b, zone: private}
  three: {model: openai/c, zone: external, api_key: "abc", api_base: "http://x.example"}
rules: [{id: stay, zones: [local]}]
"""
    errors = check_policy(text, env=ENV)

    assert [(error.line, error.code) for error in errors] == [
        (4, "HG119"),
        (4, "HG119"),
        (5, "HG119"),
        (5, "HG121"),
        (6, "HG117"),
        (6, "HG120"),
    ]
