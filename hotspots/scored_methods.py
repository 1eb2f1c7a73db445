"""Names of the methods that choose areas and are scored: this one, its baselines, and the best possible choice."""

METHOD = "this method"
DECIDED = "list with local decisions"
SQUARES = "last year on squares"
DENSITY = "kernel density"
HISTORY = "history cover"
RANDOM = "random"
# The best choice of circles with hindsight.
BEST = "best possible"
