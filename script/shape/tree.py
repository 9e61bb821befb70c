"""Reading the files of an add-on: what the checks share."""

import ast
from pathlib import Path

from lxml import etree

DATA_FOLDERS = ("security", "data", "views", "wizards", "reports", "demo")


class Tree:
    """An add-on on disk."""

    def __init__(self, root):
        self.root = Path(root)

    def files(self, *suffixes, without=()):
        """Return the files with these suffixes, except below the named folders."""
        return [
            path
            for path in sorted(self.root.rglob("*"))
            if path.suffix in suffixes
            and path.is_file()
            and not set(without).intersection(path.relative_to(self.root).parts)
        ]

    def show(self, path, line=None):
        """Name a place the way editors understand it."""
        name = Path(path).relative_to(self.root).as_posix()
        return f"{name}:{line}" if line else name

    def manifest(self):
        """Return the manifest's content."""
        return ast.literal_eval((self.root / "__manifest__.py").read_text(encoding="utf-8"))

    def modules(self, without=()):
        """Yield (path, syntax tree) of the Python files."""
        for path in self.files(".py", without=without):
            yield path, ast.parse(path.read_text(encoding="utf-8"))

    def models(self):
        """Yield (path, class, {attribute: value}) of each class that makes or extends a model."""
        for path, module in self.modules(without=("tests", "migrations")):
            for node in module.body:
                if isinstance(node, ast.ClassDef):
                    attributes = model_attributes(node)
                    if attributes:
                        yield path, node, attributes

    def records(self):
        """Yield (path, element) of the records, menus and templates in the XML data."""
        for path in self.files(".xml", without=("static", "tests")):
            if path.relative_to(self.root).parts[0] in DATA_FOLDERS:
                for element in etree.parse(str(path)).getroot().iter("record", "menuitem"):
                    yield path, element


def model_attributes(node):
    """Return the `_name` and `_inherit` a class body sets to literals."""
    found = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if name in ("_name", "_inherit"):
                found[name] = _literal(statement.value)
    return found


def _literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
