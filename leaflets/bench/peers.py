"""The peers: WeasyPrint as it comes, WeasyPrint then Ghostscript to CMYK, and Chromium's print to PDF.

Each takes one HTML file whose pictures are the original photographs, and writes one PDF. A peer that is not
installed is left out of the table and the table says so.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import weasyprint

LIMIT_S = 120


def weasyprint_as_it_comes(html: Path, out: Path) -> None:
    """`weasyprint page.html out.pdf`, warm and in this process: RGB pictures, no PDF/X."""
    weasyprint.HTML(filename=str(html)).write_pdf(str(out))


def weasyprint_and_page_images(html: Path, out: Path, ppi: float) -> None:
    """The usual preview: WeasyPrint, then each page rasterised to WebP."""
    weasyprint_as_it_comes(html, out)
    with pypdfium2.PdfDocument(str(out)) as document:
        for number, page in enumerate(document):
            page.render(scale=ppi / 72).to_pil().save(out.with_suffix(f".{number}.webp"), quality=80)


def ghostscript_found() -> bool:
    """Whether Ghostscript is installed."""
    return shutil.which("gs") is not None


def weasyprint_then_ghostscript(html: Path, out: Path) -> None:
    """The usual road to CMYK (GOV.UK Notify, most web-to-print)."""
    rgb = out.with_suffix(".rgb.pdf")
    weasyprint_as_it_comes(html, rgb)
    subprocess.run(
        [
            "gs",
            "-q",
            "-dNOPAUSE",
            "-dBATCH",
            "-dSAFER",
            "-sDEVICE=pdfwrite",
            "-sColorConversionStrategy=CMYK",
            "-sProcessColorModel=DeviceCMYK",
            "-dCompatibilityLevel=1.6",
            f"-sOutputFile={out}",
            str(rgb),
        ],
        check=True,
        timeout=LIMIT_S,
        capture_output=True,
    )


def chromium_path() -> str | None:
    """Where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def chromium_prints(html: Path, out: Path) -> None:
    """`chromium --headless --print-to-pdf`: RGB, no bleed boxes, text black in three colours."""
    chromium = chromium_path()
    if chromium is None:
        raise FileNotFoundError("chromium")
    subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-pdf-header-footer",
            "--allow-file-access-from-files",
            f"--user-data-dir={out.parent / 'chromium'}",
            f"--print-to-pdf={out}",
            html.as_uri(),
        ],
        check=True,
        timeout=LIMIT_S,
        capture_output=True,
    )
