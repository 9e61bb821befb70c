"""Merges exported terms into a translation.

Usage: translation.py EXPORTED.pot TERMS.pot TRANSLATION.po MODULE

The files depend on the terms alone: no date, no name of a person or of a machine, so that a
second run changes nothing. Translations of terms that are gone are removed; they are printed
beside the new term that resembles them, as a term is more often reworded than dropped.
"""

import difflib
import sys
from pathlib import Path

import polib

RESEMBLANCE = 0.6
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
LANGUAGE = {"Language": "fr", "Plural-Forms": "nplurals=2; plural=(n > 1);"}


def main(exported, terms, translation, module):
    """Write both files; return 1 while the translation is not complete."""
    entries = sorted(polib.pofile(exported), key=lambda entry: entry.msgid)
    old = _read(translation)
    _write(terms, f"Terms of {module}.", {"Project-Id-Version": module, **HEADER}, entries)
    merged = [_translated(entry, old.get(entry.msgid)) for entry in entries]
    header = {"Project-Id-Version": module, **LANGUAGE, **HEADER}
    _write(translation, f"French translation of {module}.", header, merged)
    return _report(merged, old)


def _read(path):
    return {entry.msgid: entry for entry in polib.pofile(path)} if Path(path).exists() else {}


def _translated(entry, old):
    return polib.POEntry(
        msgid=entry.msgid,
        msgstr=old.msgstr if old else "",
        flags=[flag for flag in old.flags if flag == "fuzzy"] if old else [],
        tcomment=old.tcomment if old else "",
        comment=entry.comment,
        occurrences=entry.occurrences,
    )


def _write(path, title, metadata, entries):
    catalogue = polib.POFile()
    catalogue.header = title
    catalogue.metadata = metadata
    catalogue.extend(entries)
    catalogue.save(path)


def _report(merged, old):
    """Print what a translator has to do."""
    untranslated = [entry.msgid for entry in merged if not entry.msgstr]
    fuzzy = [entry.msgid for entry in merged if entry.fuzzy]
    gone = {
        msgid: entry.msgstr
        for msgid, entry in old.items()
        if entry.msgstr and (entry.obsolete or msgid not in {entry.msgid for entry in merged})
    }
    for msgid in untranslated:
        print(f"untranslated: {msgid!r}")
        for near in difflib.get_close_matches(msgid, gone, 1, RESEMBLANCE):
            print(f"  formerly {near!r}: {gone[near]!r}")
    for msgid in fuzzy:
        print(f"to be checked: {msgid!r}")
    for msgid, text in gone.items():
        print(f"removed: {msgid!r}: {text!r}")
    print(
        f"{len(merged)} terms: {len(untranslated)} untranslated, {len(fuzzy)} fuzzy, "
        f"{len(gone)} obsolete removed."
    )
    return 1 if untranslated or fuzzy else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
