"""Patterns of texts, for the description: what the fields refuse anyway."""

NO_NUL = r"^[^\x00]*$"
WORDS = r"^[^\x00]*[^\s\x00][^\x00]*$"  # something other than spaces
