"""Words for people, in the two languages that Tidemark speaks."""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """Chinese or English."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """The same in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The words of one language."""
        return self.zh if language is Language.ZH else self.en
