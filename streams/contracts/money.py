"""Money is whole fen internally and becomes yuan only where people or Prometheus read it."""

FEN_PER_YUAN = 100
CENTS_PER_USD = 100


def yuan(fen: int) -> str:
    """Exact yuan with two decimals and thousands separators: 1234567 → 12,345.67."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"
