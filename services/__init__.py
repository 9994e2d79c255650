"""What runs: each service has its settings, its app, and modules named for what they do."""
