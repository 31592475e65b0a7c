"""From a capture to SIP messages, calls, RTP streams and ladders; no engine needed."""

from voiplab.packets.anatomy import Anatomy, Field, Layer
from voiplab.packets.capture import Capture
from voiplab.packets.control import SeenReport
from voiplab.packets.dialog import Dialog
from voiplab.packets.dtmf import PressedKey
from voiplab.packets.jitter_buffer import AdaptiveBuffer, FixedBuffer
from voiplab.packets.ladder import Ladder
from voiplab.packets.packet import Frame, Packet
from voiplab.packets.reader import CaptureReader, read_packets
from voiplab.packets.rtp import RtpPacket, protocol_of
from voiplab.packets.rung import Actor, Arrow, Band, Flow
from voiplab.packets.sdp import Codec, Media, SessionDescription
from voiplab.packets.signalling import SeenMessage, sip_messages
from voiplab.packets.sip import SipMessage
from voiplab.packets.tls import Alert, Handshake
from voiplab.packets.tls_names import CipherSuite
from voiplab.packets.writer import pcap_bytes, write_pcap

__all__ = [
    "Actor",
    "AdaptiveBuffer",
    "Alert",
    "Anatomy",
    "Arrow",
    "Band",
    "Capture",
    "CaptureReader",
    "CipherSuite",
    "Codec",
    "Dialog",
    "Field",
    "FixedBuffer",
    "Flow",
    "Frame",
    "Handshake",
    "Ladder",
    "Layer",
    "Media",
    "Packet",
    "PressedKey",
    "RtpPacket",
    "SeenMessage",
    "SeenReport",
    "SessionDescription",
    "SipMessage",
    "pcap_bytes",
    "protocol_of",
    "read_packets",
    "sip_messages",
    "write_pcap",
]
