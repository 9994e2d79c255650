"""Faust with three Tables.

A Table holds one value per key over all partitions, its changelog one per partition; so keys begin with the
partition.
"""

import faust
from faust import Worker
from job import COMMIT_S, arguments, decode, keys

PARTITIONS = 8


def main() -> None:
    """Read until terminated."""
    given = arguments()
    app = faust.App(
        given.group,
        broker=f"kafka://{given.broker}",
        datadir=given.folder,
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        topic_replication_factor=1,
        broker_commit_interval=COMMIT_S,
    )
    facts = app.topic(given.topic, key_type=bytes, value_type=bytes, value_serializer="raw")
    tables = [
        app.Table(name, default=int, key_type=str, value_type=int, partitions=PARTITIONS)
        for name in ("place-quarter", "place-day", "sensor-day")
    ]

    @app.agent(facts)
    async def add(stream: faust.StreamT[bytes]) -> None:
        async for event in stream.events():
            counted = decode(event.value)
            partition = event.message.partition
            for table, key in zip(tables, keys(counted), strict=True):
                table[f"{partition} {key}"] += counted.data.entered

    Worker(app, loglevel="WARNING").execute_from_commandline()


if __name__ == "__main__":
    main()
