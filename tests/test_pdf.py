"""PDF in full: signatures, forms, attachments, outline, permissions, what it claims of itself."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from reportlab.pdfgen.canvas import Canvas

from archive_check import readers
from archive_check.model import Document, SourceFile
from archive_check.readers import pdf_structure
from fixtures.formats import write
from fixtures.model import Text
from fixtures.signing import SIGNER, signed_pdf

Reading = Callable[[bytes], tuple[Document, ...]]


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    def reading(content: bytes) -> tuple[Document, ...]:
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        return readers.read(SourceFile("a.pdf", str(path), len(content)))

    return reading


def plain() -> bytes:
    return write((Text("审计报告", "title"), Text("审计发现的问题" * 20)), "pdf")


def changed(content: bytes, change: Callable[[PdfWriter], object], later: bool = False) -> bytes:
    """The PDF after a change, made anew or appended as a later revision."""
    writer = (
        PdfWriter(BytesIO(content), incremental=True)
        if later
        else PdfWriter(clone_from=PdfReader(BytesIO(content)))
    )
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


# Signatures


def test_signature_that_matches(read: Reading) -> None:
    (found,) = read(signed_pdf(plain()))[0].signatures
    assert (found.intact, found.signer, found.detail) == (True, SIGNER, None)


def test_signer_is_named_in_any_script(read: Reading) -> None:
    (found,) = read(signed_pdf(plain(), "某某集团审计部"))[0].signatures
    assert found.signer == "某某集团审计部"


def test_second_signature_leaves_the_first_one_intact(read: Reading) -> None:
    found = read(signed_pdf(signed_pdf(plain()), "Second", "Signature2"))[0].signatures
    assert [(one.intact, one.signer) for one in found] == [(True, SIGNER), (True, "Second")]


def test_byte_changed_after_signing(read: Reading) -> None:
    (found,) = read(signed_pdf(plain()).replace(b"ReportLab", b"ReportLob", 1))[0].signatures
    assert found.intact is False
    assert found.signer == SIGNER
    assert found.detail is not None and found.detail.key == "reading.signature-digest"


def test_signature_by_another_key_than_its_certificate(read: Reading) -> None:
    content = signed_pdf(plain())
    start = content.index(b"/Contents <") + 11
    held = content[start : content.index(b">", start)].rstrip(b"0")
    last = b"1" if held[-20:-19] == b"0" else b"0"
    forged = held[:-20] + last + held[-19:]
    (found,) = read(content.replace(held, forged))[0].signatures
    assert found.intact is False
    assert found.detail is not None and found.detail.key == "reading.signature-value"


def test_page_added_after_signing(read: Reading) -> None:
    later = changed(signed_pdf(plain()), lambda w: w.add_blank_page(100, 100), later=True)
    (found,) = read(later)[0].signatures
    assert found.intact is False
    assert found.detail is not None and found.detail.key == "reading.signature-changed-after"


def test_bytes_behind_the_end_change_nothing(read: Reading) -> None:
    assert read(signed_pdf(plain()) + b"\r\n")[0].signatures[0].intact


def test_signature_in_an_unknown_format_is_not_judged(read: Reading) -> None:
    content = signed_pdf(plain())
    start = content.index(b"/Contents <") + 11
    zeroed = content[:start] + b"0" * 200 + content[start + 200 :]
    (found,) = read(zeroed)[0].signatures
    assert found.intact is None
    assert found.detail is not None and found.detail.key == "reading.signature-unverified"


def test_field_that_waits_for_a_signature_is_none(read: Reading) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    writer, out = IncrementalPdfFileWriter(BytesIO(plain()), strict=False), BytesIO()
    append_signature_field(writer, SigFieldSpec("Signature1"))
    writer.write(out)
    assert read(out.getvalue())[0].signatures == ()


# Forms


def form(**fields: str) -> bytes:
    """A page with labels and, right of each, a filled field."""
    out = BytesIO()
    canvas = Canvas(out)
    for number, (label, value) in enumerate(fields.items()):
        y = 700 - 40 * number
        canvas.drawString(50, y + 4, f"{label}:")
        canvas.acroForm.textfield(name=label, value=value, x=150, y=y, width=200, height=20)
    canvas.save()
    return out.getvalue()


def test_field_values_stand_beside_their_labels(read: Reading) -> None:
    (found,) = read(form(Auditor="Zhang San", Reviewer="", Date="2023-05-06"))
    assert [line.text.split() for line in found.lines] == [
        ["Auditor:", "Zhang", "San"], ["Reviewer:"], ["Date:", "2023-05-06"]
    ]  # fmt: skip


def test_ticked_boxes_show_their_tick(read: Reading) -> None:
    out = BytesIO()
    canvas = Canvas(out)
    for name, y, checked in (("yes", 700, True), ("no", 650, False)):
        canvas.drawString(50, y, name)
        canvas.acroForm.checkbox(name=name, x=150, y=y, checked=checked)
    canvas.save()
    assert [line.text.split() for line in read(out.getvalue())[0].lines] == [["yes", "√"], ["no"]]


def test_lines_of_a_field_stay_lines(read: Reading) -> None:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.acroForm.textfield(
        name="opinion", value="first\nsecond", x=50, y=600, width=300, height=80,
        fieldFlags="multiline",
    )  # fmt: skip
    canvas.showPage()
    canvas.save()
    assert [line.text for line in read(out.getvalue())[0].lines] == ["first", "second"]


# Attachments, outline, properties


def test_attachments_are_documents_of_their_own(read: Reading) -> None:
    def attach(writer: PdfWriter) -> None:
        writer.add_attachment("附件1.txt", "审计工作底稿".encode())
        writer.add_attachment("../../b.txt", b"")

    outer, second, first = read(changed(plain(), attach))
    assert outer.problem is None
    assert (first.path, first.text) == ("a.pdf!/附件1.txt", "审计工作底稿")
    assert second.path.startswith("a.pdf!/") and ".." not in second.path.split("/")
    assert second.problem is not None and second.problem.kind == "empty"


def test_attachments_have_a_limit(read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_structure, "MAX_PART", 10)
    content = changed(plain(), lambda w: w.add_attachment("a.txt", b"x" * 11))
    (found,) = read(content)
    assert found.problem is not None
    assert found.problem.detail.key == "reading.attachments-too-large"


def test_outline_leads_to_pages(read: Reading) -> None:
    out = BytesIO()
    canvas = Canvas(out)
    for number, title in enumerate(("审计报告", "征求意见书", "送达回证"), 1):
        canvas.bookmarkPage(str(number))
        canvas.addOutlineEntry(title, str(number), level=min(number - 1, 1))
        canvas.drawString(50, 700, f"page {number}")
        canvas.showPage()
    canvas.save()
    (found,) = read(out.getvalue())
    assert found.outline == (("审计报告", 1, 0), ("征求意见书", 2, 1), ("送达回证", 3, 1))


def test_owner_password_forbids_and_does_not_hinder(read: Reading) -> None:
    def protect(writer: PdfWriter) -> None:
        allowed = UserAccessPermissions.all() & ~UserAccessPermissions.PRINT
        writer.encrypt("", "owner", permissions_flag=allowed, algorithm="AES-128")

    (found,) = read(changed(plain(), protect))
    assert found.problem is None
    assert "审计报告" in found.text
    assert found.properties["forbids"] == "print"
    assert "forbids" not in read(plain())[0].properties


def test_claim_of_pdf_a(read: Reading) -> None:
    xmp = b"<x><pdfaid:part>2</pdfaid:part><pdfaid:conformance>b</pdfaid:conformance></x>"
    assert "pdfa" not in read(plain())[0].properties
    assert read(plain() + b"\n%" + xmp)[0].properties["pdfa"] == "2B"


def test_fonts_that_are_not_embedded(read: Reading) -> None:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(50, 700, "text")
    canvas.save()
    assert read(out.getvalue())[0].properties["fonts_not_embedded"] == "Helvetica"
