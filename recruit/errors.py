"""Expected trouble, mapped to a message in the reader's language and a status code."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from flask import Flask, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError

from recruit.access import IsApplicant, Permission
from recruit.accounts.actions import AccountIsClosed, LastAdministrator, LinkIsSpent
from recruit.accounts.language import visit_language
from recruit.accounts.tries import TooManyTries
from recruit.candidates.actions import CandidateExists, ImportIsGone
from recruit.candidates.naming import CandidatesAreLetters
from recruit.comparisons.actions import DecisionHasChanged, DecisionNeedsReason, OwnRatingsFirst
from recruit.comparisons.forms import UnknownChoice
from recruit.consensus.actions import MeetingIsNotOpen
from recruit.core.trace import place_of
from recruit.database import DatabaseIsAway, DatabaseIsBusy, DatabaseTrouble, StorageIsFull, trouble
from recruit.documents.quota import TooManyDocuments
from recruit.documents.renderer import RenderTimeout
from recruit.guides.actions import NothingToPublish, ReasonsAreMissing, RoundIsEmpty
from recruit.guides.imports import DraftsHaveChanged, GuideImportIsGone
from recruit.interviews.actions import (
    GuideIsNotPublished,
    HasConflict,
    InterviewHasChanged,
    InterviewIsNotPlanned,
    MemberHasRated,
)
from recruit.interviews.departures import SeatIsLeft, SeatIsTaken
from recruit.library.actions import LibraryHasChanged
from recruit.privacy.actions import IsHeld, IsNotDue
from recruit.privacy.mentions import PlacesHaveChanged
from recruit.reports.merits import MeritsAreNotDue
from recruit.reports.queries import (
    NobodyIsChosen,
    NothingSubmitted,
    RatingsAreWithheld,
)
from recruit.requisitions.work import (
    RequisitionIsClosed,
    RequisitionIsDecided,
    RequisitionIsErased,
)
from recruit.scorecards.actions import (
    InterviewIsCancelled,
    NotOnPanel,
    RatingsAreIndependent,
    ScorecardConflict,
    ScorecardIsBegun,
)
from recruit.scorecards.forms import AnotherPersonIsSignedIn, BadScorecard
from recruit.scorecards.independence import MustSubmitFirst
from recruit.scorecards.states import ScorecardIsNotSubmitted, ScorecardIsSubmitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

log = structlog.get_logger()

EXPECTED: dict[type[Exception], tuple[int, LazyString]] = {
    IsApplicant: (
        403,
        _l(
            "You are a candidate in this recruitment, so nothing of it is open to you here. Ask "
            "another recruiter if there is something that must be done."
        ),
    ),
    LinkIsSpent: (
        410,
        _l("The link has been used, or is too old. Ask for a new one on the sign-in page."),
    ),
    AccountIsClosed: (
        409,
        _l("The account is closed, so no invitation was sent. Open the account first."),
    ),
    LastAdministrator: (
        409,
        _l("Nobody else is an administrator. Make somebody else one first."),
    ),
    PlacesHaveChanged: (
        409,
        _l("What was written has changed meanwhile. Look through the places again."),
    ),
    NothingToPublish: (409, _l("There is no draft to publish. Generate the guides first.")),
    RoundIsEmpty: (
        409,
        _l(
            "A round has no questions. Nothing was published. Add questions to it, or remove the "
            "round."
        ),
    ),
    ReasonsAreMissing: (
        409,
        _l(
            "Wording is flagged and lacks a written reason. Nothing was published. Reword it, or "
            "write the reason on the page of the guides."
        ),
    ),
    GuideIsNotPublished: (
        409,
        _l("The guide is not published, or has a newer version. Choose the round again."),
    ),
    CandidateExists: (409, _l("The candidate is here already.")),
    ImportIsGone: (
        410,
        _l("The file is imported already, or waited for more than a day. Choose it again."),
    ),
    GuideImportIsGone: (
        410,
        _l("The file is imported already, or waited for more than a day. Choose it again."),
    ),
    RequisitionIsErased: (
        410,
        _l("The requisition is erased, so nothing more can be stored in it."),
    ),
    IsHeld: (
        409,
        _l("A legal hold stops the erasure. Nothing was erased. Lift the hold first."),
    ),
    IsNotDue: (
        409,
        _l(
            "The data is to be kept longer, so nothing was erased. To erase it earlier, choose "
            "another day on the requisition's privacy page and say why."
        ),
    ),
    DraftsHaveChanged: (
        409,
        _l(
            "Somebody changed the drafts after you opened the preview. Nothing was replaced. "
            "Go back, reload the preview and look through it once more."
        ),
    ),
    InterviewHasChanged: (
        409,
        _l(
            "Somebody else changed the interview after you opened the page. Nothing was "
            "overwritten. Open the interview again from the list."
        ),
    ),
    LibraryHasChanged: (
        409,
        _l(
            "Somebody else changed the competency after you opened the page. Nothing was "
            "overwritten. Go back and reload the page."
        ),
    ),
    MemberHasRated: (
        409,
        _l(
            "Somebody you took off the panel has submitted ratings, and has to stay on it. "
            "Nothing was changed."
        ),
    ),
    InterviewIsNotPlanned: (409, _l("The interview is cancelled already. Nothing was changed.")),
    InterviewIsCancelled: (
        409,
        _l("The interview is cancelled. What you had saved is kept, nothing more was saved."),
    ),
    ScorecardConflict: (
        409,
        _l(
            "The scorecard was saved in another window after you opened this one. "
            "Nothing was overwritten. Open the page anew and add what is missing."
        ),
    ),
    ScorecardIsSubmitted: (
        409,
        _l("Your ratings are submitted and locked. Ask the recruiter to open them again."),
    ),
    RatingsAreIndependent: (
        409,
        _l("Nothing that others wrote had been open before these ratings, so they count."),
    ),
    ScorecardIsNotSubmitted: (
        409,
        _l("The ratings are not submitted, so there is nothing to open again."),
    ),
    ScorecardIsBegun: (
        409,
        _l(
            "The interviewer has begun the scorecard themselves. Nothing was changed. "
            "Ask them to fill in what the paper says."
        ),
    ),
    AnotherPersonIsSignedIn: (
        409,
        _l(
            "Somebody else has signed in since the page was opened. Nothing was saved in their "
            "name. Sign in as yourself again."
        ),
    ),
    NotOnPanel: (403, _l("The person no longer sits on the panel. Nothing was saved.")),
    MustSubmitFirst: (
        409,
        _l("You have yet to rate the candidate yourself, or have stepped down. Ask a colleague."),
    ),
    SeatIsLeft: (409, _l("You have left the panel already.")),
    SeatIsTaken: (409, _l("The seat is taken already. Reload the page to see the panel.")),
    HasConflict: (
        409,
        _l(
            "Somebody you chose has declared a conflict of interest or stepped down for the "
            "candidate. Choose another person."
        ),
    ),
    StorageIsFull: (
        507,
        _l(
            "The server's disk is full, so nothing was saved just now. "
            "Tell whoever runs Recruit; what was saved before is safe."
        ),
    ),
    DatabaseIsBusy: (
        503,
        _l("The database is busy with something else. Nothing was changed; try again in a moment."),
    ),
    DatabaseIsAway: (
        503,
        _l("The database cannot be reached. Nothing was changed; try again in a moment."),
    ),
    BadScorecard: (400, _l("A field held a value that cannot be stored. Nothing was changed.")),
    UnknownChoice: (
        400,
        _l("The address or the form holds a choice that is not offered. Open the page anew."),
    ),
    DecisionHasChanged: (
        409,
        _l(
            "Somebody decided, or a candidate or a rating changed, after you opened the form. "
            "Nothing was overwritten. Read the comparison again, then decide."
        ),
    ),
    DecisionNeedsReason: (409, _l("A decision that replaces another needs a reason.")),
    OwnRatingsFirst: (
        409,
        _l(
            "You have yet to submit ratings of your own, or have left a panel. You do not see "
            "what others wrote there, and so cannot decide."
        ),
    ),
    RequisitionIsDecided: (
        409,
        _l(
            "A decision has been made in the requisition, so nothing more is planned, asked or "
            "rated in it. Nothing was changed. The decision can be made anew, with a reason, on "
            "the comparison page; for more interviews a new requisition is needed."
        ),
    ),
    RequisitionIsClosed: (
        409,
        _l(
            "The requisition is closed, so nothing more is done or decided in it. Nothing was "
            "changed. If the post is to be filled again, begin a new requisition."
        ),
    ),
    MeetingIsNotOpen: (
        409,
        _l(
            "The meeting can be held when everybody concerned has submitted. Nothing was changed; "
            "what was agreed before is kept."
        ),
    ),
    RatingsAreWithheld: (
        409,
        _l(
            "The document is closed to you: you have yet to submit your own ratings of the "
            "candidate, or have left a panel."
        ),
    ),
    NothingSubmitted: (
        409,
        _l("Nobody has submitted ratings yet. The document can be made when somebody has."),
    ),
    CandidatesAreLetters: (
        409,
        _l(
            "The candidates are shown as letters until you decide, and a document about one of "
            "them would tell whose letter it is. Decide first, or show the names on the comparison "
            "page."
        ),
    ),
    NobodyIsChosen: (
        409,
        _l(
            "The onboarding plan is for the one who is offered the job, and no decision offers it "
            "to this candidate. Decide on the comparison page first; then the plan can be made."
        ),
    ),
    MeritsAreNotDue: (
        409,
        _l(
            "Qualifications are told to an applicant who was not hired, about the one who is "
            "offered the job, and to one who was not called to an interview, about those who were. "
            "That does not hold here, and nothing was saved. If the decision is made but not "
            "recorded, record it on the comparison page first."
        ),
    ),
    RenderTimeout: (
        503,
        _l("The document took too long to make. Nothing is lost; try again in a moment."),
    ),
}

STATUS: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("That could not be understood"),
        _l("Nothing was changed. Go back, reload the page and try again."),
    ),
    401: (_l("You are signed out"), _l("Sign in to continue.")),
    403: (
        _l("You have no access here"),
        _l(
            "Nothing was changed. Ask the recruiter who runs the requisition if you should have it."
        ),
    ),
    404: (
        _l("Nothing here"),
        _l("The page does not exist, or it is not shared with you. Go on from the start page."),
    ),
    405: (
        _l("That is not how this page works"),
        _l("Nothing was changed. Go back and use the buttons on the page."),
    ),
    409: (
        _l("Not as things stand now"),
        _l("Nothing was changed. Reload the page to see how things stand."),
    ),
    410: (_l("No longer here"), _l("What you are looking for is gone.")),
    413: (_l("Too large"), _l("Nothing was saved. Send at most 10 megabytes at a time.")),
    414: (_l("The address is too long"), _l("Nothing was changed. Search for fewer words.")),
    415: (
        _l("That kind of file or text is not read here"),
        _l("Nothing was changed. Go back and use the form on the page."),
    ),
    422: (
        _l("That cannot be done"),
        _l("Nothing was changed. Go back and look at what you wrote."),
    ),
    429: (_l("Too many attempts"), _l("Nothing was changed. Wait a minute, then try again.")),
    500: (
        _l("Something broke on our side"),
        _l("What you had saved is safe. Try again, and tell us the reference if it happens again."),
    ),
    503: (
        _l("Not available right now"),
        _l("What you had saved is safe. Try again in a moment."),
    ),
    507: (_l("No room left"), _l("Nothing was saved just now. What was saved before is safe.")),
}
PASSING = {429, 500, 503, 507}
"""What may be over in a moment: the same page can be asked for again."""
TOLD = {"Allow", "Retry-After"}
"""Headers of a refusal that a program reads."""


def _answer(
    status: int,
    message: object | None = None,
    *,
    title: object | None = None,
    reference: str = "",
    code: str = "",
    headers: dict[str, str] | None = None,
    fields: dict[str, object] | None = None,
) -> ResponseReturnValue:
    usual, advice = STATUS.get(status, STATUS[400 if status < 500 else 500])
    if _wants_json():
        told = {"error": str(message or advice), "code": code, "reference": reference}
        return jsonify(told | ({"fields": fields} if fields else {})), status, headers or {}
    return (
        render_template(
            "web/error.html",
            status=status,
            title=title or usual,
            message=message or advice,
            reference=reference,
            again=request.full_path.rstrip("?")
            if status in PASSING and request.method == "GET"
            else None,
        ),
        status,
        headers or {},
    )


def _wants_json() -> bool:
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/") or wanted == "application/json"


def register(app: Flask) -> None:
    """Give the application its error pages."""
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _trouble)


def _forged(error: Exception) -> ResponseReturnValue:
    del error
    view = current_app.view_functions.get(request.endpoint or "")
    if (
        not current_user.is_authenticated
        and getattr(view, "permission", Permission.PUBLIC) != Permission.PUBLIC
    ):
        # The token went with the session: signing in again is what helps.
        return _to_sign_in()
    return _answer(
        400,
        _l("The page was open too long or in another session. Go back, reload and try again."),
        code="CSRFError",
    )


def _refused(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, HTTPException)
    if isinstance(error, InternalServerError):
        # What is raised after the view has answered, such as at a library's commit, comes so.
        original = error.original_exception
        return _trouble(original) if isinstance(original, Exception) else _broken(error)
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if error.code == 401:
        return _to_sign_in()
    headers = {key: value for key, value in error.get_headers() if key in TOLD}
    # What webargs has found wrong with what a program sent.
    faults = getattr(error, "data", {}).get("messages", {}).get("json", {})
    if isinstance(error, TooManyTries):
        return _answer(429, error.description, code="TooManyTries", headers=headers)
    if isinstance(error, TooManyDocuments):
        return _answer(
            429,
            error.description,
            title=_l("Many documents in a short time"),
            code="TooManyDocuments",
            headers=headers,
        )
    return _answer(error.code, headers=headers, fields=faults)


def _to_sign_in() -> ResponseReturnValue:
    if _wants_json():
        return _answer(401, code="SignIn", headers={"WWW-Authenticate": "Bearer"})
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _trouble(error: Exception) -> ResponseReturnValue:
    if isinstance(error, DBAPIError):
        error = trouble(error) or error
    if isinstance(error, DatabaseTrouble):
        log.error("database.trouble", error=type(error).__name__, endpoint=request.endpoint)
        with _no_database():
            return _expected(error) or _broken(error)
    return _expected(error) or _broken(error)


def _expected(error: Exception) -> ResponseReturnValue | None:
    for kind, (status, message) in EXPECTED.items():
        if isinstance(error, kind):
            return _answer(status, message, code=kind.__name__)
    return None


def _broken(error: BaseException) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    # The traceback without its values: they may hold personal data.
    log.error(
        "request.broken",
        reference=reference,
        error=type(error).__name__,
        endpoint=request.endpoint,
        at=place_of(error),
    )
    with _no_database():
        return _answer(500, reference=reference)


@contextmanager
def _no_database() -> Iterator[None]:
    """Let the error page ask nothing of a database that may be what is broken.

    Who is signed in is not asked for again: the page has no menu, and its language is in the
    session.
    """
    before = {name: g.get(name) for name in ("language", "_login_user") if name in g}
    g.language = visit_language()
    # Where Flask-Login keeps whom it has looked up in this request.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        yield
    finally:
        for name in ("language", "_login_user"):
            g.pop(name)
        for name, value in before.items():
            setattr(g, name, value)
