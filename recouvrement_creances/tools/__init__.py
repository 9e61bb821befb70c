"""What needs no ORM: speaking to the outside, and what buttons answer."""
