"""The documents that a dossier names: the files of the purchase, and those of the declarations its facts rest on."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from policy.facts import BuildFacts
from procurement.models import Line, Purchase
from records.keys import hung_on
from records.models import AgencyAttachment, Attachment, CatalogueAttachment
from registry.models import Declaration

DECLARATIONS = Declaration._meta.db_table


def documents_of(
    purchase: Purchase, lines: Iterable[Line], facts: Iterable[BuildFacts]
) -> list[dict[str, Any]]:
    """Each file in use, with the SHA-256 of its content; `declaration` is None for one of the purchase itself.

    Two queries, whatever their number.
    """
    own = AgencyAttachment.objects.unscoped(reason="files of a purchase that was resolved already")
    papers = _papers(lines, facts)
    of_papers = CatalogueAttachment.objects.filter(
        record_table=DECLARATIONS, record_id__in=sorted(map(str, papers))
    )
    of_purchase = own.filter(agency_id=purchase.agency_id, **hung_on(purchase))
    found = [
        *(_named(file, None) for file in of_purchase.filter(withdrawn_at__isnull=True)),
        *(
            _named(file, {"id": int(file.record_id), "title": papers[int(file.record_id)]})
            for file in of_papers.filter(withdrawn_at__isnull=True)
        ),
    ]
    return sorted(found, key=_place)


def _papers(lines: Iterable[Line], facts: Iterable[BuildFacts]) -> dict[int, str]:
    """The declarations that something rests on: id and title."""
    used = {paper.id: paper.title for each in facts for paper in each.evidence()}
    of_lines = (line.declaration for line in lines if line.declaration is not None)
    return used | {paper.pk: paper.title for paper in of_lines}


def _named(file: Attachment, declaration: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "declaration": declaration,
        "name": file.name,
        "about": file.about,
        "media_type": file.media_type,
        "size": file.size,
        "digest": file.digest,
    }


def _place(document: Mapping[str, Any]) -> tuple[int, str]:
    """Those of the purchase first, each group in the order in which they were added (ids count up)."""
    paper = document["declaration"]
    return (paper["id"] if paper else 0), document["id"]


def by_name(documents: Collection[Mapping[str, Any]]) -> dict[tuple[int, str], list[str]]:
    """The digests of each name; a file that was replaced under its name is the same document with another content."""
    found: dict[tuple[int, str], list[str]] = {}
    for each in sorted(documents, key=lambda document: document["digest"]):
        paper = each["declaration"]
        found.setdefault((paper["id"] if paper else 0, each["name"]), []).append(each["digest"])
    return found
