"""The shared types: events, families, measures, published rows, time and money."""
