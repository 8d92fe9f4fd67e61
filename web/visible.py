"""Texts that a form takes are those that its reader sees: nothing invisible, nothing that was lost on the way."""

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from standards.look_alikes import LOST, hidden_characters

LINE_BREAKS: Final = str.maketrans("", "", "\t\n\r")
SHOWN: Final = 5


def refuse_unseen(text: object) -> None:
    """Raises `ValidationError` for control, invisible and direction-changing characters, and for the mark that stands
    where bytes were no text."""
    if not isinstance(text, str):
        return
    if hidden := sorted(set(hidden_characters(text.translate(LINE_BREAKS)))):
        raise ValidationError(
            _("Contains characters that cannot be seen: %(characters)s."),
            params={"characters": ", ".join(hidden[:SHOWN])},
        )
    if LOST in text:
        raise ValidationError(
            _("Contains characters that were lost on the way (U+FFFD). Type the text again.")
        )
