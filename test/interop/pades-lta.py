"""Validates the first signature of PDFs by pyHanko's PAdES-LTA profile (versions up to 0.25; later ones have AdES only):
every time-stamp must be checkable with what the document security store held when the next one was made. Trusts only the
roots given and asks nobody; of the newest time-stamp's authority nothing can be known then, so there its silence is taken.
Arguments: roots.pem file.pdf... Prints one line a file: TRUSTED, or why not."""

import asyncio
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ltv import RevocationInfoValidationType, async_validate_pdf_ltv_signature
from pyhanko_certvalidator import ValidationContext

roots = list(load_certs_from_pemder([sys.argv[1]]))
for path in sys.argv[2:]:
    with open(path, "rb") as handle:
        signature = PdfFileReader(handle).embedded_regular_signatures[0]
        try:
            status = asyncio.run(
                async_validate_pdf_ltv_signature(
                    signature,
                    RevocationInfoValidationType.PADES_LTA,
                    validation_context_kwargs={
                        "trust_roots": roots,
                        "allow_fetching": False,
                        "crls": [],
                        "ocsps": [],
                    },
                    bootstrap_validation_context=ValidationContext(
                        trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail"
                    ),
                )
            )
            print(path, "TRUSTED" if status.bottom_line else status.summary())
        except Exception as error:
            print(path, type(error).__name__, error)
