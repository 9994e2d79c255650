"""What a deployment is made of, and the programs that write its files from tables."""
