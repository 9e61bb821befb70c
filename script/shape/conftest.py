"""The shape tests need neither Odoo nor a database."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
