"""Certificates: an authority for each lab, and what it vouches for."""

__all__: list[str] = []
