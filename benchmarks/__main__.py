"""``python -m benchmarks`` is the same as ``samspel bench``."""

import sys

from sim.cli import main

if __name__ == "__main__":
    sys.exit(main(["bench", *sys.argv[1:]]))
