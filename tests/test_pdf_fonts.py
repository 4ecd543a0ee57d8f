"""Chinese fonts that a PDF leaves out: boxes where text is read, the system's where it is shown."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from archive_check.readers.pdf_fonts import boxes_for_missing_fonts

FONT, SIZE = "STSong-Light", 100
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def one_character() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(SIZE, SIZE))
    canvas.setFont(FONT, SIZE)
    canvas.drawString(0, SIZE * 0.12, "无")
    canvas.save()
    return buffer.getvalue()


def text_and_ink(data: bytes) -> tuple[str, float]:
    """What the page says, and the share of it that is dark when it is shown."""
    with pdfium.PdfDocument(data) as document:
        page = document[0]
        text = page.get_textpage().get_text_range()
        pixels = page.render().to_pil().convert("L").tobytes()
    return text, sum(pixel < 128 for pixel in pixels) / len(pixels)


def test_text_in_a_font_that_is_left_out_is_read_with_boxes() -> None:
    with boxes_for_missing_fonts():
        text, ink = text_and_ink(one_character())
    assert text == "无"
    assert ink > 0.9


def test_what_is_shown_afterwards_is_shown_with_the_systems_fonts() -> None:
    with boxes_for_missing_fonts():
        text_and_ink(one_character())
    _, ink = text_and_ink(one_character())
    assert ink < 0.5


def test_fonts_with_latin_letters_alone_are_left_as_they_are() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(SIZE, SIZE))
    canvas.setFont("Helvetica", SIZE)
    canvas.drawString(10, 20, "L")
    canvas.save()
    shown = text_and_ink(buffer.getvalue())
    with boxes_for_missing_fonts():
        assert text_and_ink(buffer.getvalue()) == shown
    assert 0 < shown[1] < 0.5
