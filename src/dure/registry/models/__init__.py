"""Tables of the registry, one module a noun."""

from .acting import Acting
from .approvals import Approval, ApprovalDecision
from .breakglass import BreakGlass
from .consent import Consent, Purpose
from .devices import Device
from .imports import Import, ImportMapping, ImportRow
from .invitations import Invitation
from .login import Login
from .mandates import Mandate, MandatePair
from .organisations import Organisation, OrgContact, OrgName, OrgNumber, Site
from .people import Household, Membership, Person, PersonFact, Standing, Tie
from .places import Centre, District, Dong, Population
from .recovery import Recovery
from .statements import EvidenceClass, Merge, OrgEdit, OrgState, OrgStatus, OrgYear

__all__ = (
    "Acting",
    "Approval",
    "ApprovalDecision",
    "BreakGlass",
    "Centre",
    "Consent",
    "Device",
    "District",
    "Dong",
    "EvidenceClass",
    "Household",
    "Import",
    "ImportMapping",
    "ImportRow",
    "Invitation",
    "Login",
    "Mandate",
    "MandatePair",
    "Membership",
    "Merge",
    "OrgContact",
    "OrgEdit",
    "OrgName",
    "OrgNumber",
    "OrgState",
    "OrgStatus",
    "OrgYear",
    "Organisation",
    "Person",
    "PersonFact",
    "Population",
    "Purpose",
    "Recovery",
    "Site",
    "Standing",
    "Tie",
)
