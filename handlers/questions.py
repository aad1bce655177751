"""What a service asks in its form: one line of text each, "Which size? (choice: small, large) *".

1. A line is a label, then in parentheses the kind and, for a choice, the options; a star means required.
2. Without parentheses it asks for a short text.
3. Kinds: text, long, number, choice, choices (several), date, person, yes/no.
4. Answers are kept in the words of the day they were given: changing a form changes nothing that was filed.
"""

from collections.abc import Callable, Mapping

from storage.records import PersonId, Service

Values = Mapping[str, str | tuple[str, ...]]


class WrongAnswer(Exception):
    """An answer that cannot be kept: in which field, and why, as a sentence."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def answers(
    service: Service, values: Values, name_of: Callable[[PersonId], str]
) -> tuple[tuple[str, str], ...]:
    """What was answered, label and text, without what was left empty. Raises `WrongAnswer`."""
    return ()
