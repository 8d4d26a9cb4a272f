"""Tables as an Excel workbook: numbers as numbers, texts as texts and never as formulas."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from recruit.core.text import starts_a_formula
from recruit.documents.exports import Table, tables

if TYPE_CHECKING:
    from recruit.documents.comparison import ComparisonDocument

LONGEST_CELL = 32_767
"""Characters that a cell holds; a longer text ends in an ellipsis."""
WIDEST = 60
GREEN = "#1F4D45"


def workbook(document: ComparisonDocument) -> bytes:
    """Return the comparison as XLSX; the same document gives the same bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": document.title,
            "author": document.organisation,
            "created": document.generated_at.replace(tzinfo=None),
        }
    )
    head = book.add_format(
        {"bold": True, "font_color": "white", "bg_color": GREEN, "text_wrap": True, "valign": "top"}
    )
    text = book.add_format({"text_wrap": True, "valign": "top"})
    # Such a cell stays a text when somebody edits it, or saves the sheet in another format.
    quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    number = book.add_format({"valign": "top"})
    for table in tables(document):
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 1)
        for column, (name, width) in enumerate(zip(table.columns, _widths(table), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        for line, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    form = quoted if starts_a_formula(value) else text
                    sheet.write_string(line, column, _fitting(value), form)
                elif value is not None:
                    sheet.write_number(line, column, value, number)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    book.close()
    return target.getvalue()


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _widths(table: Table) -> list[int]:
    return [
        min(WIDEST, max(10, *(len(str(cell or "")) for cell in cells)) + 2)
        for cells in zip(table.columns, *table.rows, strict=True)
    ]
