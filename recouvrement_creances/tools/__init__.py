"""What needs no ORM: speaking to the outside, what buttons answer, how days are written and what
is told record by record.
"""
