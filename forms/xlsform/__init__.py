"""XLSForm both ways: a definition as the workbook that ODK and Kobo open, and their workbooks as definitions."""

from __future__ import annotations

from forms.xlsform.importing import Imported, read_xlsform
from forms.xlsform.writing import write_xlsform

__all__ = ["Imported", "read_xlsform", "write_xlsform"]
