from . import test_rate
