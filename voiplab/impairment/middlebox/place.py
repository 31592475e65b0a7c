"""Where the middlebox keeps its files, inside its container."""

from pathlib import Path

FOLDER = Path("/var/lib/network")
CAPTURE_FOLDER = FOLDER / "capture"
CAPTURE = CAPTURE_FOLDER / "phone.pcap"
TRUTH = FOLDER / "truth.csv"
SETTINGS = FOLDER / "settings.jsonl"
ORDERS = FOLDER / "orders"
