"""A command made from a service's settings: one flag per setting, with its description as help."""

import asyncio
import inspect
import signal
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from tidemark.services.settings import ServiceSettings

from .console import run, wrong_use
from .log_output import show_service_logs

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
S = TypeVar("S", bound=ServiceSettings)


def service_command(
    settings: type[S], serve: Callable[[S], Coroutine[Any, Any, None]]
) -> Callable[..., None]:
    """A function that typer turns into a command.

    A flag beats the environment's `TIDEMARK_…`, which beats a `.env` file, which beats the
    default.
    """

    def command(**flags: Any) -> None:
        show_service_logs()
        run(until_signalled(serve(choose_settings(settings, **flags))))

    parameters = [_flag(name, field) for name, field in settings.model_fields.items()]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = settings.__doc__
    return command


def choose_settings(settings: type[S], **flags: Any) -> S:
    """The settings with the flags that were given, those that are not None; ends where they are wrong."""
    try:
        return settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        wrong_use(
            "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        )


async def until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it ends or SIGTERM or SIGINT cancels it."""
    task = asyncio.create_task(work)
    signalled = asyncio.Event()

    def stop() -> None:
        signalled.set()
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not signalled.is_set():
            raise
    finally:
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set from now on, for what ends by itself."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    return stop


def _flag(name: str, field: Any) -> inspect.Parameter:
    kind = field.annotation if field.annotation in (int, float) else str
    variable = f"TIDEMARK_{name.upper()}"
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        help=f"{field.description} ({variable}; default: {_format_default(field.default)})",
        show_default=False,
    )
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )


def _format_default(default: Any) -> str:
    return "none" if default is None else str(default)
