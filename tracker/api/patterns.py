"""Patterns of texts, for the description: what the fields refuse anyway."""

NO_NUL = r"^[^\x00]*$"
# Something other than spaces. U+001C–001F and U+0085 are spaces to Python, not to JSON Schema.
WORDS = r"^[^\x00]*[^\s\x00\x1c-\x1f\x85][^\x00]*$"
