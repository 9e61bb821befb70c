"""The shape of the add-on: each check returns what it found wrong, one text per place."""

import ast
import re
from collections import defaultdict

from tree import DATA_FOLDERS

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
QUERIES = {
    "execute",
    "formatted_read_group",
    "search",
    "search_count",
    "search_fetch",
    "search_read",
    "_read_group",
    "_search",
}
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
PER_ITEM = "one query per"  # a comment with these words on the line or above it gives the reason


def manifest_equals_disk(tree):
    """Every file the manifest names exists, and every data file on disk is named."""
    manifest = tree.manifest()
    named = [*manifest.get("data", []), *manifest.get("demo", [])]
    found = [f"__manifest__.py: {name} does not exist" for name in named if not _exists(tree, name)]
    twice = sorted({name for name in named if named.count(name) > 1})
    found += [f"__manifest__.py: {name} is named twice" for name in twice]
    for path in tree.files(".xml", ".csv", without=("static", "tests", "rules")):
        inside = path.relative_to(tree.root)
        if inside.parts[0] in DATA_FOLDERS and inside.as_posix() not in named:
            found.append(f"{tree.show(path)}: the manifest does not name it")
    return found


def _exists(tree, name):
    return (tree.root / name).is_file()


def assets_exist(tree):
    """Every pattern of the manifest's assets that is ours matches a file."""
    own = f"{tree.root.name}/"
    found = []
    for bundle, entries in tree.manifest().get("assets", {}).items():
        for entry in entries:
            pattern = entry if isinstance(entry, str) else entry[-1]
            if pattern.startswith(own) and not any(tree.root.glob(pattern[len(own) :])):
                found.append(f"__manifest__.py: {bundle}: {pattern} matches no file")
    return found


def test_file_names_are_unique(tree):
    """Odoo's loader keeps one of two test files of the same name, silently."""
    places = defaultdict(list)
    for path in tree.files(".py"):
        if path.name.startswith("test_") and "tests" in path.relative_to(tree.root).parts:
            places[path.name].append(tree.show(path))
    return [f"{' and '.join(same)}: same name" for same in places.values() if len(same) > 1]


def files_are_short(tree):
    """No source file is longer than a reader's patience."""
    found = []
    for path in tree.files(".py", ".xml", ".js", ".scss", without=("lib",)):
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > LONGEST_FILE:
            found.append(f"{tree.show(path)}: {length} lines (at most {LONGEST_FILE})")
    return found


def functions_are_short(tree):
    """No function is longer than a screen."""
    found = []
    for path, module in tree.modules():
        for node in ast.walk(module):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    place = tree.show(path, node.lineno)
                    found.append(f"{place}: {node.name}: {length} lines (at most 40)")
    return found


def no_query_in_a_loop(tree):
    """A query inside a loop costs one round trip per turn; group, or say why not.

    A comment "one query per company: ..." on the line or the one above is accepted.
    """
    found = []
    for path, module in tree.modules(without=("tests",)):
        lines = path.read_text(encoding="utf-8").splitlines()
        for call in sorted(_looped_queries(module), key=lambda node: node.lineno):
            if not any(PER_ITEM in line for line in lines[max(call.lineno - 2, 0) : call.lineno]):
                found.append(f"{tree.show(path, call.lineno)}: {call.func.attr}() inside a loop")
    return found


def words_are_outside_of_f_strings(tree):
    """What is to be translated inside an f-string is not exported: it stays English for good."""
    found = set()
    for path, module in tree.modules(without=("tests",)):
        for text in (node for node in ast.walk(module) if isinstance(node, ast.JoinedStr)):
            found.update(
                f"{tree.show(path, text.lineno)}: words to translate inside an f-string"
                for node in ast.walk(text)
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "_"
            )
    return sorted(found)


def _looped_queries(module):
    found = set()
    for loop in (node for node in ast.walk(module) if isinstance(node, LOOPS)):
        for part in _repeated(loop):
            found.update(node for node in ast.walk(part) if _is_query(node))
    return found


def _repeated(loop):
    """Return the parts of a loop that run at every turn; what it runs over is read once."""
    if isinstance(loop, ast.For):
        return loop.body
    if isinstance(loop, ast.While):
        return [loop.test, *loop.body]
    first, *others = loop.generators
    result = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    return [*result, *first.ifs, *others]


