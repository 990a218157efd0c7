"""Scheduling in Mesa 3.5, as far as it is used here."""

from enum import IntEnum

class Priority(IntEnum):
    LOW = 10
    DEFAULT = 5
    HIGH = 1
