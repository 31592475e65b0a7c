"""Learn telephony over IP with a real Asterisk, real softphones and real packets."""
