"""Errors of an import as a whole, and of a row."""


class ImportRefused(Exception):
    """The import cannot be done as requested; the message contains the remedy."""


class MappingInvalid(ImportRefused):
    """The mapping violates a rule; the message names the field and the remedy."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"mapping, {field}: {problem}; {remedy}")
        self.field = field


class TooManyRejects(ImportRefused):
    """More rows were rejected than the caller allows; rows that were appended before remain."""


class RowInvalid(Exception):
    """A row cannot become an event; `field` is the invalid field of the event, empty for the row itself."""

    def __init__(self, problem: str, remedy: str, field: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        return f"{self.field or 'row'}: {self.problem}; {self.remedy}"
