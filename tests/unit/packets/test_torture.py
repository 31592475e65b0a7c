"""SIP messages that hurt: after the cases that RFC 4475 names, in messages of our own.

The numbers are the RFC's sections. Over UDP and over TCP; the valid ones are read right, and of
the others what is good is kept, or one sentence says what is wrong.
"""

from contextlib import suppress

import pytest

from voiplab.errors import CaptureError
from voiplab.packets import Capture, SipMessage
from voiplab.packets.sip import is_sip, tag_of, user_of

SDP = "v=0\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
LONG = "a" * 300


def made(first, *lines, body="", length=None, **named):
    """A message with the headers that each has, but for those that are named otherwise."""
    headers = {
        "Via": "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKtorture",
        "From": "<sip:anna@example.org>;tag=a1",
        "To": "<sip:bert@example.org>",
        "Call_ID": "torture@192.0.2.1",
        "CSeq": f"1 {first.partition(' ')[0]}",
        "Max_Forwards": "70",
    } | named
    text = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
    content = body if isinstance(body, bytes) else body.encode()
    text = [first, *text, *lines, f"Content-Length: {len(content) if length is None else length}"]
    return "\r\n".join([*text, "", ""]).encode() + content


def parts(*contents, boundary="7a9cbec02ceef655"):
    return (
        b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), content) for content in contents)
        + b"--%s--\r\n" % boundary.encode()
    )


def short_tortuous():
    return (
        b"INVITE sip:bert@example.org;unknownparam SIP/2.0\r\n"
        b"TO :\r\n sip:bert@example.org ;   tag    = 77\r\n"
        b'from   : "A \\\\\\""       <sip:anna@example.org>\r\n  ;\r\n  tag = a1\r\n'
        b"MaX-fOrWaRdS: 0068\r\nCall-ID: torture@192.0.2.1\r\n"
        b"Content-Length   : %d\r\ncseq: 0009\r\n  INVITE\r\n"
        b"Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\ns :\r\n"
        b"NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        b"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"
        b"v:  SIP  / 2.0  / TCP     192.0.2.3   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
        b" SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
        b'm:"Quoted string \\"\\"" <sip:anna@example.org> ; newparam =\r\n newvalue ;\r\n'
        b"  secondparam ; q = 0.33\r\n\r\n%s" % (len(SDP), SDP.encode())
    )


