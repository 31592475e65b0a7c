"""Every error that voiplab raises, in one tree.

VoipLabError
├── ConfigError        a model that Asterisk would refuse, or text that can't be written safely
├── CertificateError   a certificate that can't be read, or that can't be issued
├── CaptureError       a capture that can't be read
├── ImpairmentError    an impairment that no network can have, such as a loss of 120 %
├── QualityError       a figure that no call can have, such as a loss of 120 %
├── TrafficError       a traffic, a group or a queue that can't be, or a blocking none has
├── CostError          a price or an office that can't be reckoned with
├── DecisionError      a score or a weight that no decision can rest on
├── EvidenceError      a call's evidence that is missing or damaged
├── EngineError        the container engine: absent, refusing, out of space
│   ├── CommandFailed  a command inside a container ended with an error
│   │   └── LineFailed a line typed on a machine did, as its screen shows
│   ├── ImageMissing
│   └── PortTaken
├── NotReady           something that was awaited did not come in time
├── AmiError           Asterisk's management interface: refused, closed, an action failed
├── PhoneError         a softphone refused a command
├── CallFailed         a call that was not established (busy, declined, unregistered, unknown)
├── UnknownUser        no user has that extension
├── GradingError       a task that a lab does not have, an answer that can't be kept
│   └── SubmissionError  a file that was handed in and can't be graded
├── CheckFailed        a task is not done yet
└── LabStopped         the lab, or the part of it that is needed, does not run
    └── NotRecorded    there is only a recording, which does not hold what was asked for

Each message says what was wrong, where, and what to do about it.
"""


class VoipLabError(Exception):
    """The root of every error that voiplab raises on purpose."""


class ConfigError(VoipLabError, ValueError):
    """A value that can't become part of Asterisk's configuration."""


class CertificateError(VoipLabError, ValueError):
    """A certificate that can't be read, or that can't be issued."""


class CaptureError(VoipLabError, ValueError):
    """A capture that can't be read."""


class ImpairmentError(VoipLabError, ValueError):
    """An impairment that no network can have, or a network that can't be impaired."""


class QualityError(VoipLabError, ValueError):
    """A figure that no call can have, given to be rated."""


class TrafficError(VoipLabError, ValueError):
    """A traffic, a group or a call centre that can't be, or an answer that no number gives."""


class CostError(VoipLabError, ValueError):
    """A price, a quantity or an office that a cost model can't reckon with."""


class DecisionError(VoipLabError, ValueError):
    """A score, a weight or a fact that no decision can rest on."""


class EvidenceError(VoipLabError):
    """A call's evidence folder that is missing or damaged."""


class EngineError(VoipLabError):
    """The container engine is absent, refuses, or has no room."""


class CommandFailed(EngineError):
    """A command inside a container that ended with an error.

    Args:
        where: the container's name.
        command: the command and its arguments.
        exit_code: what it ended with; 126 or 127 when it could not be run at all.
        stdout: all that it wrote to its standard output.
        stderr: all that it wrote to its standard error.
    """

    def __init__(
        self, where: str, command: list[str], exit_code: int, stdout: bytes, stderr: bytes
    ) -> None:
        import shlex  # noqa: PLC0415 - the network's sidecar has this file, but no shlex

        said = (stderr or stdout).decode(errors="replace").strip()[-500:]
        super().__init__(
            f"`{shlex.join(command)}` in {where} ended with exit code {exit_code}: "
            f"{said or '(no output)'}"
        )
        self.command = command
        self.exit_code = exit_code
        self.stdout = stdout
        self.stderr = stderr


class LineFailed(CommandFailed):
    """A shell line typed on a machine ended with an error, which its screen shows.

    Args:
        host: the machine's name.
        line: what was typed.
        exit_code: what it ended with.
        output: all that it wrote.
    """

    def __init__(self, host: str, line: str, exit_code: int, output: str) -> None:
        super().__init__(host, [line], exit_code, output.encode(), b"")
        said = output.strip()[-500:] or "(no output)"
        self.args = (f"`{line}` on {host} ended with exit code {exit_code}: {said}",)

    def _render_traceback_(self) -> list[str]:
        """How a notebook shows it: what the line wrote stands above it."""
        return str(self).splitlines()[:1]


class ImageMissing(EngineError):
    """An image that has not been built."""


class PortTaken(EngineError):
    """A port that another program already uses."""


class NotReady(VoipLabError, TimeoutError):
    """Something that was awaited did not come in time."""


class AmiError(VoipLabError):
    """Asterisk's management interface refused, closed or failed an action."""


class PhoneError(VoipLabError):
    """A softphone refused a command or could not be reached."""


class CallFailed(VoipLabError):
    """A call that was not established.

    Args:
        message: what happened, in one sentence.
        status: the final SIP status code, for example 486 (RFC 3261, section 21), or None
            when no final response came.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class UnknownUser(VoipLabError, LookupError):
    """No user has the extension that was asked for."""


class LabStopped(VoipLabError):
    """The lab, or the part of it that is needed, does not run."""


class NotRecorded(LabStopped):
    """There is no lab, only a recording of one, which does not hold what was asked for."""

    def _render_traceback_(self) -> list[str]:
        """How a notebook shows it: the sentence, without the lines of code that led there."""
        import textwrap  # noqa: PLC0415 - as for CommandFailed

        return textwrap.wrap(str(self), 90)


class GradingError(VoipLabError):
    """A task that a lab does not have, an answer that can't be kept, a student without a name."""

    def _render_traceback_(self) -> list[str]:
        """How a notebook shows it: the sentence, without the lines of code that led there."""
        import textwrap  # noqa: PLC0415 - as for CommandFailed

        return textwrap.wrap(str(self), 90)


class SubmissionError(GradingError):
    """A file that was handed in and can't be graded: damaged, doctored, of another lab."""


class CheckFailed(VoipLabError, AssertionError):
    """A task is not done yet; each check says what was expected, what was found, where to look."""

    def _render_traceback_(self) -> list[str]:
        """How a notebook shows it: the rest stands above it, and no line of code is news."""
        return str(self).splitlines()[:1]
