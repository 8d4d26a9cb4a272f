"""Forms of interviews."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from recruit.core.moments import NoSuchTime, TimeTwice, moment
from recruit.core.text import one_line, written
from recruit.interviews.models import DepartureKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recruit.candidates.models import Candidate
    from recruit.interviews.models import Interview

EARLIEST = timedelta(days=366)
LATEST = timedelta(days=3 * 366)
LONGEST_MESSAGE = 2000


class _SettingForm(FlaskForm):
    """What every planned interview has: time zone, place and panel."""

    timezone = SelectField(_l("Time zone"))
    place = StringField(
        _l("Place or video link"),
        filters=[one_line],
        validators=[Length(max=300, message=_l("Use at most 300 characters."))],
    )
    panel = SelectMultipleField(
        _l("Panel"),
        coerce=int,
        validators=[InputRequired(_l("Choose at least one interviewer."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    invite = BooleanField(_l("Email the candidate an invitation"))
    message = TextAreaField(
        _l("Your own message to the candidate"),
        filters=[written],
        validators=[
            Length(max=LONGEST_MESSAGE, message=_l("Use at most 2,000 characters.")),
        ],
    )

    def offer_zones(self, *zones: str) -> None:
        """Let the time zones be chosen among, the given ones first, and begin with the first."""
        self.timezone.choices = [
            SelectChoice(name, label) for name, label in _zones(str(get_locale()), zones)
        ]
        if not self.is_submitted():
            self.timezone.data = zones[0]

    def moment_of(self, day: Field, clock: Field, prefix: str = "") -> datetime | None:
        """Return the moment in the two fields; None after adding a clear error to one of them."""
        today = datetime.now(ZoneInfo(self.timezone.data)).date()
        chosen: date = day.data
        if not today - EARLIEST <= chosen <= today + LATEST:
            _fail(day, prefix, _("Choose a date within the last year or the next three."))
            return None
        try:
            return moment(chosen, clock.data, ZoneInfo(self.timezone.data))
        except NoSuchTime:
            said = _(
                "%(time)s does not exist on %(date)s: the clock is put forward then. "
                "Choose a time an hour later."
            )
        except TimeTwice:
            said = _(
                "%(time)s comes twice on %(date)s: the clock is put back then. "
                "Choose a time at least an hour earlier or later."
            )
        _fail(clock, prefix, said % {"time": f"{clock.data:%H:%M}", "date": format_date(chosen)})
        return None


class InterviewForm(_SettingForm):
    """A new interview; the choices of candidate, round and panel are filled by the view."""

    candidate = SelectField(
        _l("Candidate"), coerce=int, validators=[InputRequired(_l("Choose a candidate."))]
    )
    version = SelectField(
        _l("Round"), coerce=int, validators=[InputRequired(_l("Choose a round."))]
    )
    date = DateField(_l("Date"), validators=[InputRequired(_l("Choose a date."))])
    time = TimeField(_l("Time"), validators=[InputRequired(_l("Choose a time."))])


class ChangeForm(_SettingForm):
    """A planned interview; ``sequence`` tells whether somebody else has changed it since."""

    date = DateField(_l("Date"), validators=[InputRequired(_l("Choose a date."))])
    time = TimeField(_l("Time"), validators=[InputRequired(_l("Choose a time."))])
    sequence = IntegerField(widget=HiddenInput())

    def show(self, interview: Interview) -> None:
        """Fill the fields with the interview as it is planned."""
        starts = interview.starts_at.astimezone(ZoneInfo(interview.timezone))
        self.date.data = starts.date()
        self.time.data = starts.time()
        self.timezone.data = interview.timezone
        self.place.data = interview.place
        self.panel.data = [member.user_id for member in interview.panel]
        self.invite.data = interview.candidate_invited
        self.message.data = interview.message
        self.sequence.data = interview.sequence


class SeveralForm(_SettingForm):
    """Interviews of several candidates in one round; a candidate without a date is left out."""

    version = SelectField(
        _l("Round"), coerce=int, validators=[InputRequired(_l("Choose a round."))]
    )

    @classmethod
    def for_candidates(cls, candidates: Iterable[Candidate]) -> SeveralForm:
        """Return a form with a date and a time for each candidate."""
        fields: dict[str, Any] = {}
        for candidate in candidates:
            fields[f"date_{candidate.id}"] = DateField(
                _("Date for %(name)s", name=candidate.name), validators=[Optional()]
            )
            fields[f"time_{candidate.id}"] = TimeField(
                _("Time for %(name)s", name=candidate.name), validators=[Optional()]
            )
        return cast("SeveralForm", type("SeveralFormOfCandidates", (cls,), fields)())

    def day_of(self, candidate_id: int) -> Field:
        """Return the field of a candidate's date."""
        return cast("Field", self[f"date_{candidate_id}"])

    def clock_of(self, candidate_id: int) -> Field:
        """Return the field of a candidate's time."""
        return cast("Field", self[f"time_{candidate_id}"])

    def chosen(self, candidates: Sequence[Candidate]) -> list[tuple[Candidate, datetime]]:
        """Return candidate and moment of every row filled in; adds errors to faulty rows."""
        found = []
        for candidate in candidates:
            day, clock = self.day_of(candidate.id), self.clock_of(candidate.id)
            if not day.data and not clock.data:
                continue
            if not day.data:
                _fail(day, candidate.name, _("Choose a date too."))
            elif not clock.data:
                _fail(clock, candidate.name, _("Choose a time too."))
            elif at := self.moment_of(day, clock, candidate.name):
                found.append((candidate, at))
        if not found and not self.errors:
            _fail(
                self.day_of(candidates[0].id), "", _("Choose date and time for a candidate first.")
            )
        return found


class StepDownForm(FlaskForm):
    """Why somebody leaves a panel."""

    kind = RadioField(
        _l("Why are you leaving?"),
        choices=[
            SelectChoice(
                DepartureKind.CONFLICT,
                _l("I have a conflict of interest: a tie to the candidate or a stake of my own"),
            ),
            SelectChoice(DepartureKind.STEPPED_DOWN, _l("I cannot take part")),
        ],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The recruiter reads it, and it stays in the panel's history."),
        filters=[written],
        validators=[Length(max=1000, message=_l("Use at most 1,000 characters."))],
    )


class ReplaceForm(FlaskForm):
    """Who takes a seat; the choices are filled by the view."""

    user = SelectField(
        _l("Who takes the seat?"), coerce=int, validators=[InputRequired(_l("Choose a person."))]
    )


def _fail(field: Field, prefix: str, said: str) -> None:
    field.errors = [*field.errors, f"{prefix}: {said}" if prefix else said]


@lru_cache(maxsize=16)
def _zones(language: str, first: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the time zones of Europe with their names, after the given ones."""
    cities: dict[str, str] = {}
    for name in sorted(available_timezones()):
        if name.startswith("Europe/"):
            city = _city(name, language)
            # Some zones have an older name too: one of each is enough.
            if city not in cities or name == f"Europe/{city}":
                cities[city] = name
    rest = [cities[city] for city in sorted(cities)]
    return [(name, _city(name, language)) for name in dict.fromkeys([*first, *rest, "UTC"])]


def _city(zone: str, language: str) -> str:
    if zone == "UTC":
        return zone
    return str(get_timezone_location(zone, locale=language, return_city=True))
