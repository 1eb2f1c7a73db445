"""The one place where plain functions become Prefect tasks and flows.

A `Step` called inside a Prefect flow run is a task; called anywhere else it is the plain function it wraps; called by
another step it is a part of that one. A `Flow`
called with `engine=True` starts a Prefect flow run; called inside one it is a subflow; else it is plain too. So each
flow is composed once and runs two ways, and nobody who runs direct ever imports Prefect.
"""

import logging
import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property, wraps
from typing import Any

from hotspots.errors import HotspotsError

LOG = logging.getLogger("hotspots")
_WITHIN: ContextVar[bool] = ContextVar("within a step", default=False)

# Prefect's server takes 20 to 30 seconds to start on two cores; nothing may be sent anywhere.
_PREFECT = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "DO_NOT_TRACK": "1",
}


def prepare_engine() -> None:
    """Set what Prefect reads when it is first imported; what is set already stays."""
    for name, value in _PREFECT.items():
        os.environ.setdefault(name, value)


def in_engine() -> bool:
    """Whether a Prefect flow run is under way here."""
    if "prefect" not in sys.modules:
        return False
    from prefect.context import FlowRunContext

    return FlowRunContext.get() is not None


class Step:
    """A function of tables that is a Prefect task inside a flow run.

    Parameters
    ----------
    function
        The plain function.
    name
        What the task is called, in the reader's words.
    fetches
        Whether it reads files or the network, which may fail for a moment: it is then tried again, but never
        after a file was refused.
    """

    def __init__(self, function: Callable[..., Any], name: str, *, fetches: bool = False) -> None:
        self.function, self.name, self.fetches = function, name, fetches
        self.__doc__ = function.__doc__

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Run the task, or the function."""
        if _WITHIN.get():
            return self.function(*args, **options)
        LOG.info("%s", self.name)
        return self.task(*args, **options) if in_engine() else self._alone(*args, **options)

    def _alone(self, *args: Any, **options: Any) -> Any:
        """The function, with every step that it calls a part of it."""
        token = _WITHIN.set(True)
        try:
            return self.function(*args, **options)
        finally:
            _WITHIN.reset(token)

    @cached_property
    def task(self) -> Any:
        """The Prefect task; its inputs are tables, so nothing is hashed for a cache."""
        from prefect import task
        from prefect.cache_policies import NO_CACHE

        often = {"retries": 2, "retry_delay_seconds": 2, "retry_condition_fn": _may_pass} if self.fetches else {}
        options: dict[str, Any] = {"name": self.name, "cache_policy": NO_CACHE, "persist_result": False, **often}

        @wraps(self.function)
        def alone(*args: Any, **kwargs: Any) -> Any:
            return self._alone(*args, **kwargs)

        return task(**options)(alone)


class Flow:
    """A composition of steps that is a Prefect flow when the engine is asked for."""

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self.function, self.name = function, name
        self.__doc__ = function.__doc__

    def __call__(self, *args: Any, engine: bool = False, **options: Any) -> Any:
        """Run the flow with the engine, or the plain composition."""
        if engine or in_engine():
            return self.flow(*args, **options)
        return self.function(*args, **options)

    @cached_property
    def flow(self) -> Any:
        """The Prefect flow."""
        prepare_engine()
        from prefect import flow

        return flow(name=self.name, validate_parameters=False, persist_result=False)(self.function)


def _may_pass(task: object, run: object, state: Any) -> bool:
    """Whether trying again can help: never after a refused file."""
    try:
        state.result()
    except HotspotsError:
        return False
    except OSError:
        return True
    except Exception:
        return False
    return False
