"""Which of Asterisk's modules are loaded, and why.

What isn't loaded takes no memory, no time at start, and can't be attacked.
"""

from typing import Final

_MODULES: Final[dict[str, tuple[str, ...]]] = {
    "the dial plan, and the functions that it calls": (
        "pbx_config",
        "func_callerid",
        "func_cdr",
        "func_channel",
        "func_devstate",
        "func_dialplan",
        "func_hangupcause",
        "func_logic",
        "func_pjsip_aor",
        "func_pjsip_contact",
        "func_pjsip_endpoint",
        "func_strings",
        "func_timeout",
        "app_exec",
        "app_stack",
        "app_verbose",
    ),
    "SIP: PJSIP's core, and where its objects are kept": (
        "res_pjproject",
        "res_sorcery_config",
        "res_sorcery_memory",
        "res_sorcery_astdb",
        "res_pjsip",
        "res_pjsip_session",
        "chan_pjsip",
    ),
    "SIP: who is calling, and is it really they": (
        "res_pjsip_authenticator_digest",
        "res_pjsip_endpoint_identifier_user",
        "res_pjsip_registrar",
        "res_pjsip_acl",
    ),
    "SIP: sessions: media, identity, transfer, DTMF by INFO, causes": (
        "res_pjsip_sdp_rtp",
        "res_pjsip_caller_id",
        "res_pjsip_diversion",
        "res_pjsip_refer",
        "res_pjsip_dtmf_info",
        "res_pjsip_rfc3326",
        "res_pjsip_nat",
        "res_pjsip_header_funcs",
        "res_pjsip_logger",
        "res_pjsip_empty_info",
        "res_pjsip_dlg_options",
    ),
    "SIP: presence, and the lamp that says a message waits": (
        "res_pjsip_pubsub",
        "res_pjsip_outbound_publish",
        "res_pjsip_exten_state",
        "res_pjsip_pidf_body_generator",
        "res_pjsip_dialog_info_body_generator",
        "res_pjsip_mwi",
        "res_pjsip_mwi_body_generator",
    ),
    "media: RTP, its clock, and bridges between calls": (
        "res_rtp_asterisk",
        "res_timing_timerfd",
        "bridge_simple",
        "bridge_native_rtp",
        "bridge_softmix",
        "bridge_holding",
        "bridge_builtin_features",
    ),
    "media: encrypted (SRTP)": ("res_srtp",),
    "media: codecs, and the formats that files have": (
        "codec_ulaw",
        "codec_alaw",
        "codec_a_mu",
        "codec_g722",
        "codec_g726",
        "codec_gsm",
        "codec_opus_open_source",
        "codec_resample",
        "res_format_attr_opus",
        "format_pcm",
        "format_sln",
        "format_wav",
        "format_wav_gsm",
        "format_gsm",
    ),
    "what a caller reaches: users, services, mailboxes, conferences": (
        "app_dial",
        "app_echo",
        "app_playback",
        "app_sayunixtime",
        "app_milliwatt",
        "app_voicemail",
        "app_confbridge",
        "res_musiconhold",
    ),
    "what is told outside: call records, device states, events, a call made from outside": (
        "res_cdrel_custom",
        "cdr_custom",
        "cdr_manager",
        "res_manager_devicestate",
        "app_userevent",
        "res_clioriginate",
        "res_security_log",
    ),
}
_WEBRTC_MODULES: Final[dict[str, tuple[str, ...]]] = {
    "phones in a browser: SIP over a WebSocket": (
        "res_http_websocket",
        "res_pjsip_transport_websocket",
    ),
}


def modules(*, webrtc: bool) -> dict[str, tuple[str, ...]]:
    """Reason to modules, in reading order; Asterisk sorts out the order of loading.

    Args:
        webrtc: whether phones in a browser are served.

    >>> "res_http_websocket" in str(modules(webrtc=False))
    False
    """
    return _MODULES | (_WEBRTC_MODULES if webrtc else {})
