"""Who receives which alert and when: Alertmanager's configuration, generated from tables."""