def _is_query(node):
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    is_regular_expression = isinstance(owner, ast.Name) and (owner.id == "re" or owner.id.isupper())
    return node.func.attr in QUERIES and not is_regular_expression


def model_files_are_named_after_models(tree):
    """A model is found by its name: `collection.case` in collection_case.py."""
    found = []
    for path, node, attributes in tree.models():
        name = attributes.get("_name") or attributes.get("_inherit")
        if isinstance(name, str) and path.stem != name.replace(".", "_"):
            found.append(f"{tree.show(path, node.lineno)}: {name} belongs in its own file")
    return found


def one_model_per_file(tree):
    """A file makes or extends one model."""
    places = defaultdict(list)
    for path, node, _attributes in tree.models():
        places[path].append(node.name)
    return [
        f"{tree.show(path)}: {', '.join(names)}" for path, names in places.items() if len(names) > 1
    ]


def one_class_per_extended_model(tree):
    """All that is added to a model of others stands in one place."""
    places = defaultdict(list)
    for path, node, attributes in tree.models():
        inherited = attributes.get("_inherit")
        if isinstance(inherited, str) and attributes.get("_name", inherited) == inherited:
            places[inherited].append(tree.show(path, node.lineno))
    return [f"{name}: {', '.join(same)}" for name, same in places.items() if len(same) > 1]


def relational_fields_are_named_after_their_kind(tree):
    """A many2one ends in _id, what holds several records in _ids."""
    endings = {"Many2one": "_id", "One2many": "_ids", "Many2many": "_ids"}
    found = []
    for path, model, _attributes in tree.models():
        for node in model.body:
            ending = endings.get(_field_kind(node))
            if ending and not node.targets[0].id.endswith(ending):
                place = tree.show(path, node.lineno)
                found.append(f"{place}: {node.targets[0].id} should end in {ending}")
    return found


def _field_kind(node):
    """Return the class of the field a statement defines, or None."""
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
        return None
    function = node.value.func
    is_field = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return function.attr if is_field and function.value.id == "fields" else None


def docstrings_are_there(tree):
    """Every module of rules, class, and public function says what it is for or promises."""
    found = []
    for path, module in tree.modules(without=("tests", "migrations")):
        for node in ast.walk(module):
            for part in _documented_parts(node):
                if not ast.get_docstring(part):
                    place = tree.show(path, part.lineno)
                    found.append(f"{place}: {part.name} has no docstring")
    return found


def _documented_parts(node):
    if not isinstance(node, (ast.Module, ast.ClassDef)):
        return []
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [part for part in node.body if isinstance(part, kinds) and not _is_private(part)]


def _is_private(node):
    return not isinstance(node, ast.ClassDef) and node.name.startswith("_")


def rules_are_pure(tree):
    """The rules know neither Odoo nor today: they take what they need as parameters."""
    found = []
    for path in tree.files(".py"):
        if path.relative_to(tree.root).parts[0] == "rules":
            text = path.read_text(encoding="utf-8")
            for number, line in enumerate(text.splitlines(), 1):
                if re.search(r"^\s*(import|from) odoo\b|\.today\(\)|\.now\(|utcnow\(", line):
                    found.append(f"{tree.show(path, number)}: {line.strip()}")
    return found


def sub_folders_have_the_same_names(tree):
    """Whoever finds a model finds its views and tests: the sub-folders are called the same."""
    models = _sub_folders(tree, "models")
    known = models | {"portal", "extended"}
    views = sorted(_sub_folders(tree, "views") - known)
    untested = sorted(models - _sub_folders(tree, "tests") - {"mixins", "extended"})
    return [
        *(f"views/{name}: there is no models/{name}" for name in views),
        *(f"models/{name}: there is no tests/{name}" for name in untested),
    ]


def _sub_folders(tree, name):
    folder = tree.root / name
    if not folder.is_dir():
        return set()
    return {path.name for path in folder.iterdir() if any(path.glob("*.*"))}


def nothing_is_left_over(tree):
    """No forgotten print, debugger, conflict marker or unfinished note."""
    pattern = re.compile(r"^\s*print\(|\bTODO\b|\bFIXME\b|\bXXX\b|\bbreakpoint\(|^(<{7}|>{7}) ")
    found = []
    for path in tree.files(".py", ".xml", ".js", ".scss", ".csv", without=("lib",)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{tree.show(path, number)}: {line.strip()}")
    return found
