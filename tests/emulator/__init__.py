"""Tests of the bytes that reach a terminal, read by an emulator and by a strict list of sequences."""
