"""One file per lever; `registry` finds them by name."""
