"""Publishes to Grafana: dashboards from files, annotations from activities and targets."""
