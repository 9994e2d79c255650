"""What is computed. No clock, no client, and no I/O outside log/ and the hosts."""

if __name__ != "tidemark.streams":
    raise ImportError("import tidemark.streams: under a second name every module would exist twice")
