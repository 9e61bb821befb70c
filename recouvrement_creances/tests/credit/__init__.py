from . import test_credit, test_insurance, test_insured
