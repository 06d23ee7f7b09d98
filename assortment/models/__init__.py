"""Models of assortment."""

from assortment.models.candidates import Candidate, CandidateItem, CandidateKind, CandidateNight
from assortment.models.councils import CastVote, CouncilSeat, Stance, Vote
from assortment.models.proposals import (
    AffectedItem,
    DecidedItem,
    DecidedStep,
    DeviceClass,
    Proposal,
    ProposalDecision,
    ProposalFile,
    ProposalKind,
    ProposalQuestion,
    ProposalReply,
)
from assortment.models.searches import MissedBy, MissedIn, MissedSearch

__all__ = [
    "AffectedItem",
    "Candidate",
    "CandidateItem",
    "CandidateKind",
    "CandidateNight",
    "CastVote",
    "CouncilSeat",
    "DecidedItem",
    "DecidedStep",
    "DeviceClass",
    "MissedBy",
    "MissedIn",
    "MissedSearch",
    "Proposal",
    "ProposalDecision",
    "ProposalFile",
    "ProposalKind",
    "ProposalQuestion",
    "ProposalReply",
    "Stance",
    "Vote",
]
