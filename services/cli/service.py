"""A command made from a service's settings: one flag per setting, with its description as help."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from .console import run, wrong_use


def service_command(
    settings: type[BaseSettings], serve: Callable[[Any], Awaitable[None]]
) -> Callable[..., None]:
    """A function that typer turns into a command.

    A flag beats the environment's `TIDEMARK_…`, which beats a `.env` file, which beats the
    default.
    """

    def command(**flags: Any) -> None:
        given = {name: value for name, value in flags.items() if value is not None}
        try:
            chosen = settings(**given)
        except ValidationError as error:
            wrong_use(
                "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
            )
        run(_served(serve, chosen))

    parameters = [_flag(name, field) for name, field in settings.model_fields.items()]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = settings.__doc__
    return command


async def _served(serve: Callable[[Any], Awaitable[None]], chosen: BaseSettings) -> None:
    try:
        await serve(chosen)
    except asyncio.CancelledError:
        return


def _flag(name: str, field: Any) -> inspect.Parameter:
    kind = field.annotation if field.annotation in (int, float) else str
    variable = f"TIDEMARK_{name.upper()}"
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        help=f"{field.description}. [env: {variable}] [default: {field.default}]",
        show_default=False,
    )
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )
