"""Who is told of which alert and when: Alertmanager's configuration, written from small tables."""
