"""Which confidence gives the precision wanted: looked up in what was measured for the shipped models."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.errors import SettingsError

__all__ = ["SHIPPED", "Calibration"]

SHIPPED = Path(__file__).parents[1] / "models" / "reader" / "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Rows of (threshold, precision, coverage), thresholds rising.

    ``precision`` is the share of answers with a cited sentence that holds the answer, among all questions answered from
    that confidence; ``coverage`` the share of the answerable questions that are answered so.
    """

    rows: tuple[tuple[float, float, float], ...]

    @staticmethod
    @cache
    def shipped() -> Calibration:
        """What ``training/reader/calibrate.py`` measured for the shipped models."""
        stored = json.loads(SHIPPED.read_text(encoding="utf-8"))
        return Calibration(tuple((threshold, precision, coverage) for threshold, precision, coverage in stored["rows"]))

    def threshold(self, precision: float) -> float:
        """The lowest confidence from which answers are right that often, there and at every higher one.

        Raises:
            SettingsError: no confidence gives that precision.
        """
        found = None
        for threshold, reached, _ in reversed(self.rows):
            if reached < precision:
                break
            found = threshold
        if found is None:
            reached = math.floor(self.rows[-1][1] * 100) / 100
            raise SettingsError(
                f"TANYA_PRECISION is {precision:g}, and the shipped models reach {reached:g}; set that or less"
            )
        return found
