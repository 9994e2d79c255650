"""Alert and recording rules for Prometheus, written from one table of conditions."""
