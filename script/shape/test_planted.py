"""Each rule of the shape finds what breaks it, and nothing in a tree that keeps it."""

import textwrap

import pytest
from test_shape import rules
from tree import Tree

GOOD = {
    "__manifest__.py": """
        {
            "name": "x",
            "data": ["security/ir.model.access.csv", "views/case/collection_case_views.xml"],
            "assets": {"web.assets_backend": ["addon/static/src/**/*"]},
        }
        """,
    "static/src/a.js": "export const a = 1;",
    "security/ir.model.access.csv": """
        id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink
        access_collection_case_reader,x,model_collection_case,group_reader,1,0,0,0
        """,
    "views/case/collection_case_views.xml": """
        <odoo>
            <record id="collection_case_view_form" model="ir.ui.view">
                <field name="model">collection.case</field>
            </record>
            <record id="collection_case_action" model="ir.actions.act_window">
                <field name="res_model">collection.case</field>
            </record>
            <record id="collection_case_rule_company" model="ir.rule">
                <field name="model_id" ref="model_collection_case"/>
            </record>
            <menuitem id="collection_case_menu"/>
        </odoo>
        """,
    "models/case/collection_case.py": '''
        import re

        class CollectionCase(models.Model):
            """A case."""

            _name = "collection.case"
            _inherit = ["mail.thread"]
            partner_id = fields.Many2one("res.partner")

            def open(self):
                """Open them."""
                for case in self.search([]):
                    re.search("a", case.name)
                    # one query per case: there is never more than one
                    self.search([])
                return [case.id for case in self.search([])]
        ''',
    "models/extended/res_partner.py": '''
        class ResPartner(models.Model):
            """Partners."""

            _inherit = "res.partner"
            case_ids = fields.One2many("collection.case", "partner_id")
        ''',
    "rules/interest.py": '"""Interest."""\n',
    "tests/case/test_case.py": "def test_a():\n    pass\n",
}
VIEW = "views/case/collection_case_views.xml"
CASE = "models/case/collection_case.py"


def record(identifier, model, fields=""):
    """Return an XML data file with one record."""
    return f'<odoo><record id="{identifier}" model="{model}">{fields}</record></odoo>'


FIELD = '<field name="{}">collection.case</field>'
RULE = '<field name="model_id" ref="model_collection_case"/>'
CLASS = 'class A(models.Model):\n    """A."""\n\n    {}\n'

# rule, file, content (None: the file is missing)
PLANTED = [
    ("manifest_equals_disk", VIEW, None),
    ("manifest_equals_disk", "views/case/other_views.xml", "<odoo/>"),
    ("manifest_equals_disk", "data/other.csv", "id\n"),
    ("assets_exist", "static/src/a.js", None),
    ("test_file_names_are_unique", "tests/contact/test_case.py", ""),
    ("files_are_short", "models/case/long.py", "a = 1\n" * 401),
    ("files_are_short", "views/case/long.xml", "<odoo>" + "\n" * 401 + "</odoo>"),
    ("functions_are_short", "hooks.py", "def a():\n" + "    b()\n" * 40),
    ("no_query_in_a_loop", "hooks.py", "for a in b:\n    a.search([])\n"),
    ("no_query_in_a_loop", "hooks.py", "for a in b:\n    env.cr.execute('')\n"),
    ("no_query_in_a_loop", "hooks.py", "while a:\n    a._read_group([])\n"),
    ("no_query_in_a_loop", "hooks.py", "c = [a.search_count([]) for a in b]\n"),
    ("no_query_in_a_loop", "hooks.py", "c = {a: a.search([]) for a in b}\n"),
    ("words_are_outside_of_f_strings", "hooks.py", "a = f\"{env._('Word')}.pdf\"\n"),
    ("model_files_are_named_after_models", CASE, CLASS.format('_name = "collection.item"')),
    ("model_files_are_named_after_models", CASE, CLASS.format('_inherit = "res.company"')),
    ("one_model_per_file", CASE, 2 * CLASS.format('_name = "collection.case"')),
    ("one_class_per_extended_model", CASE, CLASS.format('_inherit = "res.partner"')),
    (
        "relational_fields_are_named_after_their_kind",
        CASE,
        CLASS.format('_name = "collection.case"\n    partner = fields.Many2one("res.partner")'),
    ),
    (
        "relational_fields_are_named_after_their_kind",
        CASE,
        CLASS.format('_name = "collection.case"\n    item_id = fields.One2many("a", "b")'),
    ),
    ("docstrings_are_there", "hooks.py", "class A:\n    pass\n"),
    (
        "docstrings_are_there",
        "hooks.py",
        'class _A:\n    """A."""\n    def b(self):\n        c()\n',
    ),
    ("docstrings_are_there", "hooks.py", "def a():\n    pass\n"),
    ("rules_are_pure", "rules/a.py", "from odoo import fields\n"),
    ("rules_are_pure", "rules/a.py", "a = date.today()\n"),
    ("sub_folders_have_the_same_names", "views/other/a.xml", "<odoo/>"),
    ("sub_folders_have_the_same_names", "models/other/a.py", ""),
    ("nothing_is_left_over", "hooks.py", "print(1)\n"),
    ("nothing_is_left_over", "static/src/a.js", "// TODO later"),
    ("nothing_is_left_over", "views/case/a.xml", "<<<<<<< HEAD\n"),
    (
        "external_ids_follow_the_patterns",
        VIEW,
        record("view_case", "ir.ui.view", FIELD.format("model")),
    ),
    (
        "external_ids_follow_the_patterns",
        VIEW,
        record("action_case", "ir.actions.act_window", FIELD.format("res_model")),
    ),
    ("external_ids_follow_the_patterns", VIEW, record("rule_case", "ir.rule", RULE)),
    ("external_ids_follow_the_patterns", VIEW, record("reader", "res.groups")),
    ("external_ids_follow_the_patterns", VIEW, record("cron", "ir.cron")),
    ("external_ids_follow_the_patterns", VIEW, record("mail_reminder", "mail.template")),
    ("external_ids_follow_the_patterns", VIEW, '<odoo><menuitem id="root"/></odoo>'),
    (
        "access_ids_follow_the_pattern",
        "security/ir.model.access.csv",
        "id,model_id:id\ncase_access,model_collection_case\n",
    ),
]


def plant(folder, files):
    """Write files into an add-on called `addon` and return it."""
    root = folder / "addon"
    for name, content in files.items():
        if content is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
    return Tree(root)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_keeps_quiet_when_nothing_is_wrong(rule, tmp_path):
    """The good tree breaks no rule."""
    assert rule(plant(tmp_path, GOOD)) == []


@pytest.mark.parametrize(("name", "file", "content"), PLANTED)
def test_finds_what_is_planted(name, file, content, tmp_path):
    """One wrong file in the good tree is found by its rule, and only once."""
    rule = next(rule for rule in rules() if rule.__name__ == name)
    assert len(rule(plant(tmp_path, {**GOOD, file: content}))) == 1


def test_every_rule_is_planted():
    """No rule without a proof that it can fail."""
    assert {rule.__name__ for rule in rules()} == {name for name, _file, _content in PLANTED}
