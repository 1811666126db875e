"""Money is whole fen (1/100 yuan) everywhere inside the system."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from anlan.kernel.refusal import Refusal

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


class BadAmount(Refusal):
    """The text is no amount of money."""


def fen_from_yuan(amount: Decimal | str | float) -> int:
    """Return whole fen, rounded half up.

    Raises:
        BadAmount: the amount is no finite number.
    """
    try:
        yuan = Decimal(str(amount).replace(",", ""))
    except InvalidOperation:
        raise BadAmount("%(text)s is no amount of money", text=amount) from None
    if not yuan.is_finite():
        raise BadAmount("%(text)s is no amount of money", text=amount)
    return int((yuan * FEN_PER_YUAN).to_integral_value(rounding=ROUND_HALF_UP))


def yuan_text(fen: int) -> str:
    """Return the amount in yuan with thousands separators: 1,234.50."""
    return f"{Decimal(fen) / FEN_PER_YUAN:,.2f}"


def wan_text(fen: int) -> str:
    """Return the amount in 10 000 yuan (万元): 12.35."""
    return f"{(Decimal(fen) / FEN_PER_WAN).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
