"""All errors of Regulars.

    RegularsError                    something we foresaw; its message can be shown to an operator
    ├── SettingsError                a setting is missing or wrong; says which
    ├── DatabaseUnavailable          Postgres cannot be started or reached; says why
    ├── NotMigrated                  the tables are older or newer than this program
    ├── BusinessFileError            a business file has a mistake; names file, key and what is allowed
    ├── UnsoundFlow                  a flow's tables contradict themselves; raised at import
    ├── BadForm                      a provider's webhook lacks what it always has; says which field
    ├── IdempotencyConflict          a key that stands for one thing done comes back with another; says which key
    └── SendRefused                  a provider did not take a message; says whether to try again

`prompts.UnknownPrompt`, a KeyError, stands apart: words know nothing of the rest of the house.

The class docstring is the default message. What a business may expect to happen ("taken", "not enough points") is an
answer of the operation, never an error.
"""


class RegularsError(Exception):
    """Something went wrong that Regulars foresaw."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingsError(RegularsError):
    """A setting is missing or wrong."""


class DatabaseUnavailable(RegularsError):  # noqa: N818 - the field's own word, as in SQLSTATE 57P03
    """Postgres cannot be reached."""


class NotMigrated(RegularsError):  # noqa: N818 - a state, named as readiness names it
    """The database is not migrated: run `regulars migrate`."""


class BusinessFileError(RegularsError):
    """A business file has a mistake."""


class UnsoundFlow(RegularsError):  # noqa: N818 - the term used by the flow checks
    """A flow's tables contradict themselves."""


class BadForm(RegularsError):  # noqa: N818 - names what was received
    """A webhook's form lacks what the provider always sends."""


class SendRefused(RegularsError):  # noqa: N818 - the provider's answer, not a fault of ours
    """The provider did not take the message.

    `code` is the provider's own ("21610"), `status` HTTP's; both are None when no answer came. `retry` says
    whether trying again can help, no sooner than `after` seconds if the provider named them. `uncertain` says
    that the message may have been sent all the same: look for it at the provider before sending it again.
    """

    def __init__(
        self,
        code: str | None,
        status: int | None,
        message: str,
        *,
        retry: bool,
        after: int | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry = retry
        self.after = after
        self.uncertain = uncertain


class IdempotencyConflict(RegularsError):  # noqa: N818 - the field's own term
    """The key stands for something else that was done before."""
