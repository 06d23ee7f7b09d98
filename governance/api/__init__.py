"""The API of governance."""

from governance.api.board import BoardAssignmentResource
from governance.api.guidelines import GuidelineResource
from governance.api.plans import OnboardingResource, PlannedActivityResource
from governance.api.recommendations import RecommendationResource

__all__ = [
    "BoardAssignmentResource",
    "GuidelineResource",
    "OnboardingResource",
    "PlannedActivityResource",
    "RecommendationResource",
]
