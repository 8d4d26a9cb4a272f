"""Documents as answers of the application."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Response, current_app

if TYPE_CHECKING:
    from recruit.documents.cache import Printable


def pdf_of(document: Printable, requisition_id: int) -> bytes:
    """Return a document about a requisition as PDF, made now or earlier.

    Raises what ``Renderer.pdf`` raises.
    """
    documents = current_app.extensions["recruit_documents"]
    group = f"requisition-{requisition_id}"
    render = partial(current_app.extensions["recruit_renderer"].pdf, kept=documents.parts(group))
    made: bytes = documents.document(group, document, render)
    return made


def pdf_answer(document: Printable, requisition_id: int, name: str) -> Response:
    """Return a document about a requisition as a PDF that the browser shows; a copy is kept."""
    return _shown(pdf_of(document, requisition_id), name)


def unkept_pdf_answer(html: str, name: str) -> Response:
    """Return a document's HTML as a PDF that the browser shows; no copy of it is kept."""
    return _shown(current_app.extensions["recruit_renderer"].pdf(html), name)


def _shown(pdf: bytes, name: str) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
