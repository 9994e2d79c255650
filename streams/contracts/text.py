"""Texts for people in Tidemark's two languages."""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """Chinese or English."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """A text in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language is Language.ZH else self.en
