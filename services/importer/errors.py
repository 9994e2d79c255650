"""What can go wrong with an import: the request as a whole, or one row."""


class ImportRefused(Exception):
    """The import cannot be done as asked; the message says what to change."""


class MappingInvalid(ImportRefused):
    """The mapping breaks a rule; the message names the field and the remedy."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"mapping, {field}: {problem}; {remedy}")
        self.field = field


class TooManyRejects(ImportRefused):
    """More rows were rejected than the caller allows; rows taken before stay taken."""


class RowInvalid(Exception):
    """One row cannot become an event; `field` is the event's field at fault, empty for the row."""

    def __init__(self, problem: str, remedy: str, field: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        return f"{self.field or 'row'}: {self.problem}; {self.remedy}"
