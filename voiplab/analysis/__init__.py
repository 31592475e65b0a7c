"""What a capture tells of its calls: measured by packets, rated by quality, shown to people."""

from voiplab.analysis.buffer_choice import try_buffers
from voiplab.analysis.report import ASSUMED_DELAY_MS, Report
from voiplab.analysis.stream import StreamReport

__all__ = ["ASSUMED_DELAY_MS", "Report", "StreamReport", "try_buffers"]
