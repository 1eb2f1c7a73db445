"""Testing: accuracy of lists on periods not seen, backtests and calibration."""
