"""A requisition that is decided or closed: what is refused, what may still be done, who is told."""

from __future__ import annotations

import io
import re
from functools import partial

import pytest
import sqlalchemy as sa
import yaml

from recruit.accounts import tokens
from recruit.database import db, write
from recruit.guides.models import GuideVersion
from recruit.interviews.models import PanelDeparture
from recruit.library import library
from recruit.mail.models import Delivery
from recruit.requisitions.models import ALLOWED, Requisition, RequisitionState, Work
from recruit.requisitions.work import ENDINGS, enter
from recruit.scorecards.models import Scorecard
from tests.features import test_decisions as decisions
from tests.features import test_guide_files as guide_files
from tests.features import test_import as candidate_files
from tests.features import test_interviews as interviews
from tests.features.erasure import reached
from tests.features.test_builder import draft_of, profile_form
from tests.locks import at_once
from tests.security.test_erased_candidate import a_cv

ENDS = (RequisitionState.DECIDED, RequisitionState.CLOSED)
SAYS = {
    RequisitionState.DECIDED: "Beslut är fattat",
    RequisitionState.CLOSED: "Rekryteringen är avslutad",
}
AFTERWARDS = {
    "builder.recover": "writes only where the guides cannot be read, by the same lock",
    "wording.check": "stores nothing",
    "candidates.edit": "an address or a name is put right",
    "candidates.remove_cv": "takes away",
    "interviews.cancel": "takes away",
    "interviews.step_down": "takes away",
    "withdrawals.withdraw": "takes away",
    "members.remove_member": "takes away",
    "deviations.show": "tells what was done before the decision",
    "scorecards.autosave": "keeps the text of whoever is writing",
    "panels.autosave_paper": "keeps the text of whoever is writing",
    "reports.merits": "is due only after the decision",
    "privacy.keep": "candidates' rights outlive the decision",
    "privacy.hold": "candidates' rights outlive the decision",
    "privacy.release": "candidates' rights outlive the decision",
    "privacy.erase": "candidates' rights outlive the decision",
    "privacy.erase_candidate": "candidates' rights outlive the decision",
    "privacy.inform": "candidates' rights outlive the decision",
}
"""Writing addresses that the end of a requisition does not shut, and why."""
WHILE_DECIDED = {"candidates.reinstate", "decisions.decide"}
"""What belongs to a decision that is made anew: only closing shuts it."""


def end(world, state):
    with world.app.app_context():
        with write():
            enter(db.session.get_one(Requisition, world.requisition), state)
        db.session.remove()


def contents(world):
    """Return every row that hangs on a requisition, and the accounts."""
    names = sorted(reached() | {"requisition", "user"})
    with world.app.app_context():
        rows = {
            name: sorted(map(repr, db.session.execute(sa.select(db.metadata.tables[name]))))
            for name in names
        }
        db.session.remove()
    return rows


@pytest.fixture
def lived(rated):
    """There is something to reopen, a seat to give, a paper to enter and a meeting to hold."""
    recruiter = rated["recruiter"]
    form = interviews.form(rated, panel=[str(rated["bystander"].id)])
    assert recruiter.post(f"{rated.path}/interviews/new", form).status_code == 302
    rated.interviews.append(interviews.rows(rated)[-1]["id"])
    rated.competencies.append(rated.competencies[1])
    path = f"{rated.path}/interviews/{rated.interviews[1]}/step-down"
    answer = rated["colleague"].post(path, {"kind": "stepped_down", "reason": ""})
    assert answer.status_code == 302
    answer = rated["interviewer"].post(f"{meeting(rated)}/", presence(rated))
    assert answer.status_code == 302
    return rated


def meeting(world):
    return f"{world.path}/consensus/{world.lot(1)}/1"


def presence(world, **changes):
    present = [str(world[name].id) for name in ("interviewer", "colleague")]
    return {"present": present, "others": "", "version": "0"} | changes


