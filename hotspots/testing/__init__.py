"""Testing: does it work? Accuracy on periods not seen, and the backtest that measures it."""
