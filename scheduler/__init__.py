"""When crawls run. Its rules are here; the clock, the dispatcher and `serve` move in."""
