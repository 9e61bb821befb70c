"""The documents tell what is there."""

from pathlib import Path

from lxml import etree

PROJECT = Path(__file__).resolve().parents[2]


def test_operations_name_each_scheduled_action():
    """Whoever looks after the server reads of everything that runs by itself."""
    text = (PROJECT / "docs" / "operations.md").read_text()
    actions = [
        record.findtext("field[@name='name']")
        for path in sorted((PROJECT / "recouvrement_creances" / "data").glob("*.xml"))
        for record in etree.parse(path).iter("record")
        if record.get("model") == "ir.cron"
    ]
    assert actions
    assert not [name for name in actions if f"| {name} |" not in text]
