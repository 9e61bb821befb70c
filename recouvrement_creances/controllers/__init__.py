from . import health
from . import custody
