"""The form of a role profile: competencies with weights, and rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from recruit.accounts.forms import LANGUAGE_CHOICES
from recruit.core import planner
from recruit.core.profile import (
    FEWEST_COMPETENCIES,
    LONGEST_ROUND,
    MOST_COMPETENCIES,
    MOST_ROUNDS,
    SCRIPT_MINUTES,
    Profile,
    named_in,
)
from recruit.core.text import one_line
from recruit.labels import LEVELS, SECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recruit.core.library import Library

WEIGHTS = [
    SelectChoice(0, _l("0 – not included")),
    SelectChoice(1, _l("1 – least")),
    SelectChoice(2, "2"),
    SelectChoice(3, "3"),
    SelectChoice(4, "4"),
    SelectChoice(5, _l("5 – most")),
]
THRESHOLDS = [
    SelectChoice(0, _l("No")),
    *(SelectChoice(n, _l("at least %(score)s", score=n)) for n in range(1, 6)),
]


class CompetencyRow(Form):
    """One competency of the library; weight 0 leaves it out."""

    key = HiddenField()
    weight = SelectField(_l("Weight"), choices=WEIGHTS, coerce=int, default=0)
    must_have = SelectField(_l("Must-have"), choices=THRESHOLDS, coerce=int, default=0)
    reason = TextAreaField(
        _l("Why the job needs it"),
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
    )


class RoundRow(Form):
    """One round; a row without a name that was never saved is left out."""

    name = StringField(
        _l("Name of the round"),
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
    )
    minutes = IntegerField(
        _l("Minutes in all"),
        default=60,
        validators=[
            Optional(),
            NumberRange(
                1,
                LONGEST_ROUND,
                _l("A round takes at most %(minutes)s minutes.", minutes=LONGEST_ROUND),
            ),
        ],
    )
    interviewers = IntegerField(
        _l("Interviewers"),
        default=2,
        validators=[Optional(), NumberRange(1, 20, _l("Give 1 to 20 interviewers."))],
    )
    remove = BooleanField(_l("Remove this round"))


class ProfileForm(FlaskForm):
    """Level, sector, competencies and rounds. ``use`` says which library it is about."""

    revision = HiddenField(default="0")
    level = SelectField(
        _l("Level"), choices=[SelectChoice(k, v) for k, v in LEVELS.items() if k != "any"]
    )
    sector = SelectField(
        _l("Sector"), choices=[SelectChoice(k, v) for k, v in SECTORS.items() if k != "any"]
    )
    min_questions = SelectField(
        _l("Questions about each competency"),
        choices=[
            SelectChoice(2, _l("At least two, of different kinds (recommended)")),
            SelectChoice(1, _l("At least one – saves time, costs certainty")),
        ],
        coerce=int,
        default=2,
    )
    competencies = FieldList(FormField(CompetencyRow), max_entries=60)
    rounds = FieldList(FormField(RoundRow), max_entries=MOST_ROUNDS + 1)

    library: Library
    language: str

    def use(self, library: Library, language: str) -> None:
        """Tell the form the library to choose from and the language of the guide."""
        self.library, self.language = library, language

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check the fields, then whether they make a profile that can be asked about."""
        fits = super().validate(extra_validators)
        whole = list(self._whole()) if fits else []
        self.form_errors.extend(whole)
        return fits and not whole

    def _whole(self) -> Iterator[str]:
        chosen = self.chosen
        if not chosen:
            yield _(
                "Every weight is 0. Give at least %(fewest)s competencies a weight.",
                fewest=FEWEST_COMPETENCIES,
            )
        elif len(chosen) < FEWEST_COMPETENCIES:
            yield _(
                "Choose at least %(fewest)s competencies; you have %(found)s.",
                fewest=FEWEST_COMPETENCIES,
                found=len(chosen),
            )
        elif len(chosen) > MOST_COMPETENCIES:
            yield _(
                "Choose at most %(most)s competencies; you have %(found)s. Give the least "
                "important ones weight 0.",
                most=MOST_COMPETENCIES,
                found=len(chosen),
            )
        rounds = self.kept_rounds
        if not rounds:
            yield _("Give the name of at least one round.")
        elif len(rounds) > MOST_ROUNDS:
            yield _("A process has at most %(most)s rounds.", most=MOST_ROUNDS)
        faults = list(self._rounds())
        yield from faults
        if FEWEST_COMPETENCIES <= len(chosen) <= MOST_COMPETENCIES and rounds and not faults:
            shortages = planner.shortages(self.library, self.profile(None))
            yield from (line.in_(str(get_locale())) for line in shortages.values())

    def _rounds(self) -> Iterator[str]:
        for number, row in enumerate(self.rounds, start=1):
            if row.form.remove.data or row.form not in self.kept_rounds:
                continue
            name = one_line(row.form.name.data)
            if not name:
                yield _("Give round %(number)s a name, or remove it.", number=number)
            elif row.form.minutes.data is None or row.form.interviewers.data is None:
                yield _("Give minutes and interviewers for “%(name)s”.", name=name)
            elif row.form.minutes.data <= SCRIPT_MINUTES:
                yield _(
                    "“%(name)s” is too short: opening and closing take %(scripts)s minutes. "
                    "Give it at least %(least)s.",
                    name=name,
                    scripts=SCRIPT_MINUTES,
                    least=SCRIPT_MINUTES + 5,
                )

    @property
    def chosen(self) -> dict[str, Any]:
        """The rows of competencies with a weight, by competency, in the library's order."""
        rows = {row.form.key.data: row.form for row in self.competencies}
        known = self.library.competencies
        return {key: rows[key] for key in known if key in rows and rows[key].weight.data}

    @property
    def kept_rounds(self) -> list[Any]:
        """The rows of rounds that are not removed; the last row counts once it has a name."""
        rows = [row.form for row in self.rounds]
        if rows and not one_line(rows[-1].name.data):
            rows.pop()
        return [row for row in rows if not row.remove.data]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Return the id of a field and what is wrong there; an empty id for the whole form."""
        for message in self.form_errors:
            yield "", message
        for field in self:
            if field.type != "FieldList":
                yield from ((field.id, message) for message in field.errors)
                continue
            for row in field:
                for part in row.form:
                    yield from ((part.id, message) for message in part.errors)

    def fill(self, profile: Profile | None, library: Library) -> None:
        """Show a profile, or nothing chosen yet."""
        if profile is not None:
            self.level.data, self.sector.data = profile.level, profile.sector
            self.min_questions.data = profile.min_questions
        for key in library.competencies:
            item = profile.competencies.get(key) if profile else None
            reason = profile.reasons.get(key, "") if profile else ""
            self.competencies.append_entry(
                {
                    "key": key,
                    "weight": item.weight if item else 0,
                    "must_have": item.must_have or 0 if item else 0,
                    "reason": named_in(reason, self.language) if reason else "",
                }
            )
        for round_ in profile.rounds if profile else ():
            self.rounds.append_entry(
                {
                    "name": named_in(round_.name, self.language),
                    "minutes": round_.minutes,
                    "interviewers": round_.interviewers,
                }
            )
        self.offer_round()

    def offer_round(self) -> None:
        """End with an empty row to add a round in, as long as there may be more."""
        rows = list(self.rounds)
        if len(rows) < MOST_ROUNDS and (not rows or one_line(rows[-1].form.name.data)):
            self.rounds.append_entry()

    def profile(self, former: Profile | None) -> Profile:
        """Return the profile; names and reasons that read as before stay in both languages."""
        chosen = self.chosen
        return Profile(
            title=former.title if former else "–",
            language="sv" if self.language == "sv" else "en",
            level=self.level.data,
            sector=self.sector.data,
            min_questions=2 if self.min_questions.data == 2 else 1,
            competencies={
                key: {"weight": row.weight.data, "must_have": row.must_have.data or None}
                for key, row in chosen.items()
            },
            rounds=[
                {
                    "name": self._same(
                        one_line(row.name.data),
                        [round_.name for round_ in former.rounds] if former else [],
                    ),
                    "minutes": row.minutes.data,
                    "interviewers": row.interviewers.data,
                }
                for row in self.kept_rounds
            ],
            reasons={
                key: self._same(
                    one_line(row.reason.data),
                    [former.reasons[key]] if former and key in former.reasons else [],
                )
                for key, row in chosen.items()
                if one_line(row.reason.data)
            },
        ).model_copy(update={"id": former.id} if former else {})

    def _same(self, words: str, former: list[Any]) -> Any:
        return next((name for name in former if named_in(name, self.language) == words), words)


class ScratchForm(ProfileForm):
    """A new requisition whose profile is built from nothing."""

    title = StringField(
        _l("Title of the position"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write the title of the position.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
        ],
    )
    unit = StringField(
        _l("Unit"),
        filters=[one_line],
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
    )
    guide_language = SelectField(
        _l("Language of guide and reports"),
        choices=LANGUAGE_CHOICES,
    )
