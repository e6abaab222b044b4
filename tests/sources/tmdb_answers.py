"""Answers of TMDB: a show and a person with everything that is mapped."""

from typing import Any


def translation(language: str, country: str, name: str, overview: str = "") -> dict[str, Any]:
    data = {"name": name, "overview": overview, "homepage": "", "tagline": ""}
    return {"iso_639_1": language, "iso_3166_1": country, "name": "", "data": data}


def episode(number: int, day: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "id": 2000 + number,
        "name": f"Episode {number}",
        "air_date": day,
        "episode_number": number,
        "episode_type": "standard",
        "runtime": 80,
        "overview": "",
        **changes,
    }


def show(number: int = 117376, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "adult": False,
        "name": "Vincenzo",
        "original_name": "빈센조",
        "original_language": "ko",
        "origin_country": ["KR"],
        "overview": "A lawyer of the mafia comes home.",
        "first_air_date": "2021-02-20",
        "last_air_date": "2021-05-02",
        "genres": [{"id": 18, "name": "Drama"}, {"id": 35, "name": "Comedy"}],
        "status": "Ended",
        "number_of_episodes": 2,
        "number_of_seasons": 1,
        "popularity": 36.396,
        "poster_path": "/dvXJgEDQXhL9Ouot2WkBHpQiHGd.jpg",
        "networks": [{"id": 866, "name": "tvN"}, {"id": 213, "name": "Netflix"}],
        "seasons": [
            {"season_number": 1, "air_date": "2021-02-20", "episode_count": 2, "name": "Season 1"}
        ],
        "aggregate_credits": {
            "cast": [
                {
                    "id": 86889,
                    "name": "Jeon Yeo-been",
                    "order": 1,
                    "roles": [{"character": "Hong Cha-young", "episode_count": 20}],
                },
                {
                    "id": 19391,
                    "name": "Song Joong-ki",
                    "order": 0,
                    "roles": [{"character": "Vincenzo Cassano", "episode_count": 20}],
                },
            ],
            "crew": [
                {"id": 11, "jobs": [{"job": "Writer"}], "total_episode_count": 2},
                {"id": 12, "jobs": [{"job": "Gaffer"}], "total_episode_count": 20},
                {"id": 13, "jobs": [{"job": "Director"}], "total_episode_count": 20},
            ],
        },
        "alternative_titles": {
            "results": [
                {"iso_3166_1": "KR", "title": "Binsenjo", "type": "Romanization"},
                {"iso_3166_1": "KR", "title": "빈센조 까사노", "type": ""},
                {"iso_3166_1": "TW", "title": "文森佐", "type": ""},
                {"iso_3166_1": "ID", "title": "Vincenzo", "type": ""},
            ]
        },
        "translations": {
            "translations": [
                translation("en", "US", "", "A lawyer of the mafia comes home."),
                translation("ko", "KR", "빈센조", "마피아 변호사가 돌아온다."),
                translation("zh", "TW", "黑道律師文森佐"),
                translation("zh", "CN", "文森佐"),
                translation("pt", "BR", "Vincenzo", "Um advogado da máfia volta."),
                translation("es", "MX", "Vincenzo, el abogado"),
                translation("ru", "RU", "Винченцо", "Адвокат мафии."),
                translation("fr", "FR", ""),
            ]
        },
        "external_ids": {
            "imdb_id": "tt13433812",
            "tvdb_id": 396112,
            "wikidata_id": "Q104884094",
            "facebook_id": None,
        },
        "season/1": {
            "season_number": 1,
            "episodes": [
                episode(1, "2021-02-20", name="The Consigliere"),
                episode(2, "2021-02-21", episode_type="finale"),
            ],
        },
        **changes,
    }


def person(number: int = 73249, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": "Lee Jung-jae",
        "also_known_as": ["이정재", "イ・ジョンジェ", "李政宰", "Lee Jeong-Jae", "Lee Jung-jae"],
        "birthday": "1972-12-15",
        "known_for_department": "Acting",
        "popularity": 9.1,
        "profile_path": "/kJ3YPT1VqMJbV6TqQsnZBnx8Ywf.jpg",
        "translations": {
            "translations": [
                {"iso_639_1": "ko", "iso_3166_1": "KR", "data": {"biography": "", "name": "이정재"}}
            ]
        },
        "external_ids": {"imdb_id": "nm0497639", "wikidata_id": "Q484459", "twitter_id": None},
        **changes,
    }
