"""Say what an experiment shows, in numbers, sentences, charts and pages no stronger than its intervals."""
