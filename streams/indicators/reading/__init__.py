"""What the formulas read: a view at a moment, its places, and how far back it must reach."""
