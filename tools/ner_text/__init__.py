"""
Invented, labelled texts for training the bundled name finder: phrase files in eight languages and a grammar.
"""

from __future__ import annotations

from .inventor import LANGUAGES, Inventor

__all__ = ["LANGUAGES", "Inventor"]
