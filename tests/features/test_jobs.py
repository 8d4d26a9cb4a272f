"""Background jobs: reminders, each once, whatever the workers do; and the worker itself."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from recruit.app import create_app
from recruit.database import db, now, write
from recruit.interviews.models import Interview
from recruit.jobs.queue import jobs
from recruit.mail.jobs import send
from recruit.mail.models import Delivery
from recruit.reminders.jobs import remind
from recruit.reports.jobs import prepare
from recruit.requisitions.models import Requisition, RequisitionState
from recruit.requisitions.work import enter
from tests.conftest import settings_for, world_with
from tests.features.test_interviews import change
from tests.mail import PATIENCE, deliver, free_port, mail_server, text_of

HOUR = timedelta(hours=1)


def run(app):
    """Remind and send, as the worker does every minute."""
    with app.app_context():
        remind()
        db.session.remove()
    deliver(app)


def shift(app, by):
    """Let so much time pass: everything that is stored moves into the past."""
    with app.app_context():
        with write():
            for interview in db.session.scalars(db.select(Interview)):
                interview.starts_at -= by
            for delivery in db.session.scalars(db.select(Delivery)):
                delivery.created_at -= by
                delivery.due_at -= by
        db.session.remove()


def place(world, number, **starts_in):
    """Let an interview begin in so much time from now; the others are out of the way."""
    with world.app.app_context():
        with write():
            for index, key in enumerate(world.interviews):
                interview = db.session.get(Interview, key)
                away = timedelta(days=100 + index)
                interview.starts_at = now() + (timedelta(**starts_in) if index == number else away)
            for delivery in db.session.scalars(db.select(Delivery)):
                delivery.created_at -= timedelta(days=90)
        db.session.remove()


@pytest.fixture
def quiet(mailing, mailbox):
    """A world whose invitations were sent long ago."""
    deliver(mailing.app)
    mailbox.letters.clear()
    return mailing


def kinds(mailbox):
    return Counter(
        (letter["To"], letter["Subject"].strip().partition(":")[0]) for letter in mailbox.letters
    )


def test_the_panel_is_reminded_a_day_before_once(quiet, mailbox):
    place(quiet, 2, hours=24.5)
    run(quiet.app)
    assert mailbox.letters == []
    shift(quiet.app, HOUR)
    run(quiet.app)
    run(quiet.app)
    assert kinds(mailbox) == {
        ("interviewer@example.org", "Påminnelse"): 1,
        ("colleague@example.org", "Påminnelse"): 1,
    }
    text = text_of(mailbox.letters[0])
    assert "Björn Fiktiv" in text
    assert f"/interviews/{quiet.interviews[2]}/scorecard/" in text
    shift(quiet.app, 10 * HOUR)
    run(quiet.app)
    assert len(mailbox.letters) == 2


def test_a_moved_interview_is_reminded_of_anew(quiet, mailbox):
    quiet["recruiter"].sign_in()
    place(quiet, 2, hours=23)
    run(quiet.app)
    assert len(mailbox.letters) == 2
    assert change(quiet, 2).status_code == 302
    deliver(quiet.app)
    mailbox.letters.clear()
    place(quiet, 2, hours=22)
    run(quiet.app)
    assert len(mailbox.letters) == 2


def test_who_was_invited_within_the_day_needs_no_reminder(quiet, mailbox):
    quiet["recruiter"].sign_in()
    place(quiet, 2, days=10)
    # In UTC, where no clock is changed within these hours.
    soon = now() + 5 * HOUR
    changed = change(quiet, 2, date=str(soon.date()), time=f"{soon:%H:%M}", timezone="UTC")
    assert changed.status_code == 302
    deliver(quiet.app)
    told = len(mailbox.letters)
    run(quiet.app)
    assert len(mailbox.letters) == told


def cancel(world):
    path = f"{world.path}/interviews/{world.interviews[2]}/cancel"
    assert world["recruiter"].sign_in().post(path).status_code == 302


def withdraw(world):
    path = f"{world.path}/candidates/{world.candidates[1]}/withdraw"
    assert world["recruiter"].sign_in().post(path).status_code == 302


def submit(world):
    for name in ("interviewer", "colleague"):
        person = world[name].sign_in()
        assert person.post(world.scorecard(2), world.ratings(2)).status_code == 302


@pytest.mark.parametrize("end", [cancel, withdraw])
@pytest.mark.parametrize("waiting", [True, False], ids=["waiting", "before"])
def test_no_reminder_of_what_will_not_happen(quiet, mailbox, end, waiting):
    place(quiet, 2, hours=23)
    if waiting:
        with quiet.app.app_context():
            remind()
            db.session.remove()
    end(quiet)
    run(quiet.app)
    assert {kind for _, kind in kinds(mailbox)} == {"Inställd"}


def test_missing_ratings_are_asked_for_three_times(quiet, mailbox):
    with quiet.app.app_context():
        minutes = db.session.get(Interview, quiet.interviews[2]).minutes
        db.session.remove()
    place(quiet, 2, minutes=-minutes, hours=-23.5)
    run(quiet.app)
    assert mailbox.letters == []
    shift(quiet.app, HOUR)
    sent = []
    for _day in range(10):
        run(quiet.app)
        run(quiet.app)
        sent.append(len(mailbox.letters))
        shift(quiet.app, timedelta(days=1))
    assert sent == [2, 2, 4, 4, 6, 6, 6, 6, 6, 6]
    assert kinds(mailbox) == {
        ("interviewer@example.org", "Din bedömning saknas"): 3,
        ("colleague@example.org", "Din bedömning saknas"): 3,
    }


@pytest.mark.parametrize("state", [RequisitionState.DECIDED, RequisitionState.CLOSED])
@pytest.mark.parametrize("begins", [{"hours": 23}, {"days": -3}], ids=["ahead", "overdue"])
@pytest.mark.parametrize("waiting", [True, False], ids=["waiting", "before"])
def test_nobody_is_reminded_when_the_requisition_is_no_longer_open(
    quiet, mailbox, state, begins, waiting
):
    place(quiet, 2, **begins)
    with quiet.app.app_context():
        if waiting:
            remind()
        with write():
            enter(db.session.get_one(Requisition, quiet.requisition), state)
        db.session.remove()
    run(quiet.app)
    assert mailbox.letters == []


@pytest.mark.parametrize("end", [submit, withdraw, cancel])
@pytest.mark.parametrize("waiting", [True, False], ids=["waiting", "before"])
def test_no_ratings_are_asked_for_that_are_there_or_not_wanted(quiet, mailbox, end, waiting):
    place(quiet, 2, days=-3)
    if waiting:
        with quiet.app.app_context():
            remind()
            db.session.remove()
    end(quiet)
    run(quiet.app)
    assert mailbox.letters == []


def test_only_the_one_who_has_not_submitted_is_asked(quiet, mailbox):
    place(quiet, 2, days=-3)
    interviewer = quiet["interviewer"].sign_in()
    assert interviewer.post(quiet.scorecard(2), quiet.ratings(2)).status_code == 302
    run(quiet.app)
    assert [letter["To"] for letter in mailbox.letters] == ["colleague@example.org"]


def test_ratings_missing_for_long_are_no_longer_asked_for(quiet, mailbox):
    place(quiet, 2, days=-60)
    run(quiet.app)
    assert mailbox.letters == []


def test_the_hours_are_settings(database, mailbox):
    with world_with(
        database,
        mail_server="127.0.0.1",
        mail_port=mailbox.port,
        reminder_hours=2,
        overdue_hours=1,
    ) as world:
        deliver(world.app)
        mailbox.letters.clear()
        place(world, 2, hours=3)
        run(world.app)
        assert mailbox.letters == []
        shift(world.app, 2 * HOUR)
        run(world.app)
        assert len(mailbox.letters) == 2
        shift(world.app, 4 * HOUR)
        run(world.app)
        assert len(mailbox.letters) == 4


def test_two_workers_at_once_send_each_mail_once(database, mailbox):
    with world_with(database, mail_server="127.0.0.1", mail_port=mailbox.port) as world:
        place(world, 2, hours=23)
        with world.app.app_context():
            db.engine.dispose()
        workers = [
            create_app(settings_for(database, mail_server="127.0.0.1", mail_port=mailbox.port))
            for _ in range(2)
        ]
        barrier = threading.Barrier(4)

        def work(app):
            barrier.wait()
            for _ in range(3):
                run(app)

        threads = [threading.Thread(target=work, args=(app,)) for app in workers * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for app in workers:
            with app.app_context():
                db.engine.dispose()
            app.extensions["recruit_renderer"].close()
        # Seven invitations, two reminders.
        assert len(mailbox.letters) == 9
        assert len({letter["Message-ID"] for letter in mailbox.letters}) == 9
        assert sum(kind == "Påminnelse" for _, kind in kinds(mailbox)) == 2


def test_a_woken_worker_sends_without_waiting_for_its_hour(mailing, mailbox, monkeypatch):
    """No job is ever due by the clock here, so that only waking it can have sent the mail."""
    monkeypatch.setattr("recruit.jobs.queue.crontab", lambda **_: lambda _moment: False)
    worker = jobs.start(mailing.app)
    try:
        mailing["recruiter"].sign_in()
        assert mailbox.letters == []
        assert change(mailing, 2).status_code == 302
        until = time.monotonic() + PATIENCE
        while not any("Ändrad" in letter["Subject"] for letter in mailbox.letters):
            assert time.monotonic() < until, "the worker was not woken"
            time.sleep(0.05)
    finally:
        jobs.stop(worker)


def test_a_lost_queue_loses_no_mail(mailing, mailbox):
    """The queue is only a bell: what is to be done stands in the database."""
    mailing["recruiter"].sign_in()
    change(mailing, 2)
    huey = jobs._huey(mailing.app)
    assert huey.storage.queue_size() > 0
    huey.storage.flush_all()
    huey.storage.close()
    deliver(mailing.app)
    assert len(mailbox.letters) == 7


def test_a_queue_out_of_reach_breaks_no_page(world, monkeypatch):
    world["recruiter"].sign_in()
    assert change(world, 2).status_code == 302
    world.app.extensions["recruit_queue"].storage.close()
    world.app.extensions["recruit_queue"] = None
    with world.app.app_context():
        url = db.engine.url
        broken = url.set(database="/nowhere/at/all" if url.host is None else "no_such_database")
        monkeypatch.setattr(db.engine, "url", broken)
    assert change(world, 2).status_code == 302


def test_what_is_not_signed_is_not_taken_from_the_queue(mailing, mailbox):
    import pickle

    huey = jobs._huey(mailing.app)
    huey.storage.flush_all()
    huey.storage.enqueue(pickle.dumps(("anything",)))
    with pytest.raises(ValueError, match=r"Separator|Signature"):
        huey.dequeue()
    huey.storage.close()


def test_a_job_that_breaks_is_logged_without_values_and_runs_again(app, capsys):
    from recruit.jobs.queue import Job, Jobs

    ran = []

    def breaks():
        ran.append(1)
        raise ValueError("hemligt@example.org")

    declared = Jobs()
    declared.job(minutes=1)(breaks)
    huey = declared._huey(app)
    for _ in range(2):
        huey.execute(huey._registry.string_to_task(Job(breaks, 1).name)())
    huey.storage.close()
    assert ran == [1, 1]
    said = capsys.readouterr()
    assert said.out.count('"job.broken"') == 2
    assert "hemligt" not in said.out + said.err


@pytest.fixture(params=["worker", "serve"])
def worker_process(request, mailing, mailbox, database):
    """A real process: the worker, or the pages with the jobs beside them."""
    arguments = {
        "worker": ["worker"],
        "serve": ["serve", "--bind", f"127.0.0.1:{free_port()}", "--workers", "1"],
    }[request.param]
    environment = os.environ | {
        "RECRUIT_DATABASE": database,
        "RECRUIT_SECRET_KEY": "k" * 64,
        "RECRUIT_MAIL_SERVER": "127.0.0.1",
        "RECRUIT_MAIL_PORT": str(mailbox.port),
    }
    process = subprocess.Popen(
        [Path(sys.executable).with_name("recruit"), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_the_commands_send_mail_and_stop_when_told(mailing, mailbox, worker_process):
    for address in ("interviewer@example.org", "colleague@example.org"):
        mailbox.wait_for(address, 2)
    worker_process.send_signal(signal.SIGTERM)
    out, err = worker_process.communicate(timeout=60)
    assert worker_process.returncode == 0, err
    assert "Traceback" not in out + err
    assert "@example.org" not in out + err
    assert '"mail.finished"' in out


def test_a_worker_that_is_told_to_stop_finishes_the_mail_it_sends(database):
    with (
        mail_server() as box,
        world_with(database, mail_server="127.0.0.1", mail_port=box.port) as world,
    ):
        taken, answered = box.handle_DATA, threading.Event()

        async def slowly(server, session, envelope):
            await asyncio.to_thread(answered.wait)
            return await taken(server, session, envelope)

        box.handle_DATA = slowly
        worker = jobs.start(world.app)
        until = time.monotonic() + PATIENCE
        while not sending(world.app):
            assert time.monotonic() < until
            time.sleep(0.05)
        # The server answers only when the worker has been told to stop.
        threading.Timer(0.5, answered.set).start()
        jobs.stop(worker)
        assert sending(world.app) == 0
        assert len(box.letters) >= 1


def sending(app):
    with app.app_context():
        count = db.session.scalar(
            db.select(db.func.count()).select_from(Delivery).where(Delivery.state == "sending")
        )
        db.session.remove()
    return count


def test_the_jobs_are_these(app):
    assert sorted(jobs._jobs) == [
        "recruit.accounts.jobs.send_links",
        "recruit.candidates.jobs.forget_imports",
        "recruit.mail.jobs.send",
        "recruit.privacy.jobs.erase_what_is_due",
        "recruit.privacy.jobs.write_out_where_the_trail_ends",
        "recruit.reminders.jobs.remind",
        "recruit.reports.jobs.prepare",
    ]
    assert send in [job.function for job in jobs._jobs.values()]


def test_the_hiring_manager_is_told_once_when_a_round_is_rated(mailing, mailbox):
    """When the last scorecard arrives, not before; the letter leads to the comparison."""
    cancel(mailing)
    for name in ("interviewer", "colleague"):
        mailing[name].sign_in()
        for number in (0, 1):
            answer = mailing[name].post(mailing.scorecard(number), mailing.ratings(number))
            assert answer.status_code == 302, answer.text

    def told():
        mailbox.letters.clear()
        with mailing.app.app_context():
            prepare()
            db.session.remove()
        deliver(mailing.app)
        return [m for m in mailbox.letters if m["Subject"].startswith("Jämförelsen är klar")]

    (first,) = told()
    assert first["To"] == "hiring_manager@example.org"
    assert f"{mailing.path}/comparison/" in text_of(first)
    assert told() == []
    manager = mailing["hiring_manager"].sign_in()
    assert manager.post(mailing.scorecard(1), mailing.ratings(1)).status_code == 302
    (second,) = told()
    assert text_of(second) != text_of(first)
    assert told() == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_processes_that_start_at_once_on_a_new_database(app):
    """Each makes the queue's tables unless they are there."""
    from recruit.jobs.queue import Jobs

    together = threading.Barrier(6)

    def start(_number):
        together.wait()
        huey = Jobs()._huey(app)
        huey.storage.close()

    for _ in range(10):
        with app.app_context():
            for name in ("huey_kv", "huey_task", "huey_schedule", "huey_counter"):
                db.session.execute(sa.text(f"DROP TABLE IF EXISTS {name} CASCADE"))
            db.session.commit()
            db.session.remove()
        with ThreadPoolExecutor(6) as processes:
            assert list(processes.map(start, range(6))) == [None] * 6
