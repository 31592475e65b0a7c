"""What the model reckons with: one figure, or one for each case that was drawn."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.float64]
"""A figure in each case: one of them where everything is at its likely value."""
