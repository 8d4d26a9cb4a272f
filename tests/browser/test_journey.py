"""From requisition to comparison, with people in browsers of their own, in both languages."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale, gettext
from playwright.sync_api import expect

from recruit.accounts.actions import add_user
from recruit.accounts.models import RoleName
from recruit.database import db
from tests.browser.conftest import sign_in
from tests.browser.interviews import ready
from tests.conftest import PASSWORD
from tests.mail import event_of

pytestmark = pytest.mark.xdist_group("browser")

MANAGER, FIRST, SECOND = "hanna@example.org", "ivar@example.org", "johanna@example.org"


class Words:
    """The page's own words in a language, so that the journey does not hang on wording."""

    def __init__(self, app, language):
        self.app = app
        self.language = language

    def __call__(self, text, **values):
        with self.app.test_request_context(), force_locale(self.language):
            return gettext(text, **values)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_whole_recruitment(served, mailbox, visitor, tmp_path, language):
    app, _ = served
    t = Words(app, language)
    locale = {"sv": "sv-SE", "en": "en-GB"}[language]
    with app.app_context():
        add_user(
            name="Rut Demo",
            email="rut@example.org",
            roles=[RoleName.RECRUITER],
            password=PASSWORD,
            language=language,
        )
        db.session.remove()

    recruiter = visitor(locale)
    sign_in(recruiter, "rut@example.org", PASSWORD)
    create_requisition(recruiter, t)
    here = recruiter.url
    add_people(recruiter, t)
    publish_guides(recruiter, t, here)
    add_candidates(recruiter, t, here)
    plan_interviews(recruiter, t, here)

    # An invitation to the account, and one to each interview.
    starts = event_of(mailbox.wait_for(FIRST, 3)[-1]).decoded("dtstart")
    assert (starts.hour, starts.minute) == (9, 30)

    first = accept_invitation(visitor(locale), mailbox, FIRST, t, language)
    second = accept_invitation(visitor(locale), mailbox, SECOND, t, language)
    manager = accept_invitation(visitor(locale), mailbox, MANAGER, t, language)

    scorecard = mailbox.link_to(FIRST, "/scorecard/")
    rate(first, t, scorecard, "Ivar hörde om gruppens egna ramar.")
    second.goto(scorecard)
    assert "Ivar hörde" not in second.content()
    rate(second, t, scorecard, "Johanna hörde något annat.")
    expect(second.get_by_text("Ivar hörde om gruppens egna ramar.").first).to_be_visible()

    manager.goto(f"{here}/comparison/")
    expect(manager.get_by_text("Amina Exempel").first).to_be_visible()
    manager.locator("a[data-evidence]").first.click()
    expect(manager.get_by_text("Johanna hörde något annat.").first).to_be_visible()
    link = manager.get_by_role("link", name=t("Comparison (PDF)")).get_attribute("href")
    answer = manager.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    path = tmp_path / "comparison.pdf"
    path.write_bytes(answer.body())
    text = subprocess.run(
        ["pdftotext", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "Amina Exempel" in text


def create_requisition(page, t):
    page.goto("/")
    page.get_by_role("link", name=t("New requisition")).click()
    page.get_by_label(t("Role profile")).select_option("head-of-unit-home-care")
    page.get_by_label(t("Title of the position")).fill("Enhetschef")
    page.get_by_label(t("Language of guide and reports")).select_option(t.language)
    press(page, t("Create the requisition"))
    expect(
        page.get_by_text(t("The requisition is created. Next: generate the guides."))
    ).to_be_visible()


def add_people(page, t):
    for name, address, role in (
        ("Hanna Prov", MANAGER, "hiring_manager"),
        ("Ivar Test", FIRST, "interviewer"),
        ("Johanna Skiss", SECOND, "interviewer"),
    ):
        page.fill("[name=name]", name)
        page.fill("[name=email]", address)
        page.select_option("[name=role]", role)
        press(page, t("Add"))
        expect(page.get_by_text(t("%(name)s takes part.", name=name))).to_be_visible()


def publish_guides(page, t, here):
    page.goto(f"{here}/guides/")
    press(page, t("Generate the guides"))
    press(page, t("Publish the drafts"))
    expect(page.get_by_text(t("Published"), exact=True)).to_have_count(2)


def add_candidates(page, t, here):
    page.goto(f"{here}/candidates/")
    for name in ("Amina Exempel", "Björn Fiktiv"):
        page.fill("[name=name]", name)
        press(page, t("Add"))
        expect(page.get_by_text(t("%(name)s is added.", name=name))).to_be_visible()


def plan_interviews(page, t, here):
    for candidate, time in (("Björn Fiktiv", "08:00"), ("Amina Exempel", "09:30")):
        page.goto(f"{here}/interviews/new")
        page.select_option("[name=candidate]", label=candidate)
        page.fill("[name=date]", str(datetime.now(UTC).date() + timedelta(days=7)))
        page.fill("[name=time]", time)
        page.fill("[name=place]", "Rum 3")
        page.get_by_label("Ivar Test").check()
        page.get_by_label("Johanna Skiss").check()
        press(page, t("Plan and invite"))
        expect(page.get_by_text(t("The interview is planned."))).to_be_visible()


def accept_invitation(page, mailbox, address, t, language):
    page.goto(mailbox.link_to(address, "/sign-in/invitation/"))
    press(page, t("Sign in"))
    page.fill("[name=new_password]", PASSWORD)
    page.fill("[name=new_password_confirm]", PASSWORD)
    press(page, t("Save the password"))
    page.wait_for_url("**/")
    other = {"sv": "Svenska", "en": "English"}[language]
    switch = page.get_by_role("button", name=other)
    if switch.count():
        switch.click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def rate(page, t, scorecard, evidence):
    page.goto(scorecard)
    ready(page)
    steps = page.locator("[data-step]")
    page.locator("[data-steps] a").nth(1).click()
    expect(steps.nth(1)).to_be_visible()
    expect(steps.nth(0)).to_be_hidden()
    page.locator("textarea.notes:visible").first.fill("Gruppen skrev sina egna ramar.")
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    page.reload()
    ready(page)
    expect(page.locator("textarea.notes:visible").first).to_have_value(
        "Gruppen skrev sina egna ramar."
    )
    page.locator("[data-steps] a").last.click()
    press(page, t("Submit and lock"))
    expect(page.get_by_role("alert")).to_be_visible()
    ready(page)
    for card in page.locator("[data-rating]").all():
        step = card.locator("xpath=ancestor::*[@data-step]").get_attribute("id")
        page.locator(f'[data-steps] a[href="#{step}"]').click()
        assert len(card.locator(".scale__step").nth(3).inner_text()) > 60
        card.locator('input[value="4"]').check()
        card.locator('input[value="example"]').check()
        card.locator("textarea").fill(evidence)
    page.locator("[data-steps] a").last.click()
    page.locator('input[name=recommendation][value="yes"]').check()
    press(page, t("Submit and lock"))
    # The interview is planned ahead: that is asked about first, and nothing is lost by it.
    expect(page.get_by_role("alert")).to_be_visible()
    ready(page)
    press(page, t("Submit before the interview"))
    expect(page.get_by_text(t("Your ratings are submitted and locked. Thank you!"))).to_be_visible()
    expect(page.get_by_text(evidence).first).to_be_visible()
