"""
Loggers of the libraries below us, kept from writing prompts.

litellm, its providers and Presidio log bodies, tokens and answers at DEBUG, and echo them in warnings when a provider
refuses. A level does not help, for any code may set it anew; a filter on a parent is not asked about the records of its
children. So each logger of these libraries carries a filter, and a logger that is made later gets it at birth.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeGuard

__all__ = ["quiet_loggers"]

_FAMILIES = (
    "LiteLLM",
    "LiteLLM Proxy",
    "LiteLLM Router",
    "anthropic",
    "decision_process",
    "httpcore",
    "httpx",
    "litellm",
    "llama-cpp-python",
    "llama_cpp",
    "openai",
    "presidio-analyzer",
    "presidio-anonymizer",
    "spacy",
)
"""Names of loggers; each stands for itself and everything below it. ``decision_process`` is Presidio's."""

_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({})))


def quiet_loggers() -> Callable[[], None]:
    """
    Keep the loggers of litellm, its providers, Presidio, spaCy and llama.cpp from writing what was in a request.

    Records below WARNING are dropped. Of the others only the logger's name, the level and the place in the code are
    left; the text is "<name>: message withheld (<level>)". That holds for every handler, however they or the levels
    are changed afterwards. Records of other loggers are not touched. A second call changes nothing.

    Returns:
        What puts everything back as it was.
    """
    manager = logging.Logger.manager
    before = manager.loggerClass
    if not _is_maker(before):
        # The manager calls this to make a logger, as it would call a class.
        manager.loggerClass = _Maker(before)  # type: ignore[assignment]
    for name in _FAMILIES:
        logging.getLogger(name)
    for logger in list(manager.loggerDict.values()):
        if isinstance(logger, logging.Logger) and _is_ours(logger.name):
            logger.addFilter(_withhold)
    return _speak_again


def _speak_again() -> None:
    manager = logging.Logger.manager
    maker = manager.loggerClass
    if _is_maker(maker):
        manager.loggerClass = maker.before
    for logger in list(manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.removeFilter(_withhold)


class _Maker:
    """Makes loggers as before, those of the families with the filter."""

    def __init__(self, before: type[logging.Logger] | None) -> None:
        self.before = before

    def __call__(self, name: str) -> logging.Logger:
        logger = (self.before or logging.getLoggerClass())(name)
        if _is_ours(name):
            logger.addFilter(_withhold)
        return logger


def _is_maker(made_by: object) -> TypeGuard[_Maker]:
    return isinstance(made_by, _Maker)


def _is_ours(name: str) -> bool:
    return name.startswith(tuple(f"{family}." for family in _FAMILIES)) or name in _FAMILIES


def _withhold(record: logging.LogRecord) -> bool:
    """Filter: whether *record* may pass, and it passes without its text, arguments, traceback and extras."""
    if record.levelno < logging.WARNING:
        return False
    record.msg = f"{record.name}: message withheld ({record.levelname})"
    record.args = None
    record.exc_info = record.exc_text = record.stack_info = None
    for extra in record.__dict__.keys() - _OWN_FIELDS:
        del record.__dict__[extra]
    return True
