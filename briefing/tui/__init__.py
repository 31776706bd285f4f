"""The reader: a Textual app; nothing above it but the hosts imports Textual widgets."""
