"""Import jsonschema, which notebooks and charts check themselves with, without its checker of addresses.

On import that checker builds a grammar of international addresses (RFC 3987), which takes a second in the
command and a second in the notebook's kernel. No notebook or chart of ours has such an address, and
jsonschema leaves out a checker that it cannot import.

Public name: `import_jsonschema`.
"""

import importlib
import sys

_SLOW = "rfc3987_syntax"


def import_jsonschema() -> None:
    """Import jsonschema quickly; do nothing where it, or the checker, has been imported already."""
    if "jsonschema" in sys.modules or _SLOW in sys.modules:
        return
    sys.modules[_SLOW] = None  # type: ignore[assignment]  # Python's own mark of a module that is not there
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[_SLOW]
