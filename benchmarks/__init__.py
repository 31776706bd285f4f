"""Measurements, each beside a floor or a peer taken in the same run; ``make bench``."""
