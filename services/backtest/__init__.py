"""How well projections hold: simulated histories whose end is known, and how often it was foretold."""
