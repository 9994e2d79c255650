"""The files of a deployment, and the programs that generate them from tables."""

if __name__ != "tidemark.deploy":
    raise ImportError(
        "deploy was imported under another name, which would load every module twice; import tidemark.deploy"
    )
