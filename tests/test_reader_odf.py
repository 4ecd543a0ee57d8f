"""OpenDocument texts and presentations."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_check import readers
from archive_check.model import PICTURE, Document, SourceFile
from archive_check.readers import media

Reading = Callable[..., Document]
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing",
        "style": "style", "fo": "xsl-fo-compatible", "meta": "meta",
        "presentation": "presentation",
    }.items()
)  # fmt: skip
STYLES = (
    '<style:style style:name="T" style:family="paragraph">'
    '<style:paragraph-properties fo:text-align="center"/>'
    '<style:text-properties fo:font-size="22pt"/></style:style>'
    '<style:style style:name="N" style:family="paragraph" style:parent-style-name="T">'
    '<style:paragraph-properties fo:text-align="start" fo:break-before="page"/>'
    '<style:text-properties fo:font-size="50%"/></style:style>'
)


def packed(kind: str, body: str, **more: str) -> bytes:
    buffer = io.BytesIO()
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("content.xml", content)
        for name, data in more.items():
            package.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(body: str, kind: str = media.ODT, **more: str) -> Document:
        path = tmp_path / "file"
        path.write_bytes(packed(kind, body, **more))
        ending = "odt" if kind == media.ODT else "odp"
        (document,) = readers.read(SourceFile(f"1.{ending}", str(path), path.stat().st_size))
        return document

    return read


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def test_lines_have_sizes_alignment_and_pages(reading: Reading) -> None:
    document = reading(
        '<office:text><text:h text:style-name="T">审计报告</text:h>'
        "<text:p>第一<text:s text:c='2'/>段<text:line-break/>续<text:tab/>完，共计二十个字</text:p>"
        '<text:list><text:list-item><text:p text:style-name="N">第二页</text:p></text:list-item>'
        "</text:list></office:text>"
    )
    assert texts(document) == ["审计报告", "第一  段", "续\t完，共计二十个字", "第二页"]
    assert [line.page for line in document.lines] == [1, 1, 1, 2]
    assert [line.centred for line in document.lines] == [True, False, False, False]
    assert document.lines[0].size > 1.5
    assert document.media_type == media.ODT


def test_tables_with_spans_repeats_and_nested_tables(reading: Reading) -> None:
    document = reading(
        "<office:text><table:table><table:table-header-rows><table:table-row>"
        "<table:table-cell table:number-columns-spanned='2'><text:p>项目</text:p>"
        "</table:table-cell><table:covered-table-cell/>"
        "<table:table-cell><text:p>金额</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row>"
        "<table:table-cell table:number-columns-repeated='2'><text:p>甲</text:p>"
        "</table:table-cell><table:table-cell><text:p>1</text:p><text:p>2</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>内</text:p></table:table-cell>"
        "</table:table-row></table:table></table:table-cell></table:table-row>"
        "<table:table-row table:number-rows-repeated='1000000'><table:table-cell/>"
        "</table:table-row></table:table></office:text>"
    )
    assert document.tables[0].rows == (
        ("项目", "", "金额"), ("甲", "甲", "1\n2"), ("内", "", ""),
    )  # fmt: skip
    assert texts(document) == ["项目\t\t金额", "甲\t甲\t1 2", "内\t\t"]


def test_deletions_and_comments_are_no_text_but_told(reading: Reading) -> None:
    document = reading(
        "<office:text><text:tracked-changes><text:changed-region><text:deletion>"
        "<text:p>删去</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>保留<office:annotation><text:p>批注</text:p></office:annotation>的字</text:p>"
        "</office:text>"
    )
    assert texts(document) == ["保留的字"]
    assert document.traits == {"changes", "comments"}


def test_notes_boxes_pictures_and_margins(reading: Reading) -> None:
    document = reading(
        "<office:text><text:p>正文<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>脚注</text:p></text:note-body></text:note>"
        "<draw:frame><draw:image/></draw:frame>"
        "<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame></text:p>"
        "</office:text>",
        styles_xml=f"<office:document-styles {_NAMES}><office:master-styles><style:master-page>"
        "<style:header><text:p>页眉</text:p></style:header>"
        "<style:footer><text:p>正文</text:p></style:footer></style:master-page>"
        "</office:master-styles></office:document-styles>",
    )
    assert texts(document) == [f"正文{PICTURE}", "框", "脚注", "页眉", "正文"]


def test_slides_are_pages_with_their_notes(reading: Reading) -> None:
    document = reading(
        "<office:presentation><draw:page><draw:frame><draw:text-box><text:p>汇报</text:p>"
        "</draw:text-box></draw:frame></draw:page><draw:page><presentation:notes><draw:frame>"
        "<draw:text-box><text:p>备注</text:p></draw:text-box></draw:frame></presentation:notes>"
        "<draw:custom-shape><text:p>第二张</text:p></draw:custom-shape></draw:page>"
        "</office:presentation>",
        media.ODP,
    )
    assert [(line.page, line.text) for line in document.lines] == [
        (1, "汇报"), (2, "第二张"), (2, "备注"),
    ]  # fmt: skip
    assert (document.pages, document.fixed_pages) == (2, True)


def test_what_is_encrypted_empty_or_broken(reading: Reading) -> None:
    kinds = [
        reading("<office:text><text:p> </text:p></office:text>").problem,
        reading("<office:text><text:p/></office:text>").problem,
        reading("").problem,
    ]
    assert [kind and kind.kind for kind in kinds] == ["empty", "empty", "damaged"]


def test_a_password_shows_in_the_manifest(tmp_path: Path) -> None:
    data = io.BytesIO(packed(media.ODT, ""))
    with zipfile.ZipFile(data, "a") as package:
        package.writestr("META-INF/manifest.xml", "<m:encryption-data/>")
    path = tmp_path / "1.odt"
    path.write_bytes(data.getvalue())
    (document,) = readers.read(SourceFile("1.odt", str(path), path.stat().st_size))
    assert document.problem is not None
    assert document.problem.kind == "encrypted"


def test_the_page_note_counts_with_its_own_text(reading: Reading) -> None:
    def noted(characters: int) -> str:
        return (
            f"<office:document-meta {_NAMES}><office:meta><meta:document-statistic "
            f'meta:page-count="3" meta:non-whitespace-character-count="{characters}"/>'
            "</office:meta></office:document-meta>"
        )

    body = "<office:text><text:p>十个字的正文十个字的</text:p></office:text>"
    assert reading(body, meta_xml=noted(10)).pages == 3
    assert reading(body, meta_xml=noted(900)).pages is None
