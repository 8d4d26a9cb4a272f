"""What form fields need and WeasyPrint leaves out: groups that are one field, and a tab order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikepdf import Array, Name, String

if TYPE_CHECKING:
    from pikepdf import Pdf


def finish(pdf: Pdf) -> None:
    """Make each group of radio buttons one field, and let fields follow the order of reading.

    WeasyPrint lists every button as a field of its own too, under the name of its group, so that
    a viewer finds two fields with one name. A group's own name is what stands before the last
    colon of its buttons' names.
    """
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    form.Fields = Array([field for field in form.Fields if "/Parent" not in field])
    for field in form.Fields:
        if "/Kids" in field:
            field.TU = String(str(field.TU).rpartition(": ")[0] or str(field.TU))
            for button in field.Kids:
                del button["/T"]
    for page in pdf.pages:
        if "/Annots" in page.obj:
            page.obj.Tabs = Name.S
