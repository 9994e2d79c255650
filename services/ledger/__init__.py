"""The ledger: keeps running totals up with the log."""
