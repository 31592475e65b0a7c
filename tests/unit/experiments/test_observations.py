"""Observations come back as they were kept."""

import pandas as pd
import pytest

from voiplab.errors import EvidenceError
from voiplab.experiments import Observations


def test_observations_come_back_as_they_were_saved(tmp_path):
    seen = Observations.of([{"port": 5060, "what": "SIP"}, {"port": 5061, "what": "SIP, TLS"}], {})
    seen.save(tmp_path / "new")
    opened = Observations.open(tmp_path / "new")
    pd.testing.assert_frame_equal(opened.table, seen.table, check_dtype=False)
    assert "SIP, TLS" in opened._repr_html_()


def test_a_folder_without_observations_is_named(tmp_path):
    with pytest.raises(EvidenceError, match="holds no observations"):
        Observations.open(tmp_path)
