"""The ``recruit`` command: parses, calls, prints."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from recruit import __version__, config
from recruit.resources import interview_guides_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask

    from recruit.core.guide import Guide
    from recruit.core.library import Library
    from recruit.documents.guide_document import GuideDocument

FILE = click.Path(path_type=Path, dir_okay=False)
ALTERED = 1
BAD_INPUT = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recruit")
def main() -> None:
    """Interview guides, independent ratings and comparisons for hiring trust-based leaders."""


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"))
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Write the files and stop.")
def demo(out: Path, port: int, *, no_serve: bool) -> None:
    """Fill a fresh database with a worked example, write its documents, then serve it."""
    from recruit import demo as example
    from recruit import serving

    settings = example.settings(out, port)
    app = example.build(out, settings)
    click.echo(example.guidance(out, port, serve=not no_serve))
    if not no_serve:
        serving.serve(app, f"127.0.0.1:{port}", workers=1, with_jobs=True)


@main.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option(
    "--jobs/--no-jobs",
    default=True,
    show_default=True,
    help="Send mail and reminders too; without, run `recruit worker` beside it.",
)
def serve(bind: str, workers: int, *, jobs: bool) -> None:
    """Serve the application with gunicorn."""
    from recruit import serving

    with serving.counted_together():
        app = _app()
        # Standard output is for the log.
        click.echo(f"Serving http://{bind} – Ctrl+C ends.", err=True)
        serving.serve(app, bind, workers=workers, with_jobs=jobs)


@main.command()
@click.option("--threads", type=click.IntRange(1, 16), default=2, show_default=True)
def worker(threads: int) -> None:
    """Send mail and reminders until told to stop; what has begun is finished first."""
    from recruit.jobs.queue import jobs

    jobs.run(_app(), threads=threads)


@main.command()
@click.argument("profile_file", metavar="PROFILE.yaml", type=FILE)
@click.option("--out", type=FILE, required=True)
@click.option("--lang", type=click.Choice(["sv", "en"]), help="Default: the profile's language.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["pdf", "html", "json", "yaml", "md"]),
    help="Default: by name.",
)
@click.option(
    "--document",
    type=click.Choice(["kit", "questions", "scorecard", "form"]),
    default="kit",
    show_default=True,
    help="What pdf and html show: the interviewer's kit, the questions for candidates, a scorecard "
    "to print, or one to fill in.",
)
def guide(profile_file: Path, out: Path, lang: str | None, form: str | None, document: str) -> None:
    """Generate the interview guide that fits a role profile."""
    from recruit.core import guide as core_guide
    from recruit.core import guide_file, planner, profile
    from recruit.core.faults import Faults
    from recruit.documents.renderer import render_pdf

    try:
        wanted = profile.read(_bytes(profile_file), profile_file.name)
    except Faults as error:
        _refuse(fault.in_(lang or "sv") for fault in error.faults)
    language = lang or wanted.language
    shipped = _library(language)
    try:
        plan = planner.plan(shipped, wanted)
    except planner.NoPlan as error:
        _refuse(f"{profile_file.name}: {line}" for line in error.messages(language))
    content = core_guide.compose(shipped, wanted, plan, language)
    form = form or out.suffix.removeprefix(".")
    match form:
        case "json":
            _write(out, guide_file.as_json(content))
        case "yaml" | "yml":
            _write(out, guide_file.as_yaml(content))
        case "md":
            _write(out, core_guide.as_markdown(content).encode())
        case "html":
            _write(out, _guide_document(document, content).html().encode())
        case "pdf":
            _progress("Setting the pages …")
            _write(out, render_pdf(_guide_document(document, content).html()))
        case _:
            _refuse([f"{out.name}: the name should end in .pdf, .html, .json, .yaml or .md"])


@main.command()
@click.argument("ratings_file", metavar="RATINGS.csv", type=FILE)
@click.option("--out", type=FILE, required=True, help="The PDF to write.")
@click.option("--json", "json_file", type=FILE, help="Write the figures as JSON too.")
@click.option("--xlsx", "xlsx_file", type=FILE, help="Write everything as a workbook too.")
@click.option("--csv", "csv_file", type=FILE, help="Write the figures as CSV too.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--scale", "scale_text", default="1-5", show_default=True, metavar="LOW-HIGH")
@click.option("--weights", "weights_file", type=FILE, help="YAML: a weight for each competency.")
def compare(
    ratings_file: Path,
    out: Path,
    json_file: Path | None,
    xlsx_file: Path | None,
    csv_file: Path | None,
    lang: str,
    scale_text: str,
    weights_file: Path | None,
) -> None:
    """Compare candidates from a table of ratings."""
    from recruit.core import comparison
    from recruit.core.faults import Faults
    from recruit.core.ratings import Scale
    from recruit.core.ratings_file import read_csv, read_weights
    from recruit.core.text import near_equal
    from recruit.documents.comparison import ComparisonDocument
    from recruit.documents.renderer import render_pdf

    try:
        scale = Scale.parse(scale_text, "--scale")
        table = read_csv(_bytes(ratings_file), name=ratings_file.name, scale=scale)
        weights = None
        if weights_file is not None:
            weights = read_weights(
                _bytes(weights_file), name=weights_file.name, competencies=table.competencies
            )
    except Faults as error:
        _refuse(fault.in_(lang) for fault in error.faults)
    for kind in (table.candidates, table.interviewers, table.competencies):
        for names in near_equal(kind):
            alike = ", ".join(names)
            click.echo(f"Nearly alike, and taken for different ones: {alike}", err=True)
    _progress("Computing …")
    result = comparison.build(table, weights)
    known = _library(lang).competencies
    document = ComparisonDocument(
        comparison=result,
        title=ratings_file.stem,
        unit="",
        organisation="",
        language=lang,
        generated_at=datetime.now(UTC).astimezone(),
        competency_names={
            key: known[key].name.in_(lang) if key in known else key for key in table.competencies
        },
        guide_versions="",
        rounds=(),
        must_have={},
        pending=(),
    )
    _progress("Setting the pages …")
    pdf = render_pdf(document.html())
    _write(out, pdf)
    if json_file is not None:
        _write(json_file, json.dumps(result.as_json(), ensure_ascii=False, indent=2).encode())
    if xlsx_file is not None:
        from recruit.documents.workbook import workbook

        _write(xlsx_file, workbook(document))
    if csv_file is not None:
        from recruit.documents.exports import figures_csv

        _write(csv_file, figures_csv(document).encode("utf-8-sig"))


@main.command()
@click.argument("file", type=FILE)
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
def verify(file: Path, lang: str) -> None:
    """Tell whether a PDF is untouched and would be made the same again.

    Ends with 0 when both hold, 1 when one does not, 2 when the file cannot be judged.
    """
    from recruit.documents.phrases import Words
    from recruit.documents.renderer import Renderer, RenderError
    from recruit.documents.seal import UnfitFile
    from recruit.documents.seal import verify as judge

    t = Words(lang)
    # In a worker with limits: the file may come from anybody.
    renderer = Renderer()
    _progress("Making it again …")
    try:
        verdict = judge(_bytes(file), renderer.pdf)
    except UnfitFile as error:
        _refuse([f"{file}: {t(f'v.{error.why.value}')}"])
    except RenderError:
        _refuse([f"{file}: {t('v.not rendered')}"])
    finally:
        renderer.close()
    if verdict.title:
        click.echo(verdict.title)
    if verdict.checksum:
        click.echo(f"{t('f.hash')}: {verdict.checksum}")
    if not verdict.untouched:
        click.echo(t("v.altered"), err=True)
        sys.exit(ALTERED)
    click.echo(t("v.untouched"))
    if not verdict.same:
        made = {"made": verdict.version, "now": __version__}
        click.echo(
            t("v.other version", **made) if verdict.version != __version__ else t("v.forged"),
            err=True,
        )
        sys.exit(ALTERED)
    click.echo(t("v.same"))


@main.group(name="library")
def library_group() -> None:
    """The competency library."""


@library_group.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--own", is_flag=True, help="The folder only adds to the shipped library.")
def check(folder: Path | None, lang: str, *, own: bool) -> None:
    """Check a library; one line per fault, silent when there is none.

    A folder with own-library.yaml adds to the shipped library, as with --own.
    """
    from recruit.core import library, library_check, own_library
    from recruit.core.faults import Faults

    if folder is not None and (own or own_library.is_own(folder)):
        shipped = library.load(interview_guides_folder())
        try:
            faults = own_library.check(shipped, own_library.read_folder(folder))
        except Faults as error:
            faults = list(error.faults)
    else:
        faults = library_check.check(folder or interview_guides_folder())
    if faults:
        _refuse(fault.in_(lang) for fault in faults)


@library_group.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
def stats(folder: Path | None) -> None:
    """Count the questions of a library by competency, kind, level and sector."""
    from recruit.core import library, library_stats
    from recruit.core.faults import Faults

    try:
        counts = library_stats.counts(library.load(folder or interview_guides_folder()))
    except Faults as error:
        _refuse(error.faults)
    columns = ("questions", *library_stats.COLUMNS)
    width = max(map(len, counts))
    click.echo("  ".join((" " * width, *columns)))
    for key, count in counts.items():
        cells = (str(count[column]).rjust(len(column)) for column in columns)
        click.echo("  ".join((key.ljust(width), *cells)))
    totals = (
        str(sum(count[column] for count in counts.values())).rjust(len(column))
        for column in columns
    )
    click.echo("  ".join(("total".ljust(width), *totals)))


@main.command()
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
def doctor(lang: str) -> None:
    """Examine the installation: what is wrong, and how to mend it. Ends with 1 at a fault."""
    from recruit import doctor as examination
    from recruit.findings import Health

    marks = {"ok": "✓", "warning": "!", "fault": "✗"}
    findings = examination.examine(_app(), lang)
    for finding in findings:
        click.echo(f"{marks[finding.health]} {finding.part}: {finding.found}")
        if finding.remedy:
            click.echo(f"    {finding.remedy}")
    sys.exit(any(finding.health == Health.FAULT for finding in findings))


@main.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write the whole database to FILE, while people work."""
    from recruit import backup as copy
    from recruit import backup_trail as trail_of
    from recruit.backup_files import BackupFailed

    with _database():
        try:
            copy.backup(file)
            end = trail_of.head_of(file)
        except BackupFailed as error:
            _refuse([error])
    click.echo(f"{file} holds the database. It needs the settings beside it.")
    click.echo(f"Its trail ends at --count {end.count} --head {end.digest}")


