"""How the API's lists are paged: by cursor, so that a page is as quick deep in the list as at its top."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """The newest first; `page_size` may be chosen up to 200."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