ODD_METHOD = "!odd-Method0123456789_*+`.%indeed'~"
VALID = {
    "3.1.1.1 short tortuous": (
        short_tortuous(),
        {"method": "INVITE", "sequence": (9, "INVITE"), "from": "anna", "from_tag": "a1",
         "to": "bert", "to_tag": "77", "sdp": SDP.encode()},
    ),
    "3.1.1.2 wide range of characters": (
        made(
            f"{ODD_METHOD} sip:1_odd.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.org SIP/2.0",
            "extensionHeader-!.%*+_`'~: \ufeff\u5927\u505c\u96fb",
            From="=?b\u00e9 \"quoted\\\"\" <sip:anna@example.org>;tag=_token~1'+`*%!-.",
            CSeq=f"139122385 {ODD_METHOD}",
        ),
        {"method": ODD_METHOD, "sequence": (139122385, ODD_METHOD), "from": "anna",
         "from_tag": "_token~1'+`*%!-."},
    ),
    "3.1.1.3 escaping": (
        made("INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0",
             To="<sip:%75se%72@example.com>"),
        {"uri": "sip:sips%3Auser%40example.com@example.net", "to": "%75se%72"},
    ),
    "3.1.1.4 escaped nulls": (
        made("REGISTER sip:example.com SIP/2.0", "Contact: <sip:%00@host5.example.com>",
             From="<sip:null-%00-null@example.com>;tag=a1"),
        {"method": "REGISTER", "from": "null-%00-null"},
    ),
    "3.1.1.5 percent that escapes nothing": (
        made("RE%47IST%45R sip:registrar.example.com SIP/2.0"),
        {"method": "RE%47IST%45R", "sequence": (1, "RE%47IST%45R")},
    ),
    "3.1.1.6 no space before <": (
        made("OPTIONS sip:bert@example.org SIP/2.0", From="caller<sip:anna@example.org>;tag=323"),
        {"from": "anna", "from_tag": "323"},
    ),
    "3.1.1.7 long values": (
        made(
            f"INVITE sip:{LONG}@example.org SIP/2.0",
            *[f"Via: SIP/2.0/TCP host{number}.example.org" for number in range(40)],
            f"Unknown-{LONG}: unknown-{LONG}-value",
            f"Contact: <sip:{LONG}@example.org>",
            From=f"sip:{LONG}@example.org;tag={LONG};{LONG}={LONG}",
            Call_ID=f"{LONG}longlong",
        ),
        {"uri": f"sip:{LONG}@example.org", "from": LONG, "from_tag": LONG,
         "call_id": f"{LONG}longlong"},
    ),
    "3.1.1.8 trailing octets": (
        made("REGISTER sip:example.org SIP/2.0") + made("INVITE sip:bert@example.org SIP/2.0"),
        {"method": "REGISTER", "body": b""},
    ),
    "3.1.1.9 semicolons in the user part": (
        made("OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0",
             To="sip:user;par=u%40example.net@example.com"),
        {"uri": "sip:user;par=u%40example.net@example.com", "to": "user;par=u%40example.net"},
    ),
    "3.1.1.10 unknown transports": (
        made("OPTIONS sip:bert@example.org SIP/2.0", "Via: SIP/2.0/SCTP a.example.org",
             "Via: SIP/2.0/TLS b.example.org", "Via: SIP/2.0/UNKNOWN c.example.org"),
        {"method": "OPTIONS", "vias": 4},
    ),
    "3.1.1.11 multipart": (
        made(
            "MESSAGE sip:bert@example.org SIP/2.0",
            'Content-Type: multipart/mixed;boundary="7a9cbec02ceef655"',
            body=parts(
                b"Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello",
                b"Content-Type: application/octet-stream\r\n\r\n\0\r\n\r\n\xff--",
                b"Content-Type: Application/SDP\r\n\r\n" + SDP.encode(),
            ),
        ),
        {"method": "MESSAGE", "sdp": SDP.encode() + b"\r\n", "summary": "MESSAGE (SDP)"},
    ),
    "3.1.1.12 unusual reason": (
        made("SIP/2.0 200 = 2**3 * 5**2 \u043f\u0440\u043e\u0441\u0442\u043e", CSeq="1 INVITE"),
        {"status": 200, "reason": "= 2**3 * 5**2 \u043f\u0440\u043e\u0441\u0442\u043e"},
    ),
    "3.1.1.13 empty reason": (
        made("SIP/2.0 100 ", CSeq="1 INVITE"),
        {"status": 100, "reason": "", "summary": "100"},
    ),
}  # fmt: skip
# What a server must refuse, and whoever only looks on can read all the same.
READABLE = {
    "3.1.2.1 extraneous separators": (
        made("INVITE sip:bert@example.org SIP/2.0", 'Contact: "" <> ;,;,,',
             Via="SIP/2.0/UDP 192.0.2.15;;,;,,"),
        {"method": "INVITE", "to": "bert"},
    ),
    "3.1.2.2 Content-Length too large": (
        made("INVITE sip:bert@example.org SIP/2.0", "c: application/sdp", body=SDP, length=9999),
        {"method": "INVITE", "sdp": SDP.encode()},
    ),
    "3.1.2.3 Content-Length negative": (
        made("INVITE sip:bert@example.org SIP/2.0", "c: application/sdp", body=SDP, length=-999),
        {"method": "INVITE", "sdp": SDP.encode()},
    ),
    "3.1.2.4 numbers too large in a request": (
        made("REGISTER sip:example.org SIP/2.0", "Expires: 10000000000000000000000000000000000",
             CSeq="36893488147419103232 REGISTER", Max_Forwards="300"),
        {"method": "REGISTER", "sequence": (-1, "REGISTER")},
    ),
    "3.1.2.5 numbers too large in a response": (
        made("SIP/2.0 503 Service Unavailable", "Retry-After: 949302838503028349304023988",
             CSeq="9292394834772304023312 OPTIONS"),
        {"status": 503, "sequence": (-1, "OPTIONS")},
    ),
    "3.1.2.6 a quotation without end": (
        made("INVITE sip:bert@example.org SIP/2.0", To='"Mr. J. User <sip:bert@example.org>'),
        {"to": "bert"},
    ),
    "3.1.2.7 brackets about the Request-URI": (
        made("INVITE <sip:bert@example.org> SIP/2.0"), {"uri": "<sip:bert@example.org>"}
    ),
    "3.1.2.8 space within the Request-URI": (
        made("INVITE sip:bert@example.org; lr SIP/2.0"), {"uri": "sip:bert@example.org; lr"}
    ),
    "3.1.2.9 several spaces in the Request-Line": (
        made("INVITE  sip:bert@example.org  SIP/2.0"), {"uri": "sip:bert@example.org"}
    ),
    "3.1.2.10 space after the Request-Line": (
        made("OPTIONS sip:bert@example.org SIP/2.0  "), {"uri": "sip:bert@example.org"}
    ),
    "3.1.2.11 headers in the Request-URI": (
        made("INVITE sip:bert@example.org?Route=%3Csip:example.com%3E SIP/2.0"),
        {"uri": "sip:bert@example.org?Route=%3Csip:example.com%3E"},
    ),
    "3.1.2.12 an unknown time zone": (
        made("INVITE sip:bert@example.org SIP/2.0", "Date: Fri, 01 Jan 2010 16:00:00 EST"),
        {"method": "INVITE"},
    ),
    "3.1.2.13 an address that lacks its brackets": (
        made("REGISTER sip:example.org SIP/2.0",
             "Contact: sip:bert@example.org?Route=%3Csip:sip.example.com%3E"),
        {"method": "REGISTER"},
    ),
    "3.1.2.14 spaces within an address": (
        made("OPTIONS sip:bert@example.org SIP/2.0", To='"Bert" < sip:bert@example.org >;tag=7'),
        {"to": "bert", "to_tag": "7"},
    ),
    "3.1.2.15 signs that want quotation": (
        made("OPTIONS sip:bert@example.org SIP/2.0",
             From="Bell, Alexander <sip:anna@example.org>;tag=43"),
        {"from": "anna", "from_tag": "43"},
    ),
    "3.1.2.17 a method that CSeq does not name": (
        made("OPTIONS sip:bert@example.org SIP/2.0", CSeq="8 INVITE"),
        {"method": "OPTIONS", "sequence": (8, "INVITE")},
    ),
    "3.1.2.18 an unknown method that CSeq does not name": (
        made("NEWMETHOD sip:bert@example.org SIP/2.0", CSeq="8 INVITE"),
        {"method": "NEWMETHOD", "sequence": (8, "INVITE")},
    ),
    "3.2.1 a branch that is none": (
        made("OPTIONS sip:bert@example.org SIP/2.0", Via="SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"),
        {"method": "OPTIONS"},
    ),
    "3.3.1 required headers are missing": (
        made("INVITE sip:bert@example.org SIP/2.0", Call_ID="", From="", To="", Via=""),
        {"call_id": "", "from": "", "to_tag": ""},
    ),
    "3.3.2 an unknown scheme": (
        made("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"),
        {"uri": "nobodyKnowsThisScheme:totallyopaquecontent"},
    ),
    "3.3.3 a scheme that is no telephone's": (
        made("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0"),
        {"uri": "soap.beep://192.0.2.103:3002"},
    ),
    "3.3.4 unknown schemes in headers": (
        made("REGISTER sip:example.org SIP/2.0", To="isbn:2983792873", Contact="<name:John_Smith>",
             From="<http://www.example.com>;tag=3"),
        {"to": "isbn:2983792873", "from": "<http://www.example.com>;tag=3", "from_tag": "3"},
    ),
    "3.3.5 unknown extensions required": (
        made("OPTIONS sip:bert@example.org SIP/2.0", "Require: nothingSupportsThis",
             "Proxy-Require: noProxiesSupportThis"),
        {"method": "OPTIONS"},
    ),
    "3.3.6 an unknown Content-Type": (
        made("INVITE sip:bert@example.org SIP/2.0", "Content-Type: application/unknownformat",
             body="<audio>"),
        {"body": b"<audio>", "sdp": b""},
    ),
    "3.3.7 an unknown way to prove oneself": (
        made("REGISTER sip:example.org SIP/2.0", 'Authorization: NoOneKnowsThisScheme a="b"'),
        {"method": "REGISTER"},
    ),
    "3.3.8 several values where there is one": (
        made("INVITE sip:bert@example.org SIP/2.0", "CSeq: 5 BYE", "Call-ID: other@192.0.2.1",
             "From: Anna <sip:carl@example.org>;tag=3"),
        {"call_id": "torture@192.0.2.1", "sequence": (1, "INVITE"), "from": "anna"},
    ),
    "3.3.9 several Content-Lengths": (
        made("OPTIONS sip:bert@example.org SIP/2.0", "Content-Length: 4", body="There's no way",
             length=14),
        {"body": b"Ther"},
    ),
    "3.3.10 a response by broadcast": (
        made("SIP/2.0 200 OK", Via="SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23",
             CSeq="1 OPTIONS"),
        {"status": 200},
    ),
    "3.3.11 Max-Forwards zero": (
        made("OPTIONS sip:bert@example.org SIP/2.0", Max_Forwards="0"), {"method": "OPTIONS"}
    ),
    "3.3.12 parameters of a contact": (
        made("REGISTER sip:example.org SIP/2.0", "Contact: sip:bert@example.org;unknownparam"),
        {"method": "REGISTER"},
    ),
    "3.3.13 parameters of a contact's URI": (
        made("REGISTER sip:example.org SIP/2.0", "Contact: <sip:bert@example.org;unknownparam>"),
        {"method": "REGISTER"},
    ),
    "3.3.14 headers in a contact's URI": (
        made("REGISTER sip:example.org SIP/2.0", "Contact: <sip:bert@example.org?Route=%3Cx%3E>"),
        {"method": "REGISTER"},
    ),
    "3.3.15 what the sender won't accept": (
        made("INVITE sip:bert@example.org SIP/2.0", "Accept: text/nobodyKnowsThis"),
        {"method": "INVITE"},
    ),
    "3.4.1 as RFC 2543 wrote": (
        b"INVITE sip:bert@example.org SIP/2.0\r\nVia: SIP/2.0/UDP iftgw.example.com\r\n"
        b"From: <sip:+13035551111@ift.example.org;user=phone>\r\n"
        b"To: sip:+16505552222@ss1.example.net\r\n"
        b"Call-ID: old@192.0.2.1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n"
        + SDP.encode(),
        {"from": "+13035551111", "to": "+16505552222", "from_tag": "", "sdp": SDP.encode()},
    ),
}  # fmt: skip
UNREADABLE = {
    "3.1.2.16 an unknown version": (
        made("OPTIONS sip:bert@example.org SIP/7.0"),
        "Not a SIP message: its first line is 'OPTIONS sip:bert@example.org SIP/7.0'.",
    ),
    "3.1.2.19 a status too large": (
        made("SIP/2.0 4294967301 better not break the receiver", CSeq="1 INVITE"),
        "Not a SIP message: its first line is 'SIP/2.0 4294967301 better not break the receiver'.",
    ),
}


