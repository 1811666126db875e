"""Types of the arrays that the core computes with; docs/glossary.md tells the letters of their shapes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]  # float64, or float32 where the answer allows
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
