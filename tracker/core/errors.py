"""Errors that a person is meant to read: what is wrong, where, and how to mend it.

No Django here: extraction raises these too. The text of an error is Vietnamese, since people
read it; its class and `code` are English and stable, since programs do.
"""


class TrackerError(Exception):
    """Base of every declared error. `code` is stable; `str(error)` is shown to people."""

    code = "error"


class UnreadableInputError(TrackerError):
    """A file or text that cannot be read as a directive: missing, empty, binary, too large."""

    code = "unreadable_input"


class RegistryError(TrackerError):
    """A registry file that breaks its own rules: unknown key, duplicate key, wrong shape."""

    code = "registry"
