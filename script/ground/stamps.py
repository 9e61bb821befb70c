"""Stamps: a short hash of all that a result depends on, to know whether it can be reused."""

import hashlib
import json

# Files of an add-on that an installed database does not hold: changing them asks no new install.
NOT_INSTALLED = {"tests", "rules", "static", "doc", "docs", "__pycache__"}


def stamp(*parts):
    """Hash values (anything JSON can write) into a short name."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def installed_files_stamp(folder):
    """Hash the files of an add-on that end up in the database or change its tables."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if NOT_INSTALLED.intersection(inside.parts) or path.suffix in (".md", ".pyc"):
            continue
        if path.is_file():
            digest.update(f"{inside}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def is_done(path, value):
    """Tell whether the stamp file holds this value."""
    return path.is_file() and path.read_text().strip() == value


def mark_done(path, value):
    """Write the stamp file; last thing after the work it vouches for."""
    path.write_text(value + "\n")
