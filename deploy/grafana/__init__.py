"""Grafana's dashboards as code: pages are described here and written out as JSON."""