def told(message):
    return {
        "from": user_of(message.header("From")),
        "to": user_of(message.header("To")),
        "from_tag": tag_of(message.header("From")),
        "to_tag": tag_of(message.header("To")),
        "vias": len(message.header_values("Via")),
    } | {
        name: getattr(message, name)
        for name in (
            "method", "uri", "status", "reason", "call_id", "sequence", "body", "sdp", "summary"
        )
    }  # fmt: skip


BOTH = VALID | READABLE
FOLLOWING = made("OPTIONS sip:after@example.org SIP/2.0", Call_ID="after@192.0.2.1")


@pytest.mark.parametrize(("data", "expected"), BOTH.values(), ids=BOTH.keys())
def test_what_can_be_read_is_read_right(data, expected):
    assert is_sip(data)
    message = told(SipMessage.parse(data))
    assert {name: message[name] for name in expected} == expected


@pytest.mark.parametrize(("data", "sentence"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(CaptureError) as refusal:
        SipMessage.parse(data)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("data", "_"), (BOTH | UNREADABLE).values(), ids=(BOTH | UNREADABLE).keys()
)
def test_over_udp_a_capture_shows_it_and_what_follows(build, data, _):
    frames = [build.udp_frame(data), build.udp_frame(FOLLOWING)]
    messages = Capture.open(build.pcap(list(enumerate(frames)))).messages
    readable = []
    with suppress(CaptureError):
        readable = [SipMessage.parse(data).summary]
    assert messages.summary.tolist() == [*readable, "OPTIONS"]


def over_tcp(build, data, size):
    ends = "192.0.2.1:5060", "192.0.2.2:5060"
    frames = []
    for at in range(0, len(data), size):
        header = build.tcp(data[at : at + size], *ends, 1 + at)
        frames.append(build.ethernet(build.ipv4(header, *ends, protocol=6)))
    return Capture.open(build.pcap(list(enumerate(frames))))


@pytest.mark.parametrize("size", [7, 1400])
@pytest.mark.parametrize(("data", "expected"), VALID.values(), ids=VALID.keys())
def test_over_tcp_it_is_found_and_so_is_what_follows(build, data, expected, size):
    found = [seen.message for seen in over_tcp(build, data + FOLLOWING, size).signalling]
    first = told(found[0])
    assert {name: first[name] for name in expected} == expected
    assert found[-1].call_id == "after@192.0.2.1"


# Where a stream's lengths lie, what follows can't be told from the body.
LYING = {"3.1.2.2 Content-Length too large"}


@pytest.mark.parametrize(
    ("name", "data"),
    [(name, data) for name, (data, _) in (READABLE | UNREADABLE).items() if name not in LYING],
)
def test_over_tcp_a_stream_goes_on_after_what_is_wrong(build, name, data):
    # What follows comes in a segment of its own, as senders do.
    ends = "192.0.2.1:5060", "192.0.2.2:5060"
    headers = build.tcp(data, *ends, 1), build.tcp(FOLLOWING, *ends, 1 + len(data))
    frames = [build.ethernet(build.ipv4(header, *ends, protocol=6)) for header in headers]
    capture = Capture.open(build.pcap(list(enumerate(frames))))
    assert "after@192.0.2.1" in set(capture.messages.call_id), name


def test_one_datagram_carries_one_message(build):
    data, _ = VALID["3.1.1.8 trailing octets"]
    frame = build.udp_frame(data)
    assert Capture.open(build.pcap([(0, frame)])).messages.method.tolist() == ["REGISTER"]
    assert over_tcp(build, data, 50).messages.method.tolist() == ["REGISTER", "INVITE"]


def test_what_is_no_text_can_be_shown(build):
    data = made("INVITE sip:b@x SIP/2.0", From="\x1b[2J<sip:anna@x>;tag=1").replace(
        b"torture@", b"\xff\xfe@"
    )
    capture = Capture.open(build.pcap([(0, build.udp_frame(data))]))
    assert capture.messages.to_string().encode().isascii() is False
    call_id = capture.dialogs.call_id[0]
    assert call_id == "\ufffd\ufffd@192.0.2.1"
    assert len(capture.call(call_id).messages) == 1
