"""What an eavesdropper makes of a call: the proof that nobody can listen, or that anybody can."""

__all__: list[str] = []
