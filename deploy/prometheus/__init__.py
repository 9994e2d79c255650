"""Alert and recording rules for Prometheus, generated from one table of conditions."""
