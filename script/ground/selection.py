"""What a command line of pytest asks for, told from the files without running them.

It decides on the number of workers only, so being nearly right is enough.
"""

import argparse
import os
import re

from . import paths

# Somebody looks on, or what is run is known to pytest alone: one worker.
WATCHED = ("-s", "--capture=no", "--pdb", "--trace", "--lf", "--last-failed", "--sw", "--stepwise")
LISTING = ("-h", "--help", "--version", "--co", "--collect-only", "--fixtures", "--markers")
TEST = re.compile(r"^(?:class (\w+)|\s+def (test_\w+))", re.MULTILINE)
# Whose value is the next argument, and may be called as a file is.
VALUED = ("-k", "-m", "-n", "-p", "-c", "-o", "-W", "-r", "--deselect", "--ignore", "--rootdir")
WORD = re.compile(r"[^\s()]+")


def parse(arguments):
    """Return the number of workers if it is given, the words of -k, and the other arguments."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-n", "--numprocesses", dest="workers", type=_number)
    options, options.others = parser.parse_known_args(arguments)
    chooser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    chooser.add_argument("-k", dest="words", default="")
    chosen, rest = chooser.parse_known_args(options.others)
    options.words = chosen.words
    options.places = _find_places(rest)
    options.is_watched = bool({*WATCHED, *LISTING} & {*rest})
    return options


def is_place_named(arguments):
    """Tell whether a file, folder or test is named by its path."""
    pairs = zip(["", *arguments], arguments, strict=False)
    named = [each for former, each in pairs if former not in VALUED and not each.startswith("-")]
    return any((paths.PROJECT / each.partition("::")[0]).exists() for each in named)


def _number(text):
    """Read a number of workers; what pytest-xdist would find out itself is found out here."""
    return None if text in ("auto", "logical") else int(text)


def _find_places(arguments):
    """Return the (path, name of a class or test) that are named; all tests if none is."""
    named = [argument.partition("::") for argument in arguments if not argument.startswith("-")]
    found = [(paths.PROJECT / path, name) for path, _mark, name in named]
    return [(path, name) for path, name in found if path.exists()] or [(paths.ADDON, "")]


def count_tests(options):
    """Return {file: number of tests} of what the options choose."""
    counts = {}
    for place, name in options.places:
        files = [place] if place.is_file() else place.rglob("test_*.py")
        for path in files:
            number = sum(1 for test in _list_tests(path) if _is_chosen(test, name, options.words))
            if number:
                counts[path] = number
    return counts


def _list_tests(path):
    """Yield the path, class and method of each test, as one text."""
    current = ""
    for name, method in TEST.findall(path.read_text(encoding="utf-8")):
        current = name or current
        if method:
            yield f"{os.path.relpath(path, paths.PROJECT)}::{current}::{method}"


def _is_chosen(test, name, expression):
    """Tell whether a test is meant; words that are all wanted count as if any of them was."""
    if not test.partition("::")[2].startswith(name):
        return False
    words = set(WORD.findall(expression.lower()))
    if not words or "not" in words:
        return True
    return any(word in test.lower() for word in words - {"and", "or"})
