"""The dress rehearsal of a round: synthetic people answer a copy of it by both channels, in a time of its own.

Nothing of it touches the service's database or anybody's phone. The same seed gives the same report, byte for byte.
"""
