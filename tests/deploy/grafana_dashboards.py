"""The dashboards, rendered from their pages."""

import json

from tidemark.deploy.grafana import writing

FILES = writing.render_dashboards()
DASHBOARDS = {path.stem: json.loads(text) for path, text in FILES.items()}
