"""Cases: read one by name, and change its settings.

Public names: `Case`, `load_case`, `apply_settings`.
"""

from sim.policy.casefile import Case, load_case
from sim.policy.overrides import apply_settings

__all__ = ["Case", "apply_settings", "load_case"]
