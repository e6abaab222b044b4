"""The demo in the terminal, with commands as arguments and on standard input."""

import json
from pathlib import Path

from tests.support.process import bonbang


def test_commands_show_cards(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo", "/whois Taecyeon", "/cast Soul Mate")
    assert (run.returncode, run.stderr) == (0, "")
    assert "옥택연" in run.stdout
    assert "Isomura Hayato as Ryu Narutaki" in run.stdout
    assert "[ Synopsis ]" in run.stdout


def test_json_output_is_one_object_per_command(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo", "--json", "/whois Johan", "/show nothing of the kind")
    found, missing = map(json.loads, run.stdout.splitlines())
    assert list(found) == ["command", "ephemeral", "text", "message"]
    assert found["command"] == "/whois Johan"
    assert found["ephemeral"] is False
    assert found["text"].startswith("Johan Hwang\n황요한")
    assert found["message"]["components"][0]["type"] == 17
    assert found["message"]["allowed_mentions"] == {"parse": []}
    assert missing["ephemeral"] is True


def test_invalid_commands_exit_with_1(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo", "/whois Johan", "/nope", "/whois", "/whois nam:x")
    assert run.returncode == 1
    assert "/about, /cast" in run.stderr
    assert "requires option 'name'" in run.stderr


def test_now_option_decides_what_has_been_released(tmp_path: Path) -> None:
    early = bonbang(tmp_path, "demo", "--now", "2026-05-06T09:00+09:00", "/release Soul Mate")
    late = bonbang(tmp_path, "demo", "--now", "2026-06-01T09:00+09:00", "/release Soul Mate")
    assert "Announced" in early.stdout.split("Previously")[0]
    assert "Released" in late.stdout.split("Previously")[0]


def test_locale_option_sets_the_language(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo", "--locale", "ko", "/synopsis Soul Mate")
    assert "소울 메이트" in run.stdout
    assert "세 도시를 오가는" in run.stdout


def test_invalid_option_values_are_refused(tmp_path: Path) -> None:
    for option in (("--locale", "xx"), ("--now", "tomorrow"), ("--as", "owner")):
        run = bonbang(tmp_path, "demo", *option, "/about")
        assert run.returncode == 2
        assert "Traceback" not in run.stderr


def test_lines_of_standard_input_are_run_until_it_ends(tmp_path: Path) -> None:
    typed = "/cast Soul Mate\n\n+7d\n/nonsense\n/whois ㅇㅌㅇ"
    run = bonbang(tmp_path, "demo", "--now", "2026-05-01T00:00+00:00", typed=typed)
    assert run.returncode == 0
    first, *_ = run.stdout.splitlines()
    assert first == "/whois Taecyeon"
    assert "http://127.0.0.1:" in run.stdout
    assert "The time is now 2026-05-08 00:00 UTC." in run.stdout
    assert run.stdout.count("옥택연") == 2
    assert "Unknown command" in run.stderr


def test_demo_reads_the_operators_database_without_changing_it(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"entity": "person", "id": "suzy", "names": [{"text": "Bae Suzy"}]}\n')
    assert bonbang(tmp_path, "catalog", "import", str(own)).returncode == 0
    before = (tmp_path / "bonbang.db").read_bytes()
    run = bonbang(tmp_path, "demo", "/whois Suzy", "/whois Taecyeon")
    assert "Bae Suzy" in run.stdout
    assert "Ok Taec-yeon" in run.stdout
    assert (tmp_path / "bonbang.db").read_bytes() == before


def test_demo_leaves_no_files_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    bonbang(tmp_path, "demo", "/about", TMPDIR=str(temporary))
    assert list(temporary.iterdir()) == []
    assert [file.name for file in tmp_path.iterdir()] == ["tmp"]


def test_channels_are_named(tmp_path: Path) -> None:
    listed = "/countdown list"
    card = bonbang(tmp_path, "demo", "--as", "moderator", listed)
    assert "· #countdown " in card.stdout
    run = bonbang(tmp_path, "demo", "--as", "moderator", "--json", listed)
    reply = json.loads(run.stdout)
    assert "· #countdown\n" in reply["text"]
    assert "· <#" in json.dumps(reply["message"], ensure_ascii=False)


def test_user_can_be_switched(tmp_path: Path) -> None:
    switches = ["/countdown list", "as moderator", "/countdown list", "as member", "/settings"]
    run = bonbang(tmp_path, "demo", "--json", *switches)
    assert run.returncode == 1
    to_moderator, listed, to_member = map(json.loads, run.stdout.splitlines())
    assert to_moderator["text"] == "You are now the moderator."
    assert "Soul Mate" in listed["text"]
    assert to_member["text"] == "You are now the member."
    assert run.stderr.splitlines() == [
        f"Only moderators can use /{name}. Try `as moderator` first."
        for name in ("countdown", "settings")
    ]


def test_announcements_of_every_channel_are_shown(tmp_path: Path) -> None:
    lines = ("/countdown add title:Soul Mate channel:#general timezone:Seoul", "+1d", "+1h")
    cards = bonbang(tmp_path, "demo", "--as", "moderator", *lines)
    assert cards.stdout.count("─ #general ─") == 1
    assert cards.stdout.count("─ #countdown ─") == 1
    run = bonbang(tmp_path, "demo", "--as", "moderator", "--json", *lines)
    _, step, later = map(json.loads, run.stdout.splitlines())
    assert step["text"] == "The time is now 2026-05-07 03:00 UTC."
    assert {one["channel"] for one in step["announcements"]} == {"#general", "#countdown"}
    assert all("D-7" in one["text"] for one in step["announcements"])
    assert later["announcements"] == []


def test_steps_that_are_too_long_are_refused(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo", "+9999999999999d", "+521w6d", "/whois Taecyeon")
    assert run.returncode == 1
    assert run.stderr.count("ten years at a time") == 1
    assert "옥택연" in run.stdout


def test_commands_to_try_are_named(tmp_path: Path) -> None:
    run = bonbang(tmp_path, "demo")
    assert "  /whois Taecyeon\n  /cast Soul Mate\n  /countdown list\n" in run.stdout
    assert "as moderator" in run.stdout
    korean = bonbang(tmp_path, "demo", "--locale", "ko")
    assert "  /whois 옥택연\n  /cast 소울 메이트\n  /countdown list\n" in korean.stdout
