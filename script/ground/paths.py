"""Where everything lies. All that is made lies in one ignored folder of the project."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "script"
REQUIREMENTS = SCRIPT / "requirements.txt"
INSIDE = SCRIPT / "ground" / "inside"

GROUND = Path(os.environ.get("GROUND_FOLDER") or PROJECT / ".ground").absolute()
ENVIRONMENT = GROUND / "venv"
ODOO = GROUND / "odoo"
DOWNLOADS = GROUND / "downloads"
POSTGRES = GROUND / "postgres"
DATA = GROUND / "data"
LOGS = GROUND / "logs"
LOCKS = GROUND / "locks"
DEMO = GROUND / "demo"

ADDON = PROJECT / "recouvrement_creances"
# Install themselves beside the add-on and one of Odoo's.
COMPANIONS = (PROJECT / "recouvrement_creances_sale",)


def make_folders():
    """Create the folders that others write into."""
    for folder in (GROUND, DOWNLOADS, DATA, LOGS, LOCKS, DEMO):
        folder.mkdir(parents=True, exist_ok=True)
