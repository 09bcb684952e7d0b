"""The precision wanted -> the confidence from which questions are answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.calibration import Calibration
from assistant.settings import Settings
from index.errors import SettingsError

ROWS = ((0.0, 0.4, 0.9), (0.3, 0.7, 0.8), (0.5, 0.65, 0.6), (0.7, 0.8, 0.5), (0.9, 0.95, 0.2))


def test_the_lowest_confidence_that_is_right_often_enough_there_and_above() -> None:
    calibration = Calibration(ROWS)
    assert calibration.threshold(0.4) == 0.0
    assert calibration.threshold(0.65) == 0.3
    assert calibration.threshold(0.7) == 0.7  # .3 reaches it too, but .5 does not
    assert calibration.threshold(0.95) == 0.9


def test_a_precision_out_of_reach_says_what_is_in_reach() -> None:
    with pytest.raises(SettingsError, match=r"TANYA_PRECISION is 0\.99.*reach 0\.95"):
        Calibration(ROWS).threshold(0.99)


@given(st.floats(0, 0.95), st.floats(0, 0.95))
def test_more_precision_never_takes_less_confidence(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert Calibration(ROWS).threshold(low) <= Calibration(ROWS).threshold(high)


def test_the_shipped_table_is_complete() -> None:
    rows = Calibration.shipped().rows
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert all(0 <= precision <= 1 and 0 <= coverage <= 1 for _, precision, coverage in rows)
    assert rows[-1][1] > rows[0][1]


def test_confidence_and_precision_exclude_each_other() -> None:
    assert Settings.from_env({"TANYA_PRECISION": "0.8"}).precision == 0.8
    with pytest.raises(SettingsError, match="both set"):
        Settings(confidence=0.5, precision=0.8)
    with pytest.raises(SettingsError, match="TANYA_PRECISION"):
        Settings.from_env({"TANYA_PRECISION": "95"})
