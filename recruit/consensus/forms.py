"""Forms of consensus meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from recruit.consensus.actions import Outcome
from recruit.consensus.topics import RECOMMENDATION, Topic
from recruit.core.text import one_line, written
from recruit.labels import RECOMMENDATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recruit.accounts.models import User

LONGEST_RATIONALE = 4000
LONGEST_OTHERS = 1000
NO_AGREEMENT = "none"


class PresenceForm(FlaskForm):
    """Who is there."""

    present = SelectMultipleField(_l("From the panel"), coerce=int)
    others = TextAreaField(
        _l("Others, by name"),
        filters=[written],
        validators=[Length(max=LONGEST_OTHERS, message=_l("Use at most 1,000 characters."))],
    )
    version = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$")])

    def name_panel(self, panel: Sequence[User]) -> None:
        """Offer the panel's members."""
        self.present.choices = [SelectChoice(user.id, user.name) for user in panel]

    def names(self) -> str:
        """Return the other names, one a line."""
        lines = (one_line(line) for line in (self.others.data or "").replace(",", "\n").split("\n"))
        return "\n".join(line for line in lines if line)


class AgreementForm(FlaskForm):
    """What the panel agrees on; ``outcome.choices`` follow the topic."""

    outcome = RadioField(
        _l("Agreed"), validators=[InputRequired(_l("Choose what you agree on, or “No agreement”."))]
    )
    rationale = TextAreaField(
        _l("Why"),
        filters=[written],
        validators=[
            DataRequired(_l("Write why, in a sentence or two.")),
            Length(max=LONGEST_RATIONALE, message=_l("Use at most 4,000 characters.")),
        ],
    )
    version = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$")])

    def offer(self, topic: Topic) -> None:
        """Offer what can be agreed on the topic."""
        if topic.key == RECOMMENDATION:
            choices = [SelectChoice(key, label) for key, label in RECOMMENDATIONS.items()]
        else:
            choices = [SelectChoice(str(point), str(point)) for point in range(1, 6)]
        self.outcome.choices = [*choices, SelectChoice(NO_AGREEMENT, _l("No agreement"))]

    def agreed(self) -> Outcome:
        """Return what was sent; only after validation."""
        chosen = self.outcome.data
        return Outcome(
            score=int(chosen) if chosen.isdigit() else None,
            recommendation=chosen if chosen in RECOMMENDATIONS else None,
            rationale=self.rationale.data or "",
        )
