"""The ways to install Asterisk on Debian, step by step."""

from collections.abc import Iterable
from dataclasses import dataclass

from voiplab.installation.machine import Machine
from voiplab.installation.ran import Ran

TOOLS = ("build-essential", "autoconf", "automake", "pkgconf", "wget")
"""What compiling takes on any Debian machine, and what Asterisk's configure fetches files with."""

LIBRARIES = (
    "libedit-dev",
    "libjansson-dev",
    "libsqlite3-dev",
    "libsrtp2-dev",
    "libssl-dev",
    "libxml2-dev",
    "uuid-dev",
)
"""What Asterisk is linked with; libsrtp2 for encrypted speech, the others in any case."""

MODULES = (
    "chan_pjsip", "res_pjsip", "res_pjsip_session", "res_pjsip_registrar",
    "res_pjsip_authenticator_digest", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip", "res_pjsip_sdp_rtp", "res_pjsip_nat",
    "res_pjsip_caller_id", "res_pjsip_dtmf_info", "res_pjsip_rfc3326", "res_pjsip_logger",
    "res_pjproject", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb",
    "res_rtp_asterisk", "res_srtp", "res_timing_timerfd", "bridge_simple", "bridge_native_rtp",
    "bridge_softmix", "codec_ulaw", "codec_alaw", "format_pcm", "format_wav", "pbx_config",
    "app_dial", "app_echo", "app_playback", "app_verbose", "func_callerid", "cdr_csv",
)  # fmt: skip
"""What calls between SIP phones take: 34 of Asterisk's some 300 modules."""

BOOTED = "until asterisk -rx 'core waitfullybooted' > /dev/null 2>&1; do sleep 0.2; done"
"""Waits until Asterisk has booted."""

OPTIONAL = "OPTIONAL_API"
"""Lets modules do without others that they could use: res_pjsip needs it in a small choice."""

ESSENTIAL = (
    "chan_pjsip", "res_pjsip_session", "res_pjsip_registrar", "res_pjsip_sdp_rtp",
    "res_rtp_asterisk", "res_srtp", "codec_ulaw", "pbx_config", "app_dial", "app_echo",
)  # fmt: skip
"""Those of them without which a phone can't register, call, or speak encrypted."""

SOURCES = "/etc/apt/sources.list.d/debian.sources"
SOURCE_TREE = "/usr/src/asterisk-22*"
OWNED = ("/etc/asterisk", "/var/lib/asterisk", "/var/log/asterisk", "/var/spool/asterisk")
"""The folders that Asterisk reads and writes."""


@dataclass(frozen=True)
class Step:
    """A step of an installation.

    Attributes:
        name: what it is called, in a word.
        title: what it does, in a few words.
        lines: what is typed.
    """

    name: str
    title: str
    lines: tuple[str, ...]

    def follow(self, machine: Machine) -> list[Ran]:
        """Type the step's lines on a machine.

        Raises:
            LineFailed: when one ended with an error.
        """
        return [machine.run(line) for line in self.lines]


def by_hand(modules: Iterable[str] | None = MODULES) -> tuple[Step, ...]:
    """Return the steps from Asterisk's source to a running service.

    Args:
        modules: which modules are built; None for all that can be, with all that they need.

    >>> [step.name for step in by_hand()][:4]
    ['dependencies', 'source', 'configure', 'choice']
    """
    return (
        _DEPENDENCIES if modules is not None else _ALL_DEPENDENCIES,
        _SOURCE,
        _CONFIGURE,
        Step("choice", "choose modules", (f"cd {SOURCE_TREE}", *choice(modules))),
        Step("compile", "compile", (f"cd {SOURCE_TREE}", "make -j2")),
        Step(
            "install",
            "install, with sample configuration",
            (f"cd {SOURCE_TREE}", "make install", "make samples"),
        ),
        _USER,
        _START,
    )


def choice(modules: Iterable[str] | None) -> tuple[str, ...]:
    """Return the lines that choose modules.

    Args:
        modules: which; None for all that can be built.

    >>> choice(["app_echo"])[-1].split()[1:4]
    ['--disable-all', '--enable', 'OPTIONAL_API']
    """
    chosen = (
        "--disable BUILD_NATIVE"
        if modules is None
        else " ".join(["--disable-all", *(f"--enable {each}" for each in (OPTIONAL, *modules))])
    )
    return ("make menuselect.makeopts", f"menuselect/menuselect {chosen} menuselect.makeopts")


_DEPENDENCIES = Step(
    "dependencies",
    "compiler and libraries",
    ("apt-get update", f"apt-get install --yes {' '.join((*TOOLS, *LIBRARIES))}"),
)
_ALL_DEPENDENCIES = Step(
    "dependencies",
    "compiler and libraries",
    (
        f"sed -i 's/^Types: deb$/Types: deb deb-src/' {SOURCES}",
        "apt-get update",
        f"apt-get install --yes {' '.join(TOOLS)}",
        "apt-get build-dep --yes asterisk",
    ),
)
_SOURCE = Step(
    "source",
    "source code",
    (
        f"sed -i 's/^Types: deb$/Types: deb deb-src/' {SOURCES}",
        "apt-get update",
        "cd /usr/src",
        "apt-get source asterisk",
    ),
)
_CONFIGURE = Step(
    "configure",
    "configure",
    (
        f"cd {SOURCE_TREE}",
        "make --file debian/rules execute_before_dh_auto_configure",
        "./bootstrap.sh",
        "TMPDIR=$PWD/debian/build-pjproject ./configure",
    ),
)
_USER = Step(
    "user",
    "a user of its own",
    (
        "adduser --system --group --no-create-home --home /var/lib/asterisk asterisk",
        f"chown -R asterisk:asterisk {' '.join(OWNED)}",
    ),
)
_START = Step(
    "start",
    "start script, start, enable",
    (
        f"cd {SOURCE_TREE}",
        "make config",
        r"""sed -i 's/^#\(AST_USER\|AST_GROUP\)=.*/\1="asterisk"/' /etc/default/asterisk""",
        "service asterisk start",
        BOOTED,
    ),
)

PACKAGED = (
    Step(
        "packaged",
        "everything",
        (
            "apt-get update",
            "apt-get install --yes asterisk",
            BOOTED,
        ),
    ),
)
"""The steps by Debian's packages."""
