"""Values with their span and origin, or the cause of their absence."""
