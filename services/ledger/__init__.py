"""The ledger: keeps running totals up to date with the log."""
