"""What is computed. No clock, no client, and no I/O outside log/ and the hosts."""

if __name__ != "tidemark.streams":
    raise ImportError(
        "streams was imported under another name, which would load every module twice; "
        "import tidemark.streams"
    )
