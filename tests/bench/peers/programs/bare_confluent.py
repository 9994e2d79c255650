"""A bare loop: decode, sum in a dict, publish changed totals once a second. A crash loses the sums."""

import time
from collections import defaultdict

from confluent_kafka import Consumer, Producer
from job import COMMIT_S, arguments, decode, keys

READ = 10_000


def main() -> None:
    """Read until terminated."""
    given = arguments()
    consumer = Consumer(
        {
            "bootstrap.servers": given.broker,
            "group.id": given.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = Producer({"bootstrap.servers": given.broker, "compression.type": "lz4", "linger.ms": 5})
    consumer.subscribe([given.topic])
    totals: defaultdict[str, int] = defaultdict(int)
    changed: set[str] = set()
    next_commit = time.monotonic() + COMMIT_S
    while True:
        for message in consumer.consume(READ, 0.1):
            if message.error():
                raise RuntimeError(message.error())
            counted = decode(message.value())
            entered = counted.data.entered
            for key in keys(counted):
                totals[key] += entered
                changed.add(key)
        if changed and time.monotonic() >= next_commit:
            publish(producer, f"{given.group}-totals", {key: totals[key] for key in changed})
            consumer.commit(asynchronous=False)
            changed.clear()
            next_commit = time.monotonic() + COMMIT_S


def publish(producer: Producer, topic: str, totals: dict[str, int]) -> None:
    """Send the totals and wait until the broker has acknowledged them."""
    for key, total in totals.items():
        while True:
            try:
                producer.produce(topic, str(total), key)
                break
            except BufferError:  # librdkafka's queue is full
                producer.poll(0.1)
    producer.flush()


if __name__ == "__main__":
    main()
