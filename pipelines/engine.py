"""The one module that knows Prefect: it turns functions into tasks and compositions of them into flows.

`@step("Gather the evidence")` makes a function a task of the Prefect flow run that calls it. Called anywhere else,
in a notebook, a test or a direct run, it stays the function it was; called by another step, it is a part of that step.
`@flow("target")` makes a function a flow: called, it runs directly, and `.with_prefect(...)` starts a flow run.
A direct run never imports Prefect, which takes seconds.
"""

import logging
import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property, update_wrapper, wraps
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from hotspots.errors import HotspotsError, ParameterError
from pipelines import prefect_server, progress

if TYPE_CHECKING:
    from prefect import Flow as PrefectFlow
    from prefect import State, Task
    from prefect.client.schemas.objects import TaskRun

P = ParamSpec("P")
R = TypeVar("R")

_INSIDE_STEP: ContextVar[bool] = ContextVar("inside a step", default=False)

_LOG_LEVEL = "PREFECT_LOGGING_LEVEL"
# Prefect's temporary server takes 20 to 30 seconds to start on two cores; nothing may be sent anywhere.
_PREFECT_SETTINGS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    _LOG_LEVEL: "WARNING",
    "DO_NOT_TRACK": "1",
}
_RETRIES = 2
_RETRY_DELAY_SECONDS = 2


class Step(Generic[P, R]):
    """A function that is a Prefect task inside a flow run.

    Parameters
    ----------
    function
        The function.
    name
        Name of the task, as the log and Prefect's pages show it.
    retry
        Whether a failed read of a file or of the network is tried again. Input that was refused is not.
    """

    def __init__(self, function: Callable[P, R], name: str, *, retry: bool = False) -> None:
        update_wrapper(self, function)
        self.function, self.name, self.retry = function, name, retry

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the task in a flow run, the function anywhere else."""
        if _INSIDE_STEP.get():
            return self.function(*args, **kwargs)
        with progress.show_step(self.name) as report_result:
            result = self.task(*args, **kwargs) if in_flow_run() else self._run(*args, **kwargs)
            report_result(result)
        return result

    def _run(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function; steps that it calls are part of it."""
        token = _INSIDE_STEP.set(True)
        try:
            return self.function(*args, **kwargs)
        finally:
            _INSIDE_STEP.reset(token)

    @cached_property
    def task(self) -> "Task[P, R]":
        """The Prefect task. Its inputs are tables, so they are not hashed for a cache."""
        from prefect import task
        from prefect.cache_policies import NO_CACHE

        @wraps(self.function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return self._run(*args, **kwargs)

        return task(
            name=self.name,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=_RETRIES if self.retry else 0,
            retry_delay_seconds=_RETRY_DELAY_SECONDS,
            retry_condition_fn=_is_worth_a_retry,
        )(run)


class Flow(Generic[P, R]):
    """A composition of steps that can run directly or as a Prefect flow.

    Parameters
    ----------
    function
        The composition.
    name
        Name of the flow on Prefect's pages.
    parts
        Number of flows that it consists of, if it consists of flows.
    """

    def __init__(self, function: Callable[P, R], name: str, parts: int | None = None) -> None:
        update_wrapper(self, function)
        self.function, self.name, self.parts = function, name, parts

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run directly, or as a subflow where a flow run is under way."""
        with progress.show_flow(self.name, self.parts):
            return self.flow(*args, **kwargs) if in_flow_run() else self.function(*args, **kwargs)

    def with_prefect(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run as a Prefect flow run, on a temporary server where no other is configured.

        Raises
        ------
        ParameterError
            A server is configured, but cannot be used.
        """
        require_server()
        with progress.show_flow(self.name, self.parts):
            return self.flow(*args, **kwargs)

    @cached_property
    def flow(self) -> "PrefectFlow[P, R]":
        """The Prefect flow."""
        prepare_prefect()
        from prefect import flow

        return flow(name=self.name, validate_parameters=False, persist_result=False)(self.function)


def step(name: str, *, retry: bool = False) -> Callable[[Callable[P, R]], Step[P, R]]:
    """Return a decorator that makes a function a `Step` of this name."""

    def decorate(function: Callable[P, R]) -> Step[P, R]:
        return Step(function, name, retry=retry)

    return decorate


def flow(name: str, *, parts: int | None = None) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """Return a decorator that makes a composition of steps, or of a number of flows, a `Flow` of this name."""

    def decorate(function: Callable[P, R]) -> Flow[P, R]:
        return Flow(function, name, parts)

    return decorate


def prepare_prefect() -> None:
    """Set the environment variables that Prefect reads when it is first imported; those already set stay."""
    for name, value in _PREFECT_SETTINGS.items():
        os.environ.setdefault(name, value)


def require_server() -> None:
    """Check that the configured Prefect server answers, so that a run does not wait for it; see `find_fault`."""
    prepare_prefect()
    url = prefect_server.configured_url()
    fault = prefect_server.find_fault(url) if url else ""
    if fault:
        raise ParameterError(fault)
    _hide_logs_of_runs()


def _hide_logs_of_runs() -> None:
    """Keep logs of runs off the terminal: the exception itself ends the command, and the server has the log."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).propagate = os.environ[_LOG_LEVEL] != _PREFECT_SETTINGS[_LOG_LEVEL]


def in_flow_run() -> bool:
    """Return whether a Prefect flow run is under way in this context."""
    if "prefect" not in sys.modules:
        return False
    from prefect.context import FlowRunContext

    return FlowRunContext.get() is not None


def _is_worth_a_retry(task: "Task[..., object]", run: "TaskRun", state: "State[object]") -> bool:
    """Return whether another try can help: an operating system error may pass, refused input does not."""
    try:
        state.result()
    except HotspotsError:
        return False
    except OSError:
        return True
    except Exception:
        return False
    return False
