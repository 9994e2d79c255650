"""A partition of facts becomes cells and records, exactly."""
