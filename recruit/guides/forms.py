"""Forms of the builder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from recruit.core.draft import OwnQuestion, Wording
from recruit.core.library import LONGEST_PROBE, LONGEST_TEXT, MOST_MINUTES, MOST_PROBES
from recruit.core.text import one_line, written
from recruit.guides.actions import is_reason
from recruit.labels import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_babel.speaklater import LazyString
    from wtforms import Field

    from recruit.core.library import Competency
    from recruit.core.remarks import Remark

VERBS: dict[str, LazyString] = {
    "generate": _l("new proposal"),
    "way": _l("change that makes it fit"),
    "profile": _l("changed profile"),
    "swap": _l("swapped question"),
    "add": _l("added question"),
    "own": _l("own question"),
    "drop": _l("removed question"),
    "allow": _l("question allowed again"),
    "pin": _l("pinned question"),
    "unpin": _l("unpinned question"),
    "move": _l("moved question"),
    "up": _l("changed order"),
    "down": _l("changed order"),
    "section-up": _l("changed order"),
    "section-down": _l("changed order"),
    "lock": _l("locked round"),
    "unlock": _l("unlocked round"),
    "note": _l("note on the round"),
    "reword": _l("changed wording"),
    "import": _l("imported file"),
    "recover": _l("begun anew"),
}
"""What the steps of a draft are called."""

ON_OTHER_PAGES = {"profile", "own", "reword", "import", "recover"}
BUTTONS = (*(verb for verb in VERBS if verb not in ON_OTHER_PAGES), "undo", "redo")


class EditForm(FlaskForm):
    """One press of a button in the builder; what it is about depends on the verb."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(0, 2**31 - 1)])
    verb = SelectField(choices=[SelectChoice(verb, verb) for verb in BUTTONS])
    question = StringField(validators=[Length(max=80)])
    other = StringField(validators=[Length(max=80)])
    number = IntegerField(validators=[Optional(), NumberRange(0, 20)])
    note = TextAreaField(
        validators=[Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters."))]
    )

    @property
    def words(self) -> str:
        """The note, ready to be stored."""
        return written(self.note.data)


class PublishForm(FlaskForm):
    """Publish what was seen: without a revision, whatever there is.

    ``publish_form`` adds a field for each flag, where the reason for it is written.
    """

    revision = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)])

    @property
    def reason_fields(self) -> dict[str, Any]:
        """The fields of the reasons, by the keys of the remarks."""
        return {
            field.name.removeprefix(REASON): field
            for field in self
            if field.name.startswith(REASON)
        }

    @property
    def reasons(self) -> dict[str, str]:
        """What was written, by the keys of the remarks."""
        return {key: written(field.data) for key, field in self.reason_fields.items()}


REASON = "reason-"


def _check_reason(form: FlaskForm, field: Field) -> None:
    del form
    if not is_reason(field.data):
        raise ValidationError(_("Write at least 10 letters and at most 500 characters."))


def publish_form(remarks: Iterable[Remark]) -> type[PublishForm]:
    """Return the form that publishes a guide with the remarks."""
    fields = {
        f"{REASON}{remark.key}": TextAreaField(
            _l("Reason for asking it all the same"),
            filters=[lambda text: written(text) if text else text],
            validators=[
                InputRequired(_l("Write the reason, or reword, swap or remove it.")),
                _check_reason,
            ],
            render_kw={"form": "publish-form"},
        )
        for remark in remarks
    }
    return type("ReasonsForm", (PublishForm,), fields)


class WordingForm(FlaskForm):
    """The words of one question, and a note on it."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(0, 2**31 - 1)])
    text = TextAreaField(
        _l("Question"),
        validators=[
            InputRequired(_l("Write the question.")),
            Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters.")),
        ],
    )
    background = TextAreaField(
        _l("Background to hand over"),
        validators=[Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters."))],
    )
    probes = TextAreaField(
        _l("Follow-up questions, one on each line"),
        validators=[Length(max=MOST_PROBES * (LONGEST_PROBE + 2), message=_l("That is too long."))],
    )
    note = TextAreaField(
        _l("Note to the interviewers"),
        validators=[Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters."))],
    )

    def write_in(self, language: str) -> None:
        """Say in which language the candidate is asked, which may not be the page's."""
        for field in (self.text, self.background, self.probes):
            field.render_kw = {"lang": language}

    def validate_text(self, field: Field) -> None:
        """Refuse a question of nothing but space."""
        if not written(field.data):
            raise ValidationError(_("Write the question."))

    def validate_probes(self, field: Field) -> None:
        """Refuse too many or too long follow-up questions."""
        del field
        found = self.probe_lines
        if len(found) > MOST_PROBES:
            raise ValidationError(
                _("Use at most %(most)s follow-up questions, one on each line.", most=MOST_PROBES)
            )
        if any(len(line) > LONGEST_PROBE for line in found):
            raise ValidationError(
                _("A follow-up question has at most %(most)s characters.", most=LONGEST_PROBE)
            )

    @property
    def probe_lines(self) -> tuple[str, ...]:
        """The follow-up questions."""
        return tuple(filter(None, map(one_line, written(self.probes.data).split("\n"))))

    @property
    def wording(self) -> Wording:
        """The words; only after validation."""
        return Wording(
            text=one_line(self.text.data),
            background=written(self.background.data) or None,
            probes=self.probe_lines,
        )

    def fill(self, wording: Wording, note: str) -> None:
        """Show words and note."""
        self.text.data, self.background.data = wording.text, wording.background or ""
        self.probes.data, self.note.data = "\n".join(wording.probes), note


class OwnQuestionForm(WordingForm):
    """A question of the recruiter's own about one competency; ``use`` says which."""

    kind = SelectField(
        _l("Kind of question"), choices=[SelectChoice(key, label) for key, label in KINDS.items()]
    )
    minutes = IntegerField(
        _l("Minutes, with follow-up questions and notes"),
        default=7,
        validators=[
            InputRequired(_l("Give the minutes.")),
            NumberRange(1, MOST_MINUTES, _l("Give 1 to 60 minutes.")),
        ],
    )
    elicits = SelectMultipleField(
        _l("What the question tests"),
        validators=[InputRequired(_l("Choose at least one behaviour."))],
    )

    def use(self, competency: Competency, language: str) -> None:
        """Offer the indicators of the competency that the question is about."""
        self.elicits.choices = [
            SelectChoice(indicator.id, indicator.text.in_(language))
            for indicator in competency.indicators
        ]

    def question(self, competency: str) -> OwnQuestion:
        """Return the question, still without an id; only after validation."""
        return OwnQuestion.model_validate(
            {
                "id": "",
                "competency": competency,
                "kind": self.kind.data,
                "minutes": self.minutes.data,
                "elicits": tuple(self.elicits.data or ()),
                "wording": self.wording,
            }
        )


class CheckForm(FlaskForm):
    """Text whose wording is to be looked at; nothing is stored."""

    text = TextAreaField(validators=[Length(max=LONGEST_TEXT)])
    background = TextAreaField(validators=[Length(max=LONGEST_TEXT)])
    probes = TextAreaField(validators=[Length(max=MOST_PROBES * (LONGEST_PROBE + 2))])
    note = TextAreaField(validators=[Length(max=LONGEST_TEXT)])
