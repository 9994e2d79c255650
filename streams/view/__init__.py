"""The published state as readers hold it, and the numbers that they all show of it."""
