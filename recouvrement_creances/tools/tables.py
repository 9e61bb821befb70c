"""How a table that people hand in as a CSV file is read, whoever wrote it."""

import csv
import io

SEPARATORS = ";,\t"


def decode(content):
    """Return the text of a file, in UTF-8 or as Windows writes it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_table(content):
    r"""Return (names of its columns, rows as {name: value}) of a CSV file.

    With any usual separator and end of lines.

    :param bytes content: of the file
    :raises ValueError: it is another kind of file, such as a workbook

    >>> read_table("Code postal;Greffe\r69170;L\xe9on\r".encode("cp1252"))
    (['Code postal', 'Greffe'], [{'Code postal': '69170', 'Greffe': 'Léon'}])
    >>> read_table(b"PK\x03\x04\x14\x00")
    Traceback (most recent call last):
    ...
    ValueError: no text
    """
    if b"\0" in content:
        raise ValueError("no text")
    text = decode(content)
    lines = text.splitlines()
    separator = max(SEPARATORS, key=(lines[0] if lines else "").count)
    rows = csv.DictReader(io.StringIO(text, newline=None), delimiter=separator)
    try:
        return list(rows.fieldnames or ()), list(rows)
    except csv.Error as error:
        raise ValueError(str(error)) from error
