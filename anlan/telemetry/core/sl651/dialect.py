"""What a province or a maker adds to the standard, as a table: extended elements FF xx, function codes E0–FF.

With `STANDARD` an extended element is still read, since it tells its own length; only its name and unit are unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from anlan.telemetry.core.sl651.codes import FIRST_OWN, LAST_OWN
from anlan.telemetry.core.sl651.element_table import ELEMENTS, EXTENSION, Element


@dataclass(frozen=True)
class Dialect:
    """A mapping table: `elements` by code (FFxx, or one of 76–EF), `functions` own code → the code whose body it has.

    Raises:
        ValueError: a function code is the standard's own, or an element stands under another code.
    """

    elements: Mapping[int, Element] = field(default_factory=dict)
    functions: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code in self.functions:
            if not FIRST_OWN <= code <= LAST_OWN:
                raise ValueError(f"function code is {code:02X}, expected E0 to FF")
        for code, element in self.elements.items():
            if code != element.code or not (0x76 <= code <= 0xEF or code >> 8 == EXTENSION):
                raise ValueError(
                    f"element {element.code:02X} stands under {code:02X}, expected FF00 to FFFF or 76 to EF"
                )

    @cached_property
    def known(self) -> Mapping[int, Element]:
        """Return the elements of the standard and of this table, by code."""
        return {**ELEMENTS, **self.elements}

    @cached_property
    def by_symbol(self) -> Mapping[str, Element]:
        """Return the same by symbol in capitals, for frames of characters."""
        return {element.symbol.upper(): element for element in self.known.values()}

    @cached_property
    def binary_codes(self) -> frozenset[int]:
        """Return the added elements whose bytes are a whole number and no digits."""
        return frozenset(code for code, element in self.elements.items() if element.is_binary)

    def body_of(self, function: int) -> int:
        """Return the function code whose body a frame has."""
        return self.functions.get(function, function)


STANDARD = Dialect()
