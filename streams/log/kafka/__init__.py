"""The log and its published state on Apache Kafka."""
