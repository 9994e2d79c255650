"""The gateway: CloudEvents over HTTP in, durable appends to the event log out."""
