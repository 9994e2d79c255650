"""How a target stands on a day: measured, compared with its path, judged."""
