"""The HTML report in a real browser: it opens offline, filters, prints, and nothing in it acts."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
import report_samples

from archive_check import diffs
from archive_check.model import Report
from archive_check.reports import FORMATS

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)

pytestmark = pytest.mark.skipif(not BROWSER, reason="needs Chromium")

PROBE = """
<script>
function shown() {
  return [...document.querySelectorAll(".finding")].filter((found) => !found.hidden).length;
}
const form = document.querySelector("#filter");
const counts = [shown()];
function change(name, value, checked) {
  for (const field of form.querySelectorAll(`[name=${name}]`)) {
    if (checked === undefined) field.value = value;
    else if (field.value === value) field.checked = checked;
  }
  form.dispatchEvent(new Event("input"));
  counts.push(shown());
}
change("severity", "warning", false);
change("severity", "info", false);
change("section", "initiation");
change("text", "CQ58");
change("section", "");
document.title = counts.join(" ");
</script>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def browse(folder: Path, data: bytes, *arguments: str) -> str:
    """What the browser says of a page; the network is a proxy that there is not."""
    page = folder / "page.html"
    page.write_bytes(data)
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        f"--user-data-dir={folder / 'profile'}", "--proxy-server=127.0.0.1:9",
        "--virtual-time-budget=2000", *arguments, page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_opens_and_counts_its_findings(folder: Path, lang: str) -> None:
    document = browse(folder, FORMATS["html"](report_samples.sample(lang)), "--dump-dom")
    assert re.search(r'<output id="shown">4 / 4</output>', document)
    (form,) = re.findall(r"<form id=\"filter\"[^>]*>", document)
    assert "hidden" not in form


def test_the_filter_filters(folder: Path) -> None:
    page = FORMATS["html"](report_samples.sample()).decode()
    open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    document = browse(folder, open_page.replace("</body>", f"{PROBE}</body>").encode(),
                      "--dump-dom")  # fmt: skip
    (title,) = re.findall(r"<title>(.*?)</title>", document)
    assert title == "4 3 2 1 0 1"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_text_stays_text(folder: Path, lang: str) -> None:
    def elements(document: str) -> list[str]:
        return re.findall(r"<(script|img|iframe|a href=\"(?!#)[^\"]*)", document)

    document = browse(folder, FORMATS["html"](report_samples.hostile(lang)), "--dump-dom")
    assert elements(document) == ["script"]
    assert "<script>alert(1)</script>" in unescape(document)
    old, new = report_samples.hostile(lang), report_samples.sample(lang)
    for both in ((old, new), (new, old)):
        page = diffs.FORMATS["html"](diffs.compare(*both, new.lang))
        assert elements(browse(folder, page, "--dump-dom")) == []


@pytest.mark.parametrize(
    "report", [report_samples.sample(), report_samples.set_aside(), report_samples.hostile()]
)
def test_it_fits_a_phone_and_a_screen(folder: Path, report: Report) -> None:
    """No part is wider than the window, however long the names are."""
    probe = (
        "<script>document.title ="
        " [document.documentElement.scrollWidth, innerWidth].join(' ')</script></body>"
    )
    page = FORMATS["html"](report).decode()
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    for width in (500, 1200):
        document = browse(folder, page.replace("</body>", probe).encode(),
                          f"--window-size={width},900", "--dump-dom")  # fmt: skip
        (title,) = re.findall(r"<title>(.*?)</title>", document)
        whole, window = map(int, title.split())
        assert whole <= window


def test_it_prints_on_a4(folder: Path) -> None:
    import pypdfium2

    target = folder / "page.pdf"
    browse(folder, FORMATS["html"](report_samples.set_aside()), "--no-pdf-header-footer",
           f"--print-to-pdf={target}")  # fmt: skip
    document = pypdfium2.PdfDocument(BytesIO(target.read_bytes()))
    width, height = document[0].get_size()
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (210, 297)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for part in ("不合格", "已接受的问题", "没有归档日期"):
        assert part in text
    assert "搜索文字" not in text


def test_a_screenshot_is_not_blank(folder: Path) -> None:
    from PIL import Image

    target = folder / "page.png"
    browse(folder, FORMATS["html"](report_samples.sample()), "--window-size=1000,1400",
           f"--screenshot={target}")  # fmt: skip
    with Image.open(target) as picture:
        colours = picture.convert("RGB").getcolors(1_000_000) or []
    assert len(colours) > 50
    assert {(179, 38, 30), (253, 236, 235)} <= {colour for _, colour in colours}