@main.command()
@click.argument("file", type=FILE)
@click.confirmation_option(
    prompt="Is Recruit stopped, and shall the backup replace everything in the database?"
)
@click.option("--whatever-the-trail", is_flag=True, help="Restore even if its trail does not hold.")
def restore(file: Path, *, whatever_the_trail: bool) -> None:
    """Put the backup FILE in the place of the whole database. Stop Recruit first."""
    from recruit import backup as copy
    from recruit.backup_files import BackupFailed

    with _database():
        try:
            held = copy.restore(file, check_trail=not whatever_the_trail)
        except BackupFailed as error:
            _refuse([error])
    click.echo("The database is as in the backup, and up to date.")
    click.echo("Whoever was erased after it was made is back: erase them again.")
    if held:
        click.echo(
            f"Mails that waited when it was made: {held}. They may have gone since, so none is "
            "sent by itself; the list of interviews tries one again."
        )


@main.group()
def trail() -> None:
    """The trail of who did what."""


@trail.command("verify")
@click.option("--count", type=click.IntRange(0), help="How many lines it had, by log or backup.")
@click.option("--head", help="The digest of its last line then; needs --count.")
@click.option("--backup", "file", type=FILE, help="Take both from a backup instead.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
def verify_trail(count: int | None, head: str | None, file: Path | None, lang: str) -> None:
    """Tell whether the trail is whole. Ends with 0 when it is, with 1 when it is not.

    Without an earlier end, lines cut off by somebody who has put back an older copy of the row
    that tells the end are not noticed.
    """
    from flask_babel import force_locale

    from recruit import backup_trail as trail_of
    from recruit.audit.queries import Head, verdict
    from recruit.backup_files import BackupFailed
    from recruit.privacy.trail_words import verdict_in_words

    if (count is None) != (head is None) or (file is not None and head is not None):
        _refuse(["Give --count and --head together, or --backup alone."])
    earlier = Head(count, head.lower()) if count is not None and head is not None else None
    with _database(), force_locale(lang):
        try:
            earlier = trail_of.head_of(file) if file is not None else earlier
        except BackupFailed as error:
            _refuse([error])
        found = verdict(earlier)
        click.echo(verdict_in_words(found), err=found.flaw is not None)
        click.echo(f"--count {found.head.count} --head {found.head.digest}")
    sys.exit(ALTERED if found.flaw else 0)


@main.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(["administrator", "recruiter"]), multiple=True)
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def add(email: str, name: str, role: tuple[str, ...], lang: str, password: str) -> None:
    """Add an account; the first administrator is made here."""
    from email_validator import EmailNotValidError, validate_email
    from flask_security import password_length_validator

    from recruit.accounts import actions
    from recruit.accounts.models import RoleName
    from recruit.passwords import guessable_text, is_guessable

    with _database():
        faults = password_length_validator(password) or []
        if not faults and is_guessable(password, name, email):
            faults.append(guessable_text())
        if not name.strip():
            faults.append("--name: the person's name was expected")
        try:
            validate_email(email, check_deliverability=False)
        except EmailNotValidError as error:
            faults.append(f"{email}: an email address was expected. {error}")
        if faults:
            _refuse(map(str, faults))
        try:
            actions.add_user(
                name=name,
                email=email,
                roles=[RoleName(value) for value in role],
                password=password,
                language=lang,
            )
        except actions.EmailIsTaken:
            _refuse([f"{email}: an account with this address exists"])
    click.echo(f"{email} can sign in.")


