"""The processes: each service has its settings, its app, and modules named for what they do."""

if __name__ != "tidemark.services":
    raise ImportError(
        "services was imported under another name, which would load every module twice; "
        "import tidemark.services"
    )
