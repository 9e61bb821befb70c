"""Tokens of the links that open a debtor's page: made, read back and compared here.

A token is never stored. It is worked out of a secret of the database and of a random text of the
link, so that every message can carry the same link; the link keeps only its SHA-256.
"""

import base64
import hashlib
import hmac
import re

# What stands in front of a token in the address of a debtor's page: it says nothing to somebody who
# sees the screen of a telephone. And in that of a file for a lawyer; it names no debtor.
DEBTOR_PATH = "/c/"
FILE_PATH = "/collection/file/"
# 24 letters of base 32 are 120 bits: nobody guesses one, and a person can still type it.
TOKEN_LENGTH = 24
GROUP_LENGTH = 4
ALPHABET = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")
# A token in a text, in groups or in one piece. Where a mail program broke the line between two
# groups, a mark of quoting stands before the rest; others put the whole address into one of theirs.
GROUP = rf"[a-z2-7]{{{GROUP_LENGTH}}}"
BREAK = r"(?:\s*\n(?:[\s>|]|&gt;)*)?"
IN_TEXT = re.compile(
    rf"(?:(?<![a-z0-9])|(?<=%2F))"
    rf"({GROUP}(?:-{BREAK}{GROUP}){{{TOKEN_LENGTH // GROUP_LENGTH - 1}}}|{ALPHABET.pattern})"
    rf"(?![a-z0-9])",
    re.IGNORECASE,
)


def make_token(secret, seed):
    """Return the token of a link: the same secret and seed always give the same one.

    :param str secret: known to the server only
    :param str seed: random, of the link alone

    >>> make_token("server", "seed") == make_token("server", "seed")
    True
    >>> make_token("server", "seed") == make_token("server", "other")
    False
    >>> len(make_token("server", "seed"))
    24
    """
    digest = hmac.new(secret.encode(), seed.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:TOKEN_LENGTH]


def show_token(token):
    """Return a token in groups, as it stands in an address that somebody may type.

    >>> show_token("abcdefghijklmnopqrstuvwx")
    'abcd-efgh-ijkl-mnop-qrst-uvwx'
    """
    groups = (token[start : start + GROUP_LENGTH] for start in range(0, len(token), GROUP_LENGTH))
    return "-".join(groups)


def read_token(text):
    """Return the token that somebody typed or clicked, or None for what cannot be one.

    >>> read_token("ABCD-efgh ijkl-mnop-qrst-uvwx")
    'abcdefghijklmnopqrstuvwx'
    >>> read_token("' OR 1=1 --") is None
    True
    >>> read_token(None) is None
    True
    """
    # The longest that can be meant: the groups with a sign between any two letters.
    compact = re.sub(r"[\s-]", "", (text or "")[: 2 * TOKEN_LENGTH]).lower()
    return compact if ALPHABET.fullmatch(compact) else None


def find_tokens(text):
    """Return what may be tokens in a text: whether they are, the database knows.

    >>> find_tokens("see /c/ABCD-efgh-ijkl-mnop-qrst-uvwx.")
    {'abcdefghijklmnopqrstuvwx'}
    >>> find_tokens("/c/abcd-efgh-\\n> ijkl-mnop-qrst-uvwx")
    {'abcdefghijklmnopqrstuvwx'}
    >>> find_tokens("%2Fc%2Fabcdefghijklmnopqrstuvwx&data")
    {'abcdefghijklmnopqrstuvwx'}
    >>> find_tokens("abcd-efgh-ijkl-mnop and abcdefghijklmnopqrstuvwxyz")
    set()
    """
    return {_compact(match[0]) for match in IN_TEXT.finditer(text)}


def replace_tokens(text, replacements):
    """Return a text with other words in the place of tokens.

    :param dict replacements: words by token; what is not in it stays

    >>> replace_tokens("x/ABCD-efgh-ijkl-mnop-qrst-uvwx.", {"abcdefghijklmnopqrstuvwx": "…"})
    'x/….'
    """
    return IN_TEXT.sub(lambda match: replacements.get(_compact(match[0]), match[0]), text)


def _compact(text):
    # What a broken line left between two groups goes with the signs between them.
    return re.sub(r"&gt;|[^a-z2-7]", "", text.lower())


def hash_token(token):
    """Return what is kept of a token: enough to know it again, not to find it out.

    >>> len(hash_token("abcdefghijklmnopqrstuvwx"))
    64
    """
    return hashlib.sha256(token.encode()).hexdigest()
