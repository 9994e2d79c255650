"""The exporter: the merged view as Prometheus metrics."""
