"""Fuzzing of whatever reads what strangers wrote: the loader, the sanitiser and the query parser."""