def requests(world):
    """Return who sends what to each address that the end shuts, by endpoint."""
    recruiter, panel, manager = (
        world[name] for name in ("recruiter", "interviewer", "hiring_manager")
    )
    here, builder = world.path, f"{world.path}/guides/builder"
    rounds = [f"{here}/interviews/{number}" for number in world.interviews]
    working = draft_of(world)
    competency = next(iter(working.draft.profile.competencies))
    with world.app.app_context():
        content = db.session.get_one(GuideVersion, world.versions[0]).content
        question = content["rounds"][0]["sections"][0]["questions"][0]["id"]
        indicator = library().competencies[competency].indicators[0].id
        departure = db.session.scalars(sa.select(PanelDeparture.id)).one()
        db.session.remove()
    text = "Berätta om ett beslut som du lämnade till gruppen."
    own = {
        "revision": working.revision,
        "text": text,
        "probes": "Hur märkte andra det?",
        "kind": "past_behaviour",
        "minutes": 5,
        "elicits": indicator,
    }
    reworded = {"revision": working.revision, "text": text, "probes": "Hur märkte andra det?"}
    guide = guide_files.kept(world, guide_files.exported(world))
    mark = re.search(r'name="mark"[^>]*value="([0-9a-f]+)"', recruiter.get(guide).text)
    applicants, page = candidate_files.preview(world, "namn;epost\nCecilia Påhittad;\n")
    columns = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(-?\d+)">', page))
    plan = interviews.form(world)
    candidate = world.candidates[0]
    several = {f"date-{candidate}": plan["date"], f"time-{candidate}": plan["time"]}
    paper = world.ratings(3, evidence="På papper.")
    agreed = {"outcome": "3", "rationale": "Vi enades.", "version": "0"}
    person = {"name": "Ny Person", "email": "ny@example.org", "role": "interviewer"}
    file = yaml.safe_dump(guide_files.exported(world)).encode()
    return {
        "training.require": (recruiter, f"{here}/training", {"demand": "round"}),
        "requisitions.add_member": (recruiter, f"{here}/members", person),
        "profiles.edit": (recruiter, f"{here}/profile/", profile_form(world, recruiter)),
        "builder.edit": (
            recruiter,
            f"{builder}/edit",
            {"verb": "generate", "revision": working.revision},
        ),
        "wording.own": (recruiter, f"{builder}/rounds/1/own/{competency}", own),
        "wording.reword": (recruiter, f"{builder}/questions/{question}", reworded),
        "guides.generate": (recruiter, f"{here}/guides/generate", {}),
        "guides.publish": (recruiter, f"{here}/guides/publish", {"revision": working.revision}),
        "guide_imports.choose": (
            recruiter,
            f"{here}/guides/import/",
            {"file": (io.BytesIO(file), "guide.yaml")},
        ),
        "guide_imports.confirm": (recruiter, guide, {"mark": mark[1]}),
        "candidates.index": (recruiter, f"{here}/candidates/", {"name": "Ny Sökande"}),
        "candidates.reinstate": (recruiter, f"{here}/candidates/{candidate}/reinstate", {}),
        "candidates.attach": (
            recruiter,
            f"{here}/candidates/{candidate}/cv",
            {"file": (io.BytesIO(a_cv()), "cv.pdf")},
        ),
        "imports.choose": (
            recruiter,
            f"{here}/candidates/import/",
            {"file": (io.BytesIO(b"namn\nDavid Diktad\n"), "lista.csv")},
        ),
        "imports.confirm": (recruiter, applicants.partition("?")[0], columns),
        "interviews.new": (recruiter, f"{here}/interviews/new", plan),
        "interviews.several": (recruiter, f"{here}/interviews/several", plan | several),
        "interviews.change": (recruiter, f"{rounds[3]}/change", plan | {"sequence": "0"}),
        "interviews.mail": (recruiter, f"{rounds[0]}/mail", {}),
        "interviews.replace": (
            recruiter,
            f"{rounds[1]}/departures/{departure}/replace",
            {"user": str(world["bystander"].id)},
        ),
        "withdrawals.invite": (recruiter, f"{here}/candidates/{candidate}/invite", {}),
        "scorecards.submit": (manager, world.scorecard(1), world.ratings(1, evidence="Sent.")),
        "panels.reopen": (recruiter, f"{rounds[0]}/panel/{panel.id}/reopen", {"reason": "Fel."}),
        "panels.leave_out": (
            recruiter,
            f"{rounds[0]}/panel/{panel.id}/leave-out",
            {"reason": "Hade läst."},
        ),
        "panels.count_again": (recruiter, f"{rounds[0]}/panel/{panel.id}/count-again", {}),
        "panels.submit_paper": (
            recruiter,
            f"{rounds[3]}/panel/{world['bystander'].id}/paper",
            paper,
        ),
        "consensus.note_presence": (
            panel,
            f"{meeting(world)}/",
            presence(world, others="Eva Påhittad", version="1"),
        ),
        "consensus.agree": (
            panel,
            f"{meeting(world)}/topics/{world.competencies[2][0]}",
            agreed,
        ),
        "comparisons.pseudonyms": (recruiter, f"{here}/comparison/pseudonyms", {"wanted": "yes"}),
        "decisions.decide": (recruiter, decisions.path(world), decisions.form(world)),
    }


