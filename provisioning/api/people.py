"""``/Users``."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import Context, ResponseParameters

from organizations.models import ProvisionedMember, ProvisionedPerson
from provisioning.api.searching import attributes_of, query_parameters, search_page
from provisioning.api.views import ScimView, name_of, number_of
from provisioning.filters import OF_PEOPLE, ORDERS_OF_PEOPLE
from provisioning.operations.people import NotThere, add_person, change_person, remove_person
from provisioning.payloads import PersonFacts, person_facts, with_defaults
from provisioning.shapes import POLICY, Person, PersonList, PersonParameters, PersonPatch, PersonSearch
from provisioning.showing import person_resource


class PeopleDoor(ScimView):
    """What both addresses of people have."""

    def rows(self) -> QuerySet[ProvisionedPerson]:
        """Those of whom the directory has told."""
        return ProvisionedPerson.objects.of(self.key.directory).select_related("user")

    def shown_all(self, rows: Sequence[ProvisionedPerson]) -> list[Person]:
        """Show people with their groups, in one question for them all."""
        people = list(rows)
        of_person: dict[int, list[ProvisionedMember]] = {}
        members = ProvisionedMember.objects.filter(person__in=people).select_related("group").order_by("pk")
        for member in members:
            of_person.setdefault(member.person_id, []).append(member)
        return [person_resource(each, base=self.base, groups=of_person.get(each.pk)) for each in people]

    def answered(
        self,
        row: ProvisionedPerson,
        parameters: ResponseParameters[Person],
        context: Context,
        status: int = HTTPStatus.OK,
    ) -> Response:
        """Answer with one person."""
        (person,) = self.shown_all([row])
        return self.shown(person, parameters, context, status)

    def told(self, context: Context) -> PersonFacts:
        """
        Read a whole person.

        :raises ValidationError: it is none.
        :raises InvalidInput: a value cannot be kept.
        """
        person = Person.model_validate(with_defaults(self.body()), scim_ctx=context, scim_policy=POLICY)
        return person_facts(person)


class People(PeopleDoor):
    """All people."""

    def get(self, request: Request) -> Response:
        """List those who are asked for."""
        return self.list(query_parameters(request.query_params))

    def post(self, request: Request) -> Response:
        """Take in a person."""
        parameters = PersonParameters.model_validate(attributes_of(request.query_params))
        person = self.told(Context.RESOURCE_CREATION_REQUEST)
        row = add_person(facts=person, key=self.key, at=timezone.now())
        return self.answered(row, parameters, Context.RESOURCE_CREATION_RESPONSE, HTTPStatus.CREATED)

    def list(self, query: dict[str, Any]) -> Response:
        """Answer with a page of people."""
        search = PersonSearch.model_validate(query)
        page = search_page(
            search, self.rows(), to_resources=self.shown_all, attributes=OF_PEOPLE, orders=ORDERS_OF_PEOPLE
        )
        return Response(page.told(PersonList, search))


class SearchedPeople(People):
    """The same question, sent as a body (RFC 7644, 3.4.3)."""

    http_method_names = ["post", "options"]

    def post(self, request: Request) -> Response:
        """List those who are asked for."""
        return self.list(self.body())


class OnePerson(PeopleDoor):
    """One person."""

    def get(self, request: Request, number: str) -> Response:
        """Show her; nothing where the directory has her as she is."""
        parameters = PersonParameters.model_validate(attributes_of(request.query_params))
        row = self.rows().filter(number=number_of(number)).first()
        if row is None:
            raise NotThere
        return self.unless_known(self.answered(row, parameters, Context.RESOURCE_QUERY_RESPONSE))

    def known(self) -> str:
        """What she is called here."""
        return name_of(self.rows(), self.kwargs["number"])

    def put(self, request: Request, number: str) -> Response:
        """Let her be what is told, and nothing else."""
        parameters = PersonParameters.model_validate(attributes_of(request.query_params))
        person = self.told(Context.RESOURCE_REPLACEMENT_REQUEST)
        row = self._changed(number, lambda _row: person)
        return self.answered(row, parameters, Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch(self, request: Request, number: str) -> Response:
        """Change what is told of."""
        parameters = PersonParameters.model_validate(attributes_of(request.query_params))
        patch = PersonPatch.model_validate(
            self.body(), scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=POLICY
        )

        def change(row: ProvisionedPerson) -> PersonFacts:
            person = person_resource(row, base=self.base)
            patch.patch(person, POLICY)
            return person_facts(person)

        row = self._changed(number, change)
        return self.answered(row, parameters, Context.RESOURCE_PATCH_RESPONSE)

    def delete(self, request: Request, number: str) -> Response:
        """Let her go."""
        remove_person(number=number_of(number), version=self.version, key=self.key, at=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)

    def _changed(self, number: str, change: Callable[[ProvisionedPerson], PersonFacts]) -> ProvisionedPerson:
        return change_person(
            number=number_of(number), change=change, version=self.version, key=self.key, at=timezone.now()
        )
