"""What a call leaves behind: a folder of files, from which all that is shown can be recomputed."""

from voiplab.evidence.direction import CallQuality, Direction
from voiplab.evidence.ending import tells_the_end
from voiplab.evidence.folder import Evidence
from voiplab.evidence.pbx_signalling import signalling_of
from voiplab.evidence.provenance import Provenance
from voiplab.evidence.quality_second import QualitySecond, quality_timeline
from voiplab.evidence.record import CallRecord, LegRecord
from voiplab.evidence.transit import one_way_ms
from voiplab.evidence.view import CallView
from voiplab.evidence.writer import EvidenceWriter, LegFiles

__all__ = [
    "CallQuality",
    "CallRecord",
    "CallView",
    "Direction",
    "Evidence",
    "EvidenceWriter",
    "LegFiles",
    "LegRecord",
    "Provenance",
    "QualitySecond",
    "one_way_ms",
    "quality_timeline",
    "signalling_of",
    "tells_the_end",
]
