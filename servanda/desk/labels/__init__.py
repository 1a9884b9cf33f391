"""Labels suggested by the machine, one or many at once, and the models behind them."""
