"""The API of assortment: proposals with their council, searches that found nothing, candidates."""

from assortment.api.candidates import CandidateResource
from assortment.api.proposals import ProposalResource
from assortment.api.searches import SearchResource

__all__ = ["CandidateResource", "ProposalResource", "SearchResource"]
