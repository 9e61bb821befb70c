"""What speaks to the outside and needs no ORM."""
