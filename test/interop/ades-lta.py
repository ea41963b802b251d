"""Validates the first signature of PDFs at level LTA by ETSI EN 319 102-1 with pyHanko, trusting only the roots given and
asking nobody. Arguments: roots.pem file.pdf... Prints one line a file: its AdES sub-indication."""

import asyncio
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    CertValidationPolicySpec,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

roots = list(load_certs_from_pemder([sys.argv[1]]))
spec = PdfSignatureValidationSpec(
    SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=roots),
            revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=REQUIRE_REVINFO),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
        ),
    )
)
for path in sys.argv[2:]:
    with open(path, "rb") as handle:
        signature = PdfFileReader(handle).embedded_regular_signatures[0]
        result = asyncio.run(ades_lta_validation(signature, pdf_validation_spec=spec))
        print(path, result.ades_subindic)
