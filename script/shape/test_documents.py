"""The documents tell what is there."""

from pathlib import Path

import deadlines
import states
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


def test_architecture_shows_each_state_machine():
    """Whoever reads the page sees the states that there are; script/shape/states.py writes them."""
    machines = states.read_machines()
    assert len(machines) > 10
    text = states.PAGE.read_text()
    assert states.draw(machines) in text
    assert states.place(text, states.draw(machines)) == text


def test_a_changed_state_is_seen():
    """A state that the page does not know changes it."""
    machines = {("collection.hold", "Suspension"): {"open": {"release": "gone"}, "gone": {}}}
    table = states.draw(machines)
    row = "| `collection.hold` (Suspension) | open | release: gone |"
    assert f"{row}\n|  | gone | nothing |\n" in table
    page = f"# Page\n\n{states.HEADING}\nWords.\n\n| record |\n| old |\n\n## Next\n"
    assert states.place(page, table) == f"# Page\n\n{states.HEADING}\nWords.\n\n{table}\n## Next\n"


def test_law_shows_each_deadline():
    """Whoever checks the law reads every rule with its article; script/shape/deadlines.py does."""
    rules = deadlines.read_rules()
    assert len(rules) > 30
    text = deadlines.PAGE.read_text()
    assert deadlines.draw(rules) in text
    assert deadlines.place(text, deadlines.draw(rules)) == text


def test_law_names_each_article_of_litigation():
    """What a rule, a record or a paper relies on stands on the page, with what it says there."""
    cited = deadlines.find_cited()
    assert "L622-24" in cited
    named = set(deadlines.ARTICLE.findall(deadlines.PAGE.read_text()))
    assert not {article: path for article, path in cited.items() if article not in named}
