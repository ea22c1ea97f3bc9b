"""Student's t: how much wider than a normal's a range is when its spread is known from few cases."""

from __future__ import annotations

Z80, Z95 = 1.2815515655, 1.9599639845  # of a normal's middle 80 % and 95 %


def student(z: float, freedom: float) -> float:
    """Student's t at the normal quantile z (Hill 1970, Cornish-Fisher series; within 2 % from 3 degrees of freedom on)."""
    one = (z**3 + z) / 4
    two = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    three = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + one / freedom + two / freedom**2 + three / freedom**3
