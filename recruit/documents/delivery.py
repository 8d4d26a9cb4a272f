"""Documents as answers of the application."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Response, current_app

from recruit.documents.quota import count_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from recruit.documents.cache import Printable
    from recruit.documents.renderer import KeptParts


def pdf_of(document: Printable, requisition_id: int) -> bytes:
    """Return a document about a requisition as PDF, made now or earlier.

    Raises what ``Renderer.pdf`` raises.
    """
    return _kept_or_made(document, requisition_id, _render)


def pdf_answer(document: Printable, requisition_id: int, name: str) -> Response:
    """Return a document about a requisition as a PDF that the browser shows; a copy is kept.

    Raises TooManyDocuments when it is to be made and the person is over the limit.
    """
    return _shown(_kept_or_made(document, requisition_id, _render_for_person), name)


def unkept_pdf_answer(html: str, name: str) -> Response:
    """Return a document's HTML as a PDF that the browser shows; no copy of it is kept.

    Raises TooManyDocuments when the person is over the limit.
    """
    return _shown(_render_for_person(html), name)


def _kept_or_made(document: Printable, requisition_id: int, render: Callable[..., bytes]) -> bytes:
    documents = current_app.extensions["recruit_documents"]
    group = f"requisition-{requisition_id}"
    made: bytes = documents.document(group, document, partial(render, kept=documents.parts(group)))
    return made


def _render(html: str, kept: KeptParts | None = None) -> bytes:
    made: bytes = current_app.extensions["recruit_renderer"].pdf(html, kept)
    return made


def _render_for_person(html: str, kept: KeptParts | None = None) -> bytes:
    count_document()
    return _render(html, kept)


def _shown(pdf: bytes, name: str) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
