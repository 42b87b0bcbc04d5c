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


class InvalidInputError(TrackerError):
    """Input that breaks a rule, whoever gave it. `field` names the part at fault, where one is."""

    code = "invalid_input"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnusableInputError(InvalidInputError):
    """Input of the right form that cannot be used here and now; `code` says why."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message, field=field)
        self.code = code


class TransitionError(TrackerError):
    """A change of state that the workflow does not allow now; the text gives the reason."""

    code = "transition_not_allowed"


class AlreadyDecidedError(TrackerError):
    """A draft that a person has already accepted or rejected."""

    code = "already_decided"
