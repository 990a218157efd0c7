"""Hold the model against published evaluations: trials, the worlds that repeat them, and their measures."""
