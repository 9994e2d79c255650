"""Event logs and the state published from them; `open_log` and its kin pick the engine by URL.

sqlite:///var/x.db   relative path        sqlite:////srv/x.db   absolute path
"""
