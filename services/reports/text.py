"""Text in both languages, and which of them a report shows."""

from enum import StrEnum

from tidemark.streams.contracts.text import Text


class Language(StrEnum):
    """What a report is written in."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages shown, the first of them leading."""
        return ("zh", "en") if self is Language.BOTH else (self.value,)


def lines(text: Text | str, language: Language) -> list[tuple[str, str]]:
    """What to write one below the other: language and words. A plain text, such as an id, is of none;
    words that are the same in both languages stand once."""
    if isinstance(text, str):
        return [("", text)]
    found = [(code, text.zh if code == "zh" else text.en) for code in language.codes]
    return found[:1] if text.zh == text.en else found


def say(text: Text | str, language: Language, between: str = "\n") -> str:
    """The same as one string."""
    return between.join(words for _, words in lines(text, language))
