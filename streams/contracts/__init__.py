"""The language of the system: events, families, measures, time and money."""
