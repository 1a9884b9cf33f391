from servanda.network.models.profiles import (
    MechanismProfile,
    MechanismProfileQuerySet,
    ProfileFact,
    ProfileFactQuerySet,
)

__all__ = ["MechanismProfile", "MechanismProfileQuerySet", "ProfileFact", "ProfileFactQuerySet"]