KEPT_AS_DRAFT = {"scorecards.submit", "panels.submit_paper"}
"""What is written is stored, and not submitted."""


@pytest.mark.parametrize("state", ENDS)
def test_no_address_leads_on_after_the_end(lived, state):
    sent = requests(lived)
    writing = {
        rule.endpoint
        for rule in lived.app.url_map.iter_rules()
        if "requisition_id" in rule.arguments and "POST" in rule.methods
    }
    assert writing == sent.keys() | AFTERWARDS.keys() | {"api.add_candidate"}
    end(lived, state)
    shut = sent.keys() - (WHILE_DECIDED if state == RequisitionState.DECIDED else set())
    for endpoint in sorted(shut):
        before = contents(lived)
        person, address, form = sent[endpoint]
        answer = person.post(address, form)
        assert answer.status_code == 409, (endpoint, answer.status_code, answer.text)
        assert SAYS[state] in answer.text, (endpoint, answer.text)
        if endpoint not in KEPT_AS_DRAFT:
            assert contents(lived) == before, endpoint


@pytest.mark.parametrize("state", ENDS)
def test_a_program_adds_nobody_after_the_end(lived, state):
    with lived.app.app_context():
        token = tokens.make(lived["recruiter"].id, name="Prov", days=1, may_write=True)
        db.session.remove()
    end(lived, state)
    answer = lived.app.test_client().post(
        f"/api/v1{lived.path}/candidates",
        json={"name": "Ny Sökande"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 409
    assert answer.json["code"] == ENDINGS[state].__name__


def test_every_state_answers_for_every_work():
    assert set(ALLOWED) == set(Work)
    for work in Work:
        assert RequisitionState.ERASED not in ALLOWED[work]
        assert set(RequisitionState) - ALLOWED[work] <= set(ENDINGS)


@pytest.mark.parametrize("state", ENDS)
def test_who_writes_when_it_ends_keeps_the_text(lived, state):
    manager = lived["hiring_manager"]
    end(lived, state)
    page = manager.get(lived.scorecard(1)).text
    assert "kan inte längre lämnas in" in page
    assert "Lämna in och lås" not in page
    saved = manager.post(f"{lived.scorecard(1)}draft", lived.ratings(1, evidence="Mitt i meningen"))
    assert saved.status_code == 200
    form = lived.ratings(1, evidence="Mitt i meningen när beslutet föll.", version="1")
    answer = manager.post(lived.scorecard(1), form)
    assert answer.status_code == 409
    assert "Mitt i meningen när beslutet föll." in answer.text
    assert "Det du har skrivit finns kvar" in answer.text
    with lived.app.app_context():
        card = db.session.scalars(
            sa.select(Scorecard).where(
                Scorecard.user_id == manager.id, Scorecard.interview_id == lived.interviews[1]
            )
        ).one()
        assert card.state == "draft"
        assert card.submissions == []
        assert card.ratings[0].evidence == "Mitt i meningen när beslutet föll."
        db.session.remove()


@pytest.mark.parametrize("state", ENDS)
def test_what_takes_back_goes_on(lived, state):
    end(lived, state)
    recruiter = lived["recruiter"]
    path = f"{lived.path}/interviews/{lived.interviews[3]}"
    assert (
        lived["bystander"]
        .sign_in()
        .post(f"{path}/step-down", {"kind": "stepped_down", "reason": ""})
        .status_code
        == 302
    )
    assert recruiter.post(f"{path}/cancel").status_code == 302
    assert interviews.rows(lived)[-1]["state"] == "cancelled"
    person = f"{lived.path}/candidates/{lived.candidates[0]}"
    answer = recruiter.post(person, {"name": "Amina Exempel-Prov", "email": ""})
    assert answer.status_code == 302
    assert recruiter.post(f"{person}/withdraw").status_code == 302


@pytest.mark.parametrize("state", ENDS)
def test_nothing_waits_for_anybody_after_the_end(lived, state):
    manager, recruiter = lived["hiring_manager"], lived["recruiter"]
    address = f"{lived.path}/interviews/{lived.interviews[1]}/scorecard/"
    assert address in manager.get("/").text
    leaver = lived["bystander"].sign_in()
    path = f"{lived.path}/interviews/{lived.interviews[3]}"
    leaver.post(f"{path}/step-down", {"kind": "stepped_down", "reason": ""})
    assert f"{path}/panel/" in recruiter.get("/").text
    end(lived, state)
    assert address not in manager.get("/").text
    assert f"{path}/panel/" not in recruiter.get("/").text


def test_a_decision_takes_back_the_mails_that_ask_for_something(mailing):
    world, recruiter = mailing, mailing["recruiter"].sign_in()
    panel = world["interviewer"].sign_in()
    for number in (0, 2):
        ratings = world.ratings(number, evidence="Hörde.")
        answer = panel.post(world.scorecard(number), ratings)
        assert answer.status_code == 302
    form = interviews.form(world, panel=[str(world["bystander"].id)])
    assert recruiter.post(f"{world.path}/interviews/new", form).status_code == 302
    reopened = f"{world.path}/interviews/{world.interviews[0]}/panel/{world['interviewer'].id}"
    assert recruiter.post(f"{reopened}/reopen", {"reason": "Fel."}).status_code == 302
    assert (
        recruiter.post(f"{world.path}/interviews/{world.interviews[1]}/cancel").status_code == 302
    )

    def waiting():
        with world.app.app_context():
            found = set(
                db.session.scalars(sa.select(Delivery.kind).where(Delivery.state == "waiting"))
            )
            db.session.remove()
        return found

    assert {"interview_invitation", "interview_cancelled", "scorecard_reopened"} <= waiting()
    first, second = world.lot(0), world.lot(1)
    decided = {
        "seen": "0",
        f"outcome-{first}": "declined",
        f"outcome-{second}": "offered",
        f"ground-{second}": [str(decisions.ratings(world, 1)[0])],
        f"why-{second}": "Visade det.",
        "rationale": "Björn har visat det i handling.",
        "reason": "",
    }
    assert recruiter.post(decisions.path(world), decided).status_code == 302
    assert waiting() == {"interview_cancelled"}


def test_a_decision_and_a_submission_at_once(lived):
    """Either the ratings were there when it was decided, or they are refused and kept."""
    manager, recruiter = lived["hiring_manager"], lived["recruiter"]
    form = decisions.form(lived)
    submitted, decided = at_once(
        lived,
        "requisition",
        partial(manager.post, lived.scorecard(1), lived.ratings(1, evidence="Samtidigt.")),
        partial(recruiter.post, decisions.path(lived), form),
    )
    assert decided.status_code == 302
    assert submitted.status_code in {302, 409}
    with lived.app.app_context():
        card = db.session.scalars(
            sa.select(Scorecard).where(
                Scorecard.user_id == manager.id, Scorecard.interview_id == lived.interviews[1]
            )
        ).one()
        assert card.state == ("submitted" if submitted.status_code == 302 else "draft")
        assert card.ratings[0].evidence == "Samtidigt."
        db.session.remove()
