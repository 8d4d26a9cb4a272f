"""A real SMTP server, kind or unkind, and what it was given."""

from __future__ import annotations

import email
import email.policy
import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from icalendar import Calendar

from recruit.accounts.jobs import send_links
from recruit.database import db, now
from recruit.mail.jobs import send

PATIENCE = 90


@dataclass
class Mailbox:
    """Keeps what the server was given; ``answers`` are given first, one for each mail."""

    port: int
    letters: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    refused: set = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - called
        if address in self.refused:
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name that is called
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address):
        return [letter for letter in self.letters if letter["To"] == address]

    def wait_for(self, address, number=1):
        """Return the mails to the address when there are so many."""
        until = time.monotonic() + PATIENCE
        while len(self.to(address)) < number:
            assert time.monotonic() < until, f"no mail to {address}"
            time.sleep(0.05)
        return self.to(address)

    def link_to(self, address, part):
        """Return the path of the latest link in mail to the address that holds ``part``."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for letter in reversed(self.to(address)):
                for link in re.findall(r"https?://[^/\s]+(/\S+)", text_of(letter)):
                    if part in link:
                        return link
            time.sleep(0.05)
        raise AssertionError(f"no mail to {address} with {part}")


def text_of(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


def calendar_of(letter):
    """Return the bytes of the mail's calendar part."""
    (part,) = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
    return part.get_payload(decode=True)


def event_of(letter):
    (event,) = Calendar.from_ical(calendar_of(letter)).walk("VEVENT")
    return event


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder):
    """Return the TLS context of a server with a certificate of its own making, and its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


@contextmanager
def mail_server(*, tls_context=None, **options):
    """Serve; with a TLS context it offers STARTTLS."""
    box = Mailbox(free_port(), **options)
    server = Controller(box, hostname="127.0.0.1", port=box.port, tls_context=tls_context)
    server.start()
    yield box
    server.stop()


@contextmanager
def silent_server():
    """A port that takes connections and never says a word, and those that it has taken."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        taken, over = [], threading.Event()

        def hold():
            while not over.is_set():
                try:
                    taken.append(listener.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=hold)
        thread.start()
        yield listener.getsockname()[1], taken
        over.set()
        thread.join()
        for connection in taken:
            connection.close()


def deliver(app):
    """Send the links that were asked for and the mails that are due, as the worker does."""
    with app.app_context():
        send_links()
        send()
        db.session.remove()
