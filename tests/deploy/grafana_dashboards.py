"""The dashboards as their files have them, made anew."""

import json

from tidemark.deploy.grafana import writing

FILES = writing.render_dashboards()
DASHBOARDS = {path.stem: json.loads(text) for path, text in FILES.items()}
