from servanda.network.models.commitments import Commitment, CommitmentQuerySet
from servanda.network.models.profiles import (
    MechanismProfile,
    MechanismProfileQuerySet,
    ProfileFact,
    ProfileFactQuerySet,
)

__all__ = [
    "Commitment",
    "CommitmentQuerySet",
    "MechanismProfile",
    "MechanismProfileQuerySet",
    "ProfileFact",
    "ProfileFactQuerySet",
]
