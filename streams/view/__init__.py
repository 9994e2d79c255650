"""What readers hold of the published state, and the numbers they all show of it."""
