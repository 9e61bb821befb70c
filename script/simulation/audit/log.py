"""Nothing complains in the log."""

from .finding import Finding


def check(books):
    """Yield each line of the day's log that is a warning or worse."""
    for line in books.day.log:
        yield Finding("log is quiet", str(books.date), "no warning and no error", line.strip())
