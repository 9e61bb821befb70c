"""The numbers of documents, by journal and year, after those that exist."""


def number_documents(cr, documents, get_move):
    """Give (prefix, number, name) to each document in date order, after those that exist.

    :param get_move: function that returns the prototype move, a dict, of a document
    """
    last, names = {}, [None] * len(documents)
    for index in sorted(range(len(documents)), key=lambda one: (documents[one].day, one)):
        move = get_move(documents[index])
        prefix = f"{move['sequence_prefix'].rsplit('/', 2)[0]}/{documents[index].day.year}/"
        key = (move["journal_id"], prefix)
        if key not in last:
            cr.execute(
                "SELECT max(sequence_number) FROM account_move "
                "WHERE journal_id = %s AND sequence_prefix = %s",
                key,
            )
            last[key] = cr.fetchone()[0] or 0
        last[key] += 1
        names[index] = (prefix, last[key], f"{prefix}{last[key]:05d}")
    return names
