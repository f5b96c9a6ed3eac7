"""When crawls run. The clock, the dispatcher and `serve` move in here."""
