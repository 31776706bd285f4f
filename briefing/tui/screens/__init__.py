"""Screens: each owns the state of what it shows and hands it down to its widgets."""
