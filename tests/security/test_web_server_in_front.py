"""The application behind a real nginx, set up by the README's own lines."""

from __future__ import annotations

import re

import requests

from tests.mail import text_of


def visit(address, host="rekrytering.example.org", **headers):
    session = requests.Session()
    session.headers.update({"Host": host, **headers})
    page = session.get(f"{address}/password/reset", timeout=30)
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    return session, page, token


def test_a_reset_for_somebody_else_leads_here_or_nowhere(served, mailbox):
    world, address = served
    email = world["administrator"].email
    session, page, token = visit(address, **{"X-Forwarded-Host": "evil.example"})
    assert page.status_code == 200
    form = {"email": email, "csrf_token": token}
    refused = session.post(
        f"{address}/password/reset", data=form, headers={"Host": "evil.example"}, timeout=30
    )
    assert refused.status_code == 400
    taken = session.post(f"{address}/password/reset", data=form, allow_redirects=False, timeout=30)
    assert taken.status_code in {200, 302}
    (letter,) = mailbox.wait_for(email)
    links = re.findall(r"https?://\S+", text_of(letter))
    assert links
    assert all(link.startswith("http://rekrytering.example.org/") for link in links)


def test_a_visitor_does_not_choose_the_address_that_attempts_are_counted_for(served):
    world, address = served
    answers = []
    for number in range(12):
        session, _, token = visit(address, **{"X-Forwarded-For": f"192.0.2.{number}"})
        answers.append(
            session.post(
                f"{address}/sign-in",
                data={"email": world["recruiter"].email, "password": "x", "csrf_token": token},
                timeout=30,
            ).status_code
        )
    # Each of the two processes counts for itself, five.
    assert answers[0] == 200
    assert answers.count(429) >= 2
