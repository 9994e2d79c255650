"""What a value is: its span and origin, or the cause why there is none."""
