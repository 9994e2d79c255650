"""The processes: each service has its settings, its app, and modules named for what they do."""

if __name__ != "tidemark.services":
    raise ImportError("import tidemark.services: under a second name every module would exist twice")
