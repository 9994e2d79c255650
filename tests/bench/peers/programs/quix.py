"""Quix Streams, exactly-once. Its state is per message key, so totals of places are kept per sensor too."""

from job import COMMIT_S, Counted, arguments, decode, keys
from quixstreams import Application, State


def add(counted: Counted, state: State) -> None:
    """Add an event to the three totals of its sensor."""
    for key in keys(counted):
        state.set(key, state.get(key, 0) + counted.data.entered)


def main() -> None:
    """Read until terminated."""
    given = arguments()
    app = Application(
        broker_address=given.broker,
        consumer_group=given.group,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_interval=COMMIT_S,
        state_dir=given.folder,
        loglevel="WARNING",
    )
    facts = app.topic(given.topic, key_deserializer="bytes", value_deserializer="bytes")
    app.dataframe(facts).apply(decode).update(add, stateful=True)
    app.run()


if __name__ == "__main__":
    main()
