"""Addresses of SCIM, below ``/scim/``."""

from django.urls import path

from provisioning.api import discovery, groups, people
from provisioning.api.views import NotFoundView

urlpatterns = [
    path("v2/ServiceProviderConfig", discovery.Config.as_view(), name="config"),
    path("v2/ResourceTypes", discovery.ResourceTypes.as_view(), name="resource_types"),
    path("v2/ResourceTypes/<str:number>", discovery.ResourceTypes.as_view(), name="resource_type"),
    path("v2/Schemas", discovery.Schemas.as_view(), name="schemas"),
    path("v2/Schemas/<str:number>", discovery.Schemas.as_view(), name="schema"),
    path("v2/Users", people.People.as_view(), name="people"),
    path("v2/Users/.search", people.SearchedPeople.as_view(), name="people_search"),
    path("v2/Users/<str:number>", people.OnePerson.as_view(), name="person"),
    path("v2/Groups", groups.Groups.as_view(), name="groups"),
    path("v2/Groups/.search", groups.SearchedGroups.as_view(), name="groups_search"),
    path("v2/Groups/<str:number>", groups.OneGroup.as_view(), name="group"),
    path("v2/Bulk", discovery.NotOffered.as_view(), name="bulk"),
    path("v2/Me", discovery.NotOffered.as_view(), name="me"),
    path("v2/.search", discovery.NotOffered.as_view(), name="search"),
    path("<path:elsewhere>", NotFoundView.as_view(), name="nothing"),
]
