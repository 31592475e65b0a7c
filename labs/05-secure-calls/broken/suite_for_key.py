"""The name of the cipher, in place of the key."""

TASK, CHECK = "keys-in-clear", "a key"


def bring_about(_work: object) -> str:
    return "AES_CM_128_HMAC_SHA1_80"
