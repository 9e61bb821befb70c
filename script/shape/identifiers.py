"""External ids: who knows the model knows the id of its views, actions, menus and rules."""

import csv
import re

VIEWS = "form|list|kanban|search|pivot|graph|calendar|activity"
PATTERNS = {
    "res.groups": r"group_[a-z0-9_]+",
    "ir.cron": r"ir_cron_[a-z]+_[a-z0-9_]+",
    "mail.template": r"mail_template_[a-z0-9_]+",
    "ir.ui.menu": r"[a-z0-9_]+_menu(_[a-z0-9_]+)?",
}


def external_ids_follow_the_patterns(tree):
    """`<model>_view_form`, `<model>_action`, `<model>_rule_<group>`, `group_<role>` ..."""
    found = []
    for path, element in tree.records():
        identifier = element.get("id") or ""
        pattern = _pattern(element)
        if pattern and "." not in identifier and not re.fullmatch(pattern, identifier):
            place = tree.show(path, element.sourceline)
            found.append(f"{place}: {identifier} should be like {pattern}")
    return found


def access_ids_follow_the_pattern(tree):
    """`access_<model>_<group>` in ir.model.access.csv."""
    found = []
    for path in tree.files(".csv"):
        if path.name != "ir.model.access.csv":
            continue
        with open(path, newline="", encoding="utf-8") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                model = row["model_id:id"].rpartition(".")[2].removeprefix("model_")
                if not re.fullmatch(rf"access_{model}(_[a-z0-9_]+)?", row["id"]):
                    place = tree.show(path, number)
                    found.append(f"{place}: {row['id']} should be like access_{model}_<group>")
    return found


def _pattern(element):
    """Return the pattern for the id of a record, or None where any id will do."""
    if element.tag == "menuitem":
        return PATTERNS["ir.ui.menu"]
    model = element.get("model")
    if model == "ir.ui.view":
        name = _text(element, "model")
        return name and rf"{_flat(name)}_view_({VIEWS})(_[a-z0-9_]+)?"
    if model == "ir.actions.act_window":
        name = _text(element, "res_model")
        return name and rf"{_flat(name)}_action(_[a-z0-9_]+)?"
    if model == "ir.rule":
        reference = element.find("field[@name='model_id']")
        name = reference is not None and (reference.get("ref") or "").rpartition(".")[2]
        return name and rf"{name.removeprefix('model_')}_rule_[a-z0-9_]+"
    return PATTERNS.get(model)


def _text(element, field):
    return (element.findtext(f"field[@name='{field}']") or "").strip()


def _flat(model):
    return model.replace(".", "_")
