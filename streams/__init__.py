"""What is computed. No clock, no client, and no I/O outside log/ and the hosts."""
