"""Law and arithmetic in plain Python: no ORM, no database, no "today"."""
