"""Grafana's dashboards as code: pages are described here and rendered as JSON."""
