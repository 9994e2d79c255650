"""What every alert must and must not do, written by hand by subject; promtool plays it against the rules."""
