"""What a deployment is made of, and the programs that write its files from tables."""

if __name__ != "tidemark.deploy":
    raise ImportError("import tidemark.deploy: under a second name every module would exist twice")
