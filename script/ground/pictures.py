"""The letters of the documentation: printed from the demonstration, looked at page by page."""

import argparse
import shutil
import tempfile
from pathlib import Path

from . import paths
from .console import GroundError, run, say, step
from .demo import CUT_OFF, DATABASE, demo
from .prepare import prepare

PICTURES = paths.ADDON.parent / "docs" / "pictures" / "letters"
DOTS_PER_INCH = 76


def pictures(arguments):
    """Print the letters, and turn each page into a small picture."""
    options = _options(arguments)
    rasteriser = shutil.which("pdftoppm")
    if not rasteriser:
        raise GroundError("pdftoppm is missing: install the package poppler-utils.")
    demo(["--no-serve"])
    with tempfile.TemporaryDirectory() as temporary, prepare(needed=("wkhtmltopdf",)) as ground:
        folder = Path(temporary)
        with step("print the letters"):
            ground.inside("pictures.py", "print", folder, "-d", DATABASE, **CUT_OFF)
        with step("draw their pages"):
            for document in sorted(folder.glob("*.pdf")):
                run(
                    [rasteriser, "-r", DOTS_PER_INCH, "-png", document, document.with_suffix("")],
                    "pictures.log",
                    f"drawing {document.name}",
                )
            ground.inside("pictures.py", "shrink", folder, "-d", DATABASE)
        if options.keep_pdf:
            shutil.copytree(folder, options.keep_pdf, dirs_exist_ok=True)
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)
        for picture in sorted(folder.glob("*.png")):
            shutil.copy(picture, PICTURES)
    say(f"{len(list(PICTURES.iterdir()))} pages in {PICTURES}")
    return 0


def _options(arguments):
    parser = argparse.ArgumentParser(prog="script/pictures", description=__doc__)
    parser.add_argument("--keep-pdf", type=Path, help="a folder to leave the documents in, too")
    return parser.parse_args(arguments)