@user.command("one-step")
@click.argument("email")
def one_step(email: str) -> None:
    """Turn off the second step of an account, for whoever has lost both app and codes."""
    from recruit.accounts import queries, two_steps

    with _database():
        found = queries.user_by_email(email)
        if found is None:
            _refuse([f"{email}: there is no account with this address"])
        two_steps.turn_off(found.id, actor_id=None)
    click.echo(f"{email} signs in in one step.")


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version of the program."""
    import flask_migrate

    with _database():
        flask_migrate.upgrade()
    click.echo("The database is up to date.")


def _library(language: str) -> Library:
    """Return the shipped library with the own folder of the settings over it."""
    from recruit.core import own_library
    from recruit.core.faults import Faults

    try:
        folder = config.read().library
        return own_library.load_with(interview_guides_folder(), Path(folder) if folder else None)
    except config.BadSettings as error:
        _refuse(str(error).splitlines())
    except Faults as error:
        _refuse(fault.in_(language) for fault in error.faults)


def _guide_document(kind: str, content: Guide) -> GuideDocument:
    from recruit.documents.blank_scorecard import BlankScorecard
    from recruit.documents.kit import InterviewerKit
    from recruit.documents.question_sheet import QuestionSheet

    made: dict[str, Any] = {
        "guide": content,
        "round_index": None,
        "organisation": "",
        "version": "1",
        "generated_at": datetime.now(UTC).astimezone(),
        "post": content.title,
    }
    match kind:
        case "questions":
            return QuestionSheet(**made)
        case "scorecard" | "form":
            return BlankScorecard(**made, fillable=kind == "form")
        case _:
            return InterviewerKit(**made, candidate=None, interviewer=None)


def _app() -> Flask:
    from recruit.app import create_app

    try:
        return create_app()
    except config.BadSettings as error:
        _refuse(str(error).splitlines())


@contextmanager
def _database() -> Iterator[None]:
    """Work on the database of the settings; trouble with it is told in one line."""
    from sqlalchemy.exc import SQLAlchemyError

    from recruit.database import DatabaseTrouble
    from recruit.database import db as database

    with _app().app_context():
        try:
            yield
        except (SQLAlchemyError, DatabaseTrouble) as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            _refuse([f"{reason}. `recruit doctor` says what is wrong, and how to mend it."])
        finally:
            database.session.remove()
            database.engine.dispose()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse([f"{path}: {error.strerror}"])


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        _refuse([f"{path}: {error.strerror}"])


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(text, err=True)


def _refuse(lines: Iterable[Any]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)
