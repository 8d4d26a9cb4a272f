"""What the API tells and takes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from recruit.candidates.models import CandidateState
from recruit.core.text import one_line
from recruit.guides.models import GuideState
from recruit.interviews.models import InterviewStage
from recruit.requisitions.models import RequisitionState


def _one_of(kind: Any) -> validate.OneOf:
    return validate.OneOf([state.value for state in kind])


class RequisitionSchema(Schema):
    """One vacancy being filled."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    level = fields.String(required=True)
    sector = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(["sv", "en"]))
    state = fields.String(required=True, validate=_one_of(RequisitionState))
    created_at = fields.AwareDateTime(required=True)


class CandidateSchema(Schema):
    """Somebody who is considered; ``internal`` is who works in the organisation today."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    internal = fields.Boolean(required=True)
    state = fields.String(required=True, validate=_one_of(CandidateState))
    created_at = fields.AwareDateTime(required=True)


class NewCandidateSchema(Schema):
    """A candidate to add."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    email = fields.Email(load_default="", validate=validate.Length(max=255))
    internal = fields.Boolean(load_default=False)

    @pre_load
    def tidy(self, data: Any, **more: Any) -> Any:
        """Let no line break and no space at an end count, as in the form."""
        del more
        if not isinstance(data, dict):
            return data
        texts = {name: one_line(text) for name, text in data.items() if isinstance(text, str)}
        tidied = {**data, **texts}
        # Without an address, as in the form.
        if tidied.get("email") == "":
            del tidied["email"]
        return tidied


class PanelMemberSchema(Schema):
    """An interviewer of one interview."""

    name = fields.String(required=True, attribute="user.name")
    email = fields.String(required=True, attribute="user.email")


class InterviewSchema(Schema):
    """One candidate, one round, a time and a place."""

    id = fields.Integer(required=True)
    candidate_id = fields.Integer(required=True)
    round = fields.String(required=True, attribute="guide_version.guide.name")
    guide_version_id = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    timezone = fields.String(required=True)
    minutes = fields.Integer(required=True)
    place = fields.String(required=True)
    state = fields.String(required=True, attribute="stage", validate=_one_of(InterviewStage))
    panel = fields.List(fields.Nested(PanelMemberSchema), required=True)


class GuideVersionSchema(Schema):
    """A published version of the guide of a round."""

    id = fields.Integer(required=True)
    round = fields.String(required=True, attribute="guide.name")
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=_one_of(GuideState))
    published_at = fields.AwareDateTime(required=True)
