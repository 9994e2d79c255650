"""The board: the district's main totals, live on a screen."""
