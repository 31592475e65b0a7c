"""What is encrypted, in the models and in Asterisk's files."""

import re

import pytest

from voiplab.config import Exchange, Security, User, needs_restart, redact, reload_commands, render
from voiplab.errors import ConfigError


def endpoint(exchange: Exchange, extension: str) -> str:
    """The lines of a user's endpoint."""
    text = render(exchange)["pjsip.conf"]
    return re.search(rf"\[{extension}\]\(phone\)\n((?:.+\n)+)", text)[1]


def transports(exchange: Exchange) -> set[str]:
    return set(
        re.findall(r"^protocol = (\w+)", render(exchange)["pjsip_transports.conf"], re.MULTILINE)
    )


@pytest.mark.parametrize(
    ("security", "own", "encryption"),
    [
        ("plain", None, None),
        ("sdes", None, "sdes"),
        ("dtls", None, "dtls"),
        ("required", None, "sdes"),
        ("required", "dtls", "dtls"),
        ("plain", "sdes", "sdes"),
        ("dtls", "plain", None),
    ],
)
def test_a_users_own_security_goes_before_the_exchanges(security, own, encryption):
    exchange = Exchange(users=(User(extension="2001", security=own),), security=security)
    lines = endpoint(exchange, "2001")
    assert ("media_encryption" in lines) is (encryption is not None)
    assert (f"media_encryption = {encryption}\n" in lines) is (encryption is not None)
    assert "optimistic" not in lines
    assert exchange.encrypts is (encryption is not None)


def test_tls_is_always_there_and_alone_where_it_is_required():
    for security in ("plain", "sdes", "dtls"):
        assert transports(Exchange(security=security)) == {"udp", "tcp", "tls"}
    assert transports(Exchange(security="required")) == {"tls"}


def test_tls_verifies_phones_and_has_no_old_version():
    text = render(Exchange())["pjsip_transports.conf"]
    for line in ("method = tlsv1_3", "verify_client = yes", "require_client_cert = yes"):
        assert f"{line}\n" in text


def test_a_user_is_switched_without_a_restart():
    plain = Exchange(users=(User(extension="2001"),))
    for security in ("sdes", "dtls"):
        secure = plain.replacing_user(User(extension="2001", security=security))
        for old, new in ((plain, secure), (secure, plain)):
            commands = reload_commands(render(old), render(new))
            assert commands == ["module reload res_pjsip.so"]


def test_to_require_encryption_is_a_matter_of_the_start():
    plain = Exchange()
    assert needs_restart(render(plain), render(plain.with_security("required"))) == [
        "pjsip_transports.conf"
    ]


def test_a_user_in_clear_is_refused_where_encryption_is_required():
    required = Exchange(security="required")
    with pytest.raises(ConfigError, match=r"2001 is to be in clear, .* requires encryption"):
        required.with_user(User(extension="2001", security="plain"))
    with pytest.raises(ConfigError, match="2001 is to be in clear"):
        Exchange(users=(User(extension="2001", security="plain"),), security="required")


def test_a_browser_is_refused_where_encryption_is_required():
    with pytest.raises(ConfigError, match=r"over a WebSocket in clear \(ws\)"):
        Exchange(security="required").with_webrtc()


def test_browsers_encrypt_their_media_as_they_always_do():
    browser = User(extension="2003", webrtc=True)
    for security in ("plain", "sdes", "dtls"):
        lines = endpoint(Exchange(security=security).with_webrtc().with_user(browser), "2003")
        assert "webrtc = yes\n" in lines
        assert "media_encryption" not in lines
    with pytest.raises(ConfigError, match="2003 is a web page"):
        User(extension="2003", webrtc=True, security="sdes")


@pytest.mark.parametrize("security", ["requird", "SDES", "", 1])
def test_an_unknown_security_is_refused_in_a_sentence(security):
    with pytest.raises(ConfigError, match="'plain', 'sdes', 'dtls' or 'required'"):
        Exchange(security=security)


def test_what_is_required_of_all_is_not_one_users_to_say():
    with pytest.raises(ConfigError, match="the exchange's to say"):
        User(extension="2001", security="required")


def test_it_survives_being_kept():
    exchange = Exchange(users=(User(extension="2001", security="dtls"),), security="required")
    read = Exchange.from_json(exchange.to_json())
    assert read == exchange
    assert read.security is Security.REQUIRED
    assert Exchange.from_json(Exchange().to_json().replace('"security":"plain",', "")) is not None


def test_no_key_is_in_the_files():
    assert "PRIVATE" not in str(redact(render(Exchange(security="required"))))
