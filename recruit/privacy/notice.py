"""What candidates are told about their data, in the requisition's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from recruit.accounts.queries import in_charge
from recruit.addresses import external_url
from recruit.privacy import queries
from recruit.privacy.models import LegalBasis

if TYPE_CHECKING:
    from datetime import date

    from recruit.requisitions.models import Requisition


@dataclass(frozen=True)
class Notice:
    """The parts of the information that differ from requisition to requisition.

    ``contact`` is the data protection officer's, ``recruiter`` whoever sees to it.
    """

    requisition: Requisition
    purpose: str
    legal_basis: LegalBasis
    readers: str
    addition: str
    until: date
    decided: bool
    contact: str
    recruiter: str


def notice_for(requisition_id: int) -> Notice:
    """Return what the candidates of a requisition are told: what was written, or else our words.

    Raises a 404 error when there is no such requisition.
    """
    found = queries.retention(requisition_id)
    requisition, kept = found.requisition, found.record
    organisation = current_app.config["RECRUIT_ORGANISATION"]
    with force_locale(requisition.language):
        purpose = _(
            "%(organisation)s uses what you send and say, and the notes and ratings made of it, to "
            "choose whom to employ, and to be able to answer if the choice is questioned.",
            organisation=organisation,
        )
        readers = _(
            "The recruiter, the manager who hires, and those who interview you. "
            "Nobody outside gets it without your knowing, unless the law says so."
        )
    maker = requisition.created_by
    recruiter = next(iter(in_charge(maker)), maker)
    usual = (
        LegalBasis.PUBLIC_TASK if requisition.sector == "public" else LegalBasis.LEGITIMATE_INTEREST
    )
    return Notice(
        requisition=requisition,
        purpose=(kept.purpose if kept else "") or purpose,
        legal_basis=LegalBasis(kept.legal_basis) if kept and kept.legal_basis else usual,
        readers=(kept.readers if kept else "") or readers,
        addition=kept.addition if kept else "",
        until=found.until,
        decided=found.decided_at is not None or bool(kept and kept.keep_until),
        contact=str(current_app.config["RECRUIT_PRIVACY_CONTACT"]),
        recruiter=f"{recruiter.name}, {recruiter.email}",
    )


def address_of(requisition_id: int) -> str:
    """Return the address of the information, which nobody can guess."""
    return external_url("privacy.information", token=_signer().dumps(requisition_id))


def requisition_of(token: str) -> int | None:
    """Return the requisition that the address was made for, or None when it was made up."""
    try:
        return int(_signer().loads(token))
    except BadSignature:
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="candidate-information")
