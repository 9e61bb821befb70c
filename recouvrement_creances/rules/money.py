"""Amounts: exact decimals in, amounts rounded half-up out."""

from decimal import ROUND_HALF_UP, Decimal


def to_decimal(value):
    """Return a Decimal from a Decimal, an int or a text; a float is refused, it is not exact.

    :raises TypeError: for a float or anything else

    >>> to_decimal("12.40")
    Decimal('12.40')
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        return Decimal(value)
    raise TypeError(f"An amount or rate is a Decimal, an int or a text, not {value!r}.")


def exact(amount, digits=2):
    """Return the exact number that a float amount shows with so many digits.

    >>> exact(0.1 + 0.2)
    Decimal('0.30')
    """
    return Decimal(f"{amount:.{digits}f}")


def round_half_up(amount, digits=2):
    """Round to a currency's digits; a half goes away from zero.

    >>> round_half_up(Decimal("17.665"))
    Decimal('17.67')
    """
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def split_exactly(amount, weights, digits=2):
    """Split an amount in proportion to weights; the parts add up to the amount to the cent.

    What rounding leaves over goes to the largest remainders, the first one among equals.

    :param Decimal amount: not negative, already rounded to ``digits``
    :param list weights: Decimals, none negative, their sum above zero

    >>> split_exactly(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
    """
    unit = Decimal(1).scaleb(-digits)
    total = sum(weights)
    exact = [amount * weight / total for weight in weights]
    parts = [part // unit * unit for part in exact]
    left_over = int((amount - sum(parts)) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_remainder[:left_over]:
        parts[index] += unit
    return parts
