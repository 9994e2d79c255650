"""Official figures: vintages, series, and live sales calibrated against them."""
