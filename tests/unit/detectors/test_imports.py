"""What importing the room costs."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_room_loads_nothing_heavy() -> None:
    """RE2, Presidio, spaCy and phonenumbers come with the first detector that needs them."""
    heavy = ("re2", "presidio_analyzer", "spacy", "phonenumbers", "numpy")
    program = f"import sys, hybrid_guard.detectors; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
