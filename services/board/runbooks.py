"""Runbooks as HTML pages: what an alert means, what to check, what to do, and who does it."""

from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from tidemark.services.resources import RUNBOOKS

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/runbooks.css">
</head>
<body>
<nav><a href="/runbooks">处置手册 · Runbooks</a></nav>
<main>{body}</main>
</body>
</html>
"""


class Runbooks:
    """The Markdown pages of a folder, one per alert. Only files that the folder lists are served."""

    def __init__(self, folder: Path = RUNBOOKS) -> None:
        self._folder = folder
        self._markdown = MarkdownIt("commonmark", {"html": False})

    def list_names(self) -> list[str]:
        """The alerts that have a page, in alphabetical order."""
        return sorted(path.stem for path in self._folder.glob("*.md"))

    def render_page(self, alert: str) -> str | None:
        """The alert's page as HTML, or None without a page. Raises OSError."""
        if alert not in self.list_names():
            return None
        return _fill_template(alert, self._markdown.render((self._folder / f"{alert}.md").read_text("utf-8")))

    def render_index(self, missing: str = "") -> str:
        """A list of all pages as HTML, which also names a requested page that is missing."""
        asked = f"<p>未找到该页面 · Page not found: {escape(missing)}</p>" if missing else ""
        items = "".join(
            f'<li><a href="/runbooks/{name}">{self._read_title(name)}</a></li>' for name in self.list_names()
        )
        return _fill_template("处置手册 · Runbooks", f"<h1>处置手册 · Runbooks</h1>{asked}<ul>{items}</ul>")

    def _read_title(self, name: str) -> str:
        with (self._folder / f"{name}.md").open(encoding="utf-8") as file:
            return escape(file.readline().removeprefix("# ").strip())


def _fill_template(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), body=body)
