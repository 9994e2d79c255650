"""The command line, Tidemark's front door. It alone sees every service."""
