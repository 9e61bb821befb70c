"""Measurements of the add-on beside its peer and beside a floor, on large realistic ledgers."""
