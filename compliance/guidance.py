"""What follows from a standing, in plain words: for pages, the API and mails alike."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.models import StandingState

NEXT_STEPS: dict[str, Promise] = {
    StandingState.GROUND: _(
        "It stays on the ground. Request its replacement, or record its disposal."
    ),
    StandingState.PHASE_OUT: _(
        "It may be used until the day named. Request its replacement before then."
    ),
    StandingState.TRAINING_ONLY: _("It may be used for training and for no other mission."),
    StandingState.UNDETERMINED: _(
        "Facts are missing. The results say which ones and who can supply them; until then nobody can say that it is allowed."
    ),
    StandingState.WAIVED: _(
        "It may be used under its waiver until the day named. Prepare its replacement."
    ),
    StandingState.CLEAR: _("Nothing is to be done."),
}
