"""Libraries below us cannot log a prompt."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest

from hybrid_guard.audit import quiet_loggers
from hybrid_guard.audit.quiet import _FAMILIES, _withhold

PROMPT = "Anna Berg has diabetes"


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    yield
    quiet_loggers()()


class Collector(logging.Handler):
    """Keeps records and what a formatter makes of them."""

    def __init__(self) -> None:
        super().__init__(level=0)
        self.seen: list[logging.LogRecord] = []
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record)
        self.text += self.format(record) + repr(record.__dict__)


@pytest.fixture
def root() -> Iterator[Collector]:
    """A handler of the root logger, which is at DEBUG."""
    collector, logger = Collector(), logging.getLogger()
    before = logger.level
    logger.addHandler(collector)
    logger.setLevel(logging.DEBUG)
    yield collector
    logger.removeHandler(collector)
    logger.setLevel(before)


def shout(name: str) -> None:
    """Log the prompt in every way there is."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    logger.debug("body %s", PROMPT)
    logger.info(PROMPT)
    logger.warning("refused: %s", PROMPT, extra={"body": PROMPT}, stack_info=True)
    try:
        raise ValueError(PROMPT)
    except ValueError:
        logger.exception("failed %(prompt)s", {"prompt": PROMPT})


@pytest.mark.parametrize("name", [*_FAMILIES, "openai._base_client", "httpcore.http11", "litellm.a.b.c"])
def test_no_family_lets_a_prompt_out(name: str, root: Collector) -> None:
    """Debug vanishes, warnings lose their text, whatever the levels are."""
    quiet_loggers()
    own = Collector()
    logging.getLogger(name).addHandler(own)
    shout(name)
    logging.getLogger(name).removeHandler(own)

    assert [f"{name}: message withheld (WARNING)", f"{name}: message withheld (ERROR)"] == [
        record.getMessage() for record in own.seen
    ]
    assert PROMPT not in root.text + own.text
    assert "Anna" not in root.text + own.text


def test_a_child_made_before_or_after_is_quiet(root: Collector) -> None:
    """A filter on a parent is not asked about its children, so each child has it from birth."""
    shout_before = logging.getLogger("openai.made.before")
    quiet_loggers()
    shout(shout_before.name)
    shout("openai.made.after")

    assert len(root.seen) == 4
    assert PROMPT not in root.text


def test_other_loggers_are_left_alone(root: Collector) -> None:
    """The application's own records and those of names that only look alike pass whole."""
    quiet_loggers()
    for name in ("shop", "shop.openai", "openaix", "httpx_socks", ""):
        logging.getLogger(name).debug("hello %s", name or "root", extra={"order": 7})

    assert [record.getMessage() for record in root.seen] == [
        "hello shop",
        "hello shop.openai",
        "hello openaix",
        "hello httpx_socks",
        "hello root",
    ]
    assert {7} == {vars(record)["order"] for record in root.seen}


def test_a_second_call_changes_nothing(root: Collector) -> None:
    """One filter per logger, one maker of loggers."""
    quiet_loggers()
    maker = logging.Logger.manager.loggerClass
    quiet_loggers()

    assert maker is logging.Logger.manager.loggerClass
    assert logging.getLogger("httpx").filters.count(_withhold) == 1


def test_everything_can_be_put_back(root: Collector) -> None:
    """Afterwards old and new loggers speak as before; a second time does nothing."""
    before = logging.Logger.manager.loggerClass
    speak_again = quiet_loggers()
    speak_again()
    speak_again()
    logging.getLogger("httpx").warning("hello")
    logging.getLogger("httpx.made_after_speaking_again").warning("world")

    assert before is logging.Logger.manager.loggerClass
    assert [record.getMessage() for record in root.seen] == ["hello", "world"]


def test_the_class_of_loggers_that_an_application_chose_is_kept() -> None:
    """New loggers, quiet or not, are of the class that the application asks for, before or after."""

    class Chosen(logging.Logger):
        pass

    quiet_loggers()
    usual = logging.getLoggerClass()
    logging.setLoggerClass(Chosen)
    try:
        loud, quiet = logging.getLogger("shop.chosen"), logging.getLogger("openai.chosen")
    finally:
        logging.setLoggerClass(usual)

    assert isinstance(loud, Chosen)
    assert isinstance(quiet, Chosen)
    assert loud.filters == []
    assert len(quiet.filters) == 1


def test_no_library_is_loaded() -> None:
    """Quieting loggers needs nothing but their names."""
    before = set(sys.modules)
    quiet_loggers()

    assert set() == {name for name in set(sys.modules) - before if not name.startswith("hybrid_guard")}
