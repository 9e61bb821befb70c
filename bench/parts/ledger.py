"""Fill a database with a generated ledger, and verify a sample of it."""

import sys
from datetime import date

from ..ledger import generator
from ..ledger.settings import Settings
from ..measure import Recorder


def run(env, parameters):
    """Generate the ledger that the parameters describe."""
    sample = parameters.pop("sample", 30)
    settings = Settings(
        **{**parameters, "today": date.fromisoformat(parameters["today"])},
    )
    recorder = Recorder("generator")
    with recorder.measure(env, "generate") as figures:
        figures.update(generator.generate(env, settings))
    wrong = generator.verify(env, settings, sample) if sample else []
    if wrong:
        sys.exit("\n".join(["The generated ledger is not what Odoo would have written:", *wrong]))
    return recorder.rows
