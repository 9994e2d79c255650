"""What readers hold: cells summed over partitions, and records."""
