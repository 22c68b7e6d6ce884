"""Chance that comes out the same every time."""

from __future__ import annotations

import random


class Dice:
    """Chance in place of `secrets`: the same on every database.

    Each test has a `seed` of its own: a process keeps definitions by their round's code, which comes from here.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def token_hex(self, number: int) -> str:
        """Give random bytes as hex."""
        return self.chance.randbytes(number).hex()

    def choice(self, options):
        """Give one of these."""
        return self.chance.choice(options)
