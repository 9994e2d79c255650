"""From the tables of alerts, cases and recordings to the files that Prometheus and promtool read."""
