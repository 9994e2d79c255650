"""What the settings of all services share.

A setting is a field; it is also a flag of the command line and a `TIDEMARK_` environment variable.
"""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LogUrl = Annotated[str, Field(description="URL of the event log")]
Host = Annotated[str, Field(description="Address to listen on")]
Port = Annotated[int, Field(ge=0, le=65535, description="Port to listen on; 0 takes a free one")]


class ServiceSettings(BaseSettings):
    """Settings from flags, else the environment, else a `.env` file, else the defaults."""

    model_config = SettingsConfigDict(env_prefix="TIDEMARK_", env_file=".env", extra="ignore")
