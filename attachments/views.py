"""The door that files go out by."""

from datetime import timedelta

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from attachments.models import Attachment
from attachments.owners import owner_showing
from core.request_cleaning import may_be_kept
from organizations.requests import PersonRequest

A_YEAR = timedelta(days=365)


@require_safe
def attachment(request: PersonRequest, key: str, size: str = "") -> HttpResponseBase:
    """
    Hand out a file to whoever sees what it belongs to.

    A picture of ours is shown where it stands; everything else is saved as a file, and whatever opens it from here has no
    rights to this site.
    """
    this = get_object_or_404(Attachment.objects.select_related("content__file", "content__small"), key=key)
    owner = owner_showing(this, to=request.user, at=timezone.now())
    file = this.content.small if size else this.content.file
    if owner is None or file is None:
        raise Http404
    response: HttpResponseBase
    if this.is_picture:
        response = HttpResponse(b"".join(file.pieces()))
    else:
        response = StreamingHttpResponse(file.pieces())
    response["Content-Type"] = this.content.media_type
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(not this.is_picture, this.name) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if owner.is_for_everybody:
        may_be_kept(response, for_=A_YEAR)
    return response
