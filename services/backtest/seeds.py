"""Which seeds serve what. The model is fitted on one set and judged on the other, looked at last."""

TUNING_SEEDS = range(100_001, 100_151)
HELD_OUT_SEEDS = range(1_001, 11_001)
"""`tidemark backtest --seeds N` takes the first N."""
