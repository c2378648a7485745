"""Machine-readable descriptions of a bundle: Frictionless data package and DCAT-AP catalogue.

Nouns: a *package* names every table and column with its type; a *catalogue* names the data set,
who publishes it, how often, for where and when. Law: both are made from what the release is, so
that two writers give the same bytes; sources without a known value say so, nothing is invented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from dure.engines import release_files, release_grid

_INTEGERS = frozenset(
    {"version", "numerator", "denominator", "coverage_ppm", "floor_ppm", "scale", "digits",
     "micrograms_per_unit", "facts", "label_version", "sign", "quantity", "gco2e",
     "release_before"}
)  # fmt: skip
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/CSV"
_TITLES = {
    "cells.csv": ("공표 단위", "cells of the release"),
    "definitions.csv": ("지표 정의", "definitions"),
    "factors.csv": ("환산 계수", "factors"),
    "places.csv": ("곳", "places"),
    "revisions.csv": ("고친 숫자", "revised numbers"),
}


@dataclass(frozen=True, slots=True)
class Description:
    """What both files say about a release. Texts in both languages, dates as ISO text."""

    number: int
    period: str
    since: str
    vintage: str
    synthetic: bool
    issued: str
    publisher_ko: str
    publisher_en: str
    licence_name: str
    licence_title: str
    licence_path: str
    attribution: str
    place_ko: str
    place_en: str

    @property
    def title(self) -> tuple[str, str]:
        made_up = (" (지어낸 자료)", " (synthetic data)") if self.synthetic else ("", "")
        return (
            f"연대경제 지표 공표 {self.number}호, {self.period}, {self.vintage}차{made_up[0]}",
            (
                f"Solidarity economy indicators, release {self.number}, {self.period}, "
                f"vintage {self.vintage}{made_up[1]}"
            ),
        )


def columns_of(path: str) -> Sequence[str]:
    """Return the columns of a table by its path.

    >>> columns_of("places.csv")
    ('place', 'name_ko', 'name_en')
    """
    if path.startswith("public-events/"):
        return release_files.EVENTS
    return {
        "cells.csv": release_files.CELLS,
        "definitions.csv": release_files.DEFINITIONS,
        "factors.csv": release_files.FACTORS,
        "places.csv": release_files.PLACES,
        "revisions.csv": release_files.REVISIONS,
    }[path]


def data_package(about: Description, tables: Mapping[str, bytes]) -> bytes:
    """Write `datapackage.json` (Frictionless Data Package 1).

    tables  : path → bytes of every CSV of the bundle
    """
    resources = []
    for path in sorted(tables):
        numerator_is_formula = path == "definitions.csv"
        fields = [
            {"name": name, "type": _type(name, text_formulas=numerator_is_formula)}
            for name in columns_of(path)
        ]
        titles = _TITLES.get(path, ("공개 사건", "public events"))
        resources.append(
            {
                "name": path.removesuffix(".csv").replace("/", "-"),
                "title": f"{titles[0]} · {titles[1]}",
                "path": path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(tables[path]),
                "hash": f"sha256:{sha256(tables[path]).hexdigest()}",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
                "schema": {"fields": fields, "missingValues": [""]},
            }
        )
    package = {
        "profile": "tabular-data-package",
        "name": f"release-{about.number:04d}",
        "title": " · ".join(about.title),
        "version": f"{about.number}.{about.vintage}",
        "created": about.issued,
        "licenses": [
            {"name": about.licence_name, "title": about.licence_title, "path": about.licence_path}
        ],
        "sources": [{"title": about.attribution}],
        "contributors": [
            {"title": f"{about.publisher_ko} · {about.publisher_en}", "role": "publisher"}
        ],
        "resources": resources,
    }
    return _json(package)


def _type(name: str, *, text_formulas: bool) -> str:
    if text_formulas and name in ("numerator", "denominator"):
        return "string"
    if name == "date":
        return "date"
    return "integer" if name in _INTEGERS else "string"


def catalogue(about: Description, tables: Mapping[str, bytes]) -> bytes:
    """Write `catalog.jsonld` (DCAT-AP 3): one data set, one distribution a table."""
    grain = release_grid.grain_of(about.period)
    frequency = {"month": "MONTHLY", "quarter": "QUARTERLY", "year": "ANNUAL"}[grain]
    base = f"urn:dure:release:{about.number}"
    distributions = [
        {
            "@id": f"{base}:{path}",
            "@type": "dcat:Distribution",
            "dct:title": path,
            "dcat:accessURL": {"@id": f"{base}:{path}"},
            "dct:format": {"@id": _FILE_TYPE},
            "dcat:mediaType": {"@id": "http://www.iana.org/assignments/media-types/text/csv"},
            "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(len(tables[path]))},
            "dct:license": {"@id": about.licence_path},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
                "spdx:checksumValue": {
                    "@type": "xsd:hexBinary",
                    "@value": sha256(tables[path]).hexdigest(),
                },
            },
        }
        for path in sorted(tables)
    ]
    title_ko, title_en = about.title
    dataset = {
        "@id": base,
        "@type": "dcat:Dataset",
        "dct:identifier": f"release-{about.number:04d}",
        "dct:title": _both(title_ko, title_en),
        "dct:description": _both(
            "수리·재사용, 조직 수, 고용의 공표 단위와 정의, 다시 계산할 수 있는 공개 사건입니다.",
            "Published cells and definitions of repair, reuse, organisations and jobs, with the "
            "public events from which they can be computed again.",
        ),
        "dct:publisher": {
            "@type": "foaf:Organization",
            "foaf:name": _both(about.publisher_ko, about.publisher_en),
        },
        "dct:issued": {"@type": "xsd:dateTime", "@value": about.issued},
        "dct:accrualPeriodicity": {"@id": _FREQUENCY + frequency},
        "dct:spatial": {
            "@type": "dct:Location",
            "locn:geographicName": _both(about.place_ko, about.place_en),
        },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(release_grid.first_day(about.since).isoformat()),
            "dcat:endDate": _day(release_grid.last_day(about.period).isoformat()),
        },
        "dct:language": [
            {"@id": "http://publications.europa.eu/resource/authority/language/KOR"},
            {"@id": "http://publications.europa.eu/resource/authority/language/ENG"},
        ],
        "dct:rights": about.attribution,
        "dcat:version": f"{about.number}.{about.vintage}",
        "dcat:distribution": distributions,
    }
    return _json(
        {
            "@context": {
                "dcat": "http://www.w3.org/ns/dcat#",
                "dct": "http://purl.org/dc/terms/",
                "foaf": "http://xmlns.com/foaf/0.1/",
                "locn": "http://www.w3.org/ns/locn#",
                "spdx": "http://spdx.org/rdf/terms#",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
            },
            "@id": f"{base}:catalog",
            "@type": "dcat:Catalog",
            "dct:title": _both("두레 공개 자료", "Dure open data"),
            "dct:description": _both("공표본의 목록", "Catalogue of releases"),
            "dct:publisher": dataset["dct:publisher"],
            "dcat:dataset": [dataset],
        }
    )


def _both(ko: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "ko", "@value": ko}, {"@language": "en", "@value": en}]


def _day(day: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day}


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
