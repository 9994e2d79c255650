"""One run of one peer."""

from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from tests.bench.peers.facts import Totals

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Run:
    """The parameters of a run.

    `name`: the log's; its topic is NAME.facts and holds `events` events with the totals `truth`. `group`: a
    new consumer group, whose name is part of the names of the run's topics. `folder` is empty.
    """

    broker: str
    name: str
    events: int
    truth: Totals
    group: str
    folder: Path
    admin: AIOKafkaAdminClient

    @property
    def topic(self) -> str:
        """The topic to read."""
        return f"{self.name}.facts"

    @property
    def values(self) -> list[str]:
        """The arguments of the peers' programs."""
        return [self.broker, self.topic, self.group, str(self.folder)]

    @property
    def arguments(self) -> list[str]:
        """The arguments as flags."""
        names = ("broker", "topic", "group", "folder")
        return [f"--{name}={value}" for name, value in zip(names, self.values, strict=True)]
