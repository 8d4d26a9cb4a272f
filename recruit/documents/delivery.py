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
    """Return the document as a PDF that the browser shows."""
    response = Response(pdf_of(document, requisition_id), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
