"""The claiming session by phone: ten at once, own figures only, nothing lost, nothing without a password."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths import load_benchmark
from small_company import small_company

from salesgoals.claiming.worth import best_claim, expected_pay
from salesgoals.claims import claim_board, claim_goal
from salesgoals.entries.places import login_name
from salesgoals.goal import chance, chance_of_people
from salesgoals.plans import load_plan, make_plan, save_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.run.cli import main
from salesgoals.run.serving.app import FILES
from salesgoals.run.serving.door import FREE_TRIES, Door, check_passwords, make_password, plain_password
from salesgoals.run.serving.figures import Figures
from salesgoals.run.serving.handouts import Handouts, policy_of, write_all
from salesgoals.run.serving.server import _address
from salesgoals.run.serving.session import TOGETHER, Session
from salesgoals.run.serving.sheet import list_claims
from salesgoals.run.serving.store import Store, kept_secret, only_server
from salesgoals.show.numbers import format_chance
from salesgoals.words import all_words, in_language
from salesgoals.workspace import Workspace, open_workspace

kit = load_benchmark("serve")
EVIL = "<img src=x onerror=alert(1)>"
CLOSED = ["/seat", "/mine", "/board", "/trainer", "/trainer/claims.csv", "/handouts/", "/handouts/double",
          "/api/mine", "/api/board", "/api/room", "/files/mine.js", "/files/board.js", "/files/trainer.js",
          "/files/", "/files/../app.py", "/files/door.html", "/served", "/api/", "/x"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_company(tmp_path_factory.mktemp("serve") / "w", names={3: "王磊", 5: EVIL, 6: "=1+1"}).folder


@pytest.fixture(scope="module")
def figures(made: Path) -> Figures:
    return Figures(open_workspace(made))


@pytest.fixture
def company(made: Path, tmp_path: Path) -> Workspace:
    return open_workspace(shutil.copytree(made, tmp_path / "w"))


@pytest.fixture
def serve(company: Workspace) -> Iterator[Callable[..., Any]]:
    started: list[Any] = []

    def start(*more: str) -> Any:
        started.append(kit.Served(company.folder, *more))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def shared(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One server for tests that change nothing that another looks at."""
    folder = shutil.copytree(made, tmp_path_factory.mktemp("shared") / "w")
    server = kit.Served(folder)
    yield server
    server.stop()


def person_in(url: str, person: str, language: str = "en") -> Any:
    one = kit.Participant(url, language)
    one.enter()
    one.sit(person)
    return one


def trainer_in(url: str) -> Any:
    one = kit.Participant(url)
    one.enter(kit.TRAINER)
    return one


def desk(trainer: Any, **sent: Any) -> tuple[int, dict[str, Any]]:
    status, text = trainer.ask("/api/room", "POST", sent)
    return status, json.loads(text)


def proposals(folder: Path) -> dict[str, int]:
    people = load_plan(open_workspace(folder)).plan.people
    return {person: int(goal) for person, goal in zip(people.person_id, people.goal, strict=True)}


def names_in(company: Workspace, language: str) -> dict[str, str]:
    with in_language(language):
        return Figures(company).names()


def test_ten_people_claim_at_once_in_a_real_browser(
        browser: Any, serve: Callable[..., Any], company: Workspace, screenshots: Path) -> None:
    server, goals = serve(), proposals(company.folder)
    names, chinese = names_in(company, "en"), names_in(company, "zh")
    outside, errors, pages = list[str](), list[str](), list[Any]()
    claims = {person: round(goal * share / 10_000) * 10_000 for (person, goal), share in
              zip(list(goals.items())[:10], np.linspace(.8, 1.1, 10), strict=True)}

    def opened(language: str, width: int = 390) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        context.on("request", lambda asked: asked.url.startswith(server.url) or outside.append(asked.url))
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda box: (errors.append(box.message), box.dismiss()))
        page.goto(server.url)
        return page

    try:
        for place, person in enumerate(claims):
            page, called = (opened("zh-CN"), chinese) if place % 2 else (opened("en-US"), names)
            page.fill("#password", kit.PASSWORD)
            page.click("button.main")
            page.locator("button.seat").get_by_text(called[person], exact=True).click()
            page.click("button.main")
            page.wait_for_selector("#curve svg")
            assert page.inner_text("#name") == called[person]
            page.fill("#amount", f"{claims[person]:,}")
            page.fill("#reason", f"reason of {place} {EVIL}")
            pages.append(page)
        for page in pages:      # all ten are in; now all claim
            page.evaluate("document.getElementById('send').click()")
        for page, amount in zip(pages, claims.values(), strict=True):
            page.wait_for_selector("#kept:not([hidden])")
            assert f"{amount:,}" in page.inner_text("#kept")

        pages[1].reload()       # a reload loses nothing
        pages[1].wait_for_selector("#kept:not([hidden])")
        assert f"{list(claims.values())[1]:,}" in pages[1].inner_text("#kept")
        assert pages[1].input_value("#reason") == f"reason of 1 {EVIL}"
        pages[0].evaluate("slider => { slider.value = Number(slider.min) + 20 * slider.step;"
                          " slider.dispatchEvent(new Event('input')); }", pages[0].query_selector("#slider"))
        moved = int(pages[0].inner_text("#shown").replace(",", ""))
        reached = chance_of_people(load_plan(company).forecast, pd.Series({"P001": float(moved)})).iloc[0]
        assert pages[0].inner_text("#chance").split()[-1] == format_chance(float(reached))

        trainer = opened("en-US", 1280)
        trainer.fill("#password", kit.TRAINER)
        trainer.click("button.main")
        trainer.wait_for_selector("#rows tr")
        board = trainer.inner_text("#sum")
        assert "The 10 people in the sum" in board
        rows = {row.query_selector("td").inner_text(): row.inner_text() for row in
                trainer.query_selector_all("#rows tr")}
        for person, amount in claims.items():
            assert f"{amount:,}" in rows[names[person]]
        pages[2].click("nav a[href='/board']")
        pages[2].wait_for_selector("#people div")
        assert pages[2].inner_text("#count") == "10 / 12"
        shown = pages[2].inner_text("main")
        assert not [amount for amount in claims.values() if f"{amount:,}" in shown]
        trainer.check("#amounts")
        for amount in claims.values():
            pages[2].wait_for_function("text => document.body.innerText.includes(text)", arg=f"{amount:,}")
        pages[2].screenshot(path=screenshots / "serve_board.png", full_page=True)
        trainer.uncheck("#open")
        pages[3].wait_for_function("() => document.getElementById('send').disabled")
        trainer.fill("#who", "Tess")
        trainer.click("#closing button.main")
        trainer.wait_for_selector("#told:not([hidden])")
        assert "10 claims" in trainer.inner_text("#told")
        trainer.screenshot(path=screenshots / "serve_trainer.png", full_page=True)
    finally:
        for page in pages:
            page.context.close()
    assert errors == []
    assert outside == []
    kept = claim_board(company).set_index("person_id")
    assert kept.claimed.dropna().astype(int).to_dict() == claims
    assert set(kept.who[kept.claimed.notna()]) == {"Tess"}
    assert kept.why["P001"] == f"reason of 0 {EVIL}"


def test_a_kill_and_a_restart_lose_nothing(serve: Callable[..., Any], company: Workspace) -> None:
    first = serve("--password", kit.PASSWORD)   # the trainer's password is made up
    trainers = re.search(r"password (\d{4}-\d{4})", first.said)
    assert trainers
    goals = proposals(company.folder)
    one, other = person_in(first.url, "P001"), person_in(first.url, "P002")
    assert one.claim(f"{goals['P001'] + 100}")[0] == 200
    assert other.claim(goals["P002"].__str__())[0] == 200
    assert other.ask("/api/mine", "DELETE")[0] == 200
    assert main(["serve", str(company.folder), "--port", "0"]) == 1   # one server at a time
    first.kill()
    again = serve("--password", kit.PASSWORD)
    assert trainers.group() in again.said   # the same as is written on the board
    for participant in (one, other):
        participant.url = again.url
    assert "Person" in one.read("/api/mine")["name"]
    assert one.read("/api/mine")["claim"]["amount"] == goals["P001"] + 100
    assert other.read("/api/mine")["claim"] is None
    assert person_in(again.url, "P001").ask("/api/mine")[0] == 409   # the seat is still taken
    folder = company.folder / "served"
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    tries = [kit.Participant(again.url).enter("guess")[0] for _ in range(FREE_TRIES)]
    assert tries == [403] * (FREE_TRIES - 1) + [429]
    status, text = kit.Participant(again.url).enter(kit.PASSWORD)   # even the right one has to wait then
    assert (status, "Wait" in text) == (429, True)
    assert one.read("/api/mine")["claim"]   # who is in stays in
    assert "ended" in again.stop()


def test_what_a_crash_left_in_the_folder_is_mended_or_said(tmp_path: Path) -> None:
    for left in ("", "\n"):
        (tmp_path / "secret").write_text(left)
        made = kept_secret(tmp_path, "secret")      # an empty one would sign nothing
        assert len(made) == 64
        assert kept_secret(tmp_path, "secret", "another") == made
    with only_server(tmp_path), pytest.raises(SalesgoalsError, match="another window"), only_server(tmp_path):
        pass
    (tmp_path / "running.db").write_bytes(b"no database" * 100)
    with pytest.raises(SalesgoalsError, match="not a database"), only_server(tmp_path):
        pass
    assert [_address(host, 80) for host in ("::1", "10.0.0.2")] == ["http://[::1]:80", "http://10.0.0.2:80"]


def test_a_page_whose_first_question_failed_asks_again(browser: Any, shared: Any) -> None:
    context = browser.new_context(locale="zh-CN")
    failed: list[str] = []

    def fail_twice(route: Any) -> None:
        failed.append(route.request.url)
        if len(failed) == 1:
            route.abort()
        elif len(failed) == 2:
            route.fulfill(status=500, content_type="application/json", body='{"problem": "no"}')
        else:
            route.continue_()

    try:
        page = context.new_page()
        page.route("**/api/mine", fail_twice)
        page.goto(shared.url)
        page.fill("#password", kit.PASSWORD)
        page.click("button.main")
        page.locator("button.seat").get_by_text("Person 12", exact=True).click()
        page.click("button.main")
        page.wait_for_selector("#lost:not([hidden])")
        page.wait_for_selector("#curve svg")
        assert len(failed) == 3
        page.wait_for_selector("#lost", state="hidden")
        for typed, shown in (("2千万", "20,000,000"), ("３百万", "3,000,000"), ("1.5亿", "150,000,000")):
            page.fill("#amount", typed)
            assert page.inner_text("#shown") == shown
    finally:
        context.close()


def test_without_the_password_there_is_nothing(shared: Any, made: Path) -> None:
    secret_words = [*Figures(open_workspace(made)).names().values(), "Small &amp; Co",
                    *(f"{goal:,}" for goal in proposals(made).values())]
    stranger, guesser = kit.Participant(shared.url), kit.Participant(shared.url)
    assert guesser.enter("wrong")[0] == 403
    for participant in (stranger, guesser):
        for path in CLOSED:
            for method in ("GET", "POST", "PUT", "DELETE"):
                if method == "GET" or participant is guesser:
                    status, text = participant.ask(path, method, None if method == "GET" else {"do": "set"})
                    assert status in (401, 403, 404, 405) or 'name="password"' in text, (path, method, status)
                    assert not [word for word in secret_words if word in text], (path, method)
                    assert "Traceback" not in text


def test_foreign_changed_and_former_cookies_are_refused(shared: Any) -> None:
    from tornado.web import create_signed_value

    one = person_in(shared.url, "P008")
    good = next(cookie.value for cookie in one.jar if cookie.name == "device")
    assert good

    def with_cookie(value: str) -> int:
        return kit.Participant(shared.url).ask("/api/mine", Cookie=f"device={value}")[0]

    assert with_cookie(good) == 200
    payload = good.strip('"').split("|")
    foreign = create_signed_value("0" * 64, "device", b"x|trainer|" + b"0" * 32).decode()
    for bad in (foreign, good[:-3] + "000", "", "x|seat|y", "|".join(payload[:-1]),
                good.replace("device", "devicf")):
        assert with_cookie(bad) == 401, bad
    flags = [cookie for cookie in one.jar if cookie.name in ("device", "_xsrf")]
    assert len(flags) == 2
    assert all(cookie.has_nonstandard_attr("HttpOnly") for cookie in flags)


def test_a_page_elsewhere_cannot_claim_for_somebody(shared: Any, made: Path) -> None:
    one = person_in(shared.url, "P009")
    goal = str(proposals(made)["P009"])
    token, one.token = one.token, "2|forged|token|1"
    assert one.claim(goal)[0] == 403
    assert one.ask("/seat", "POST", form={"person": "P010", "sure": "yes"})[0] == 403
    one.token = token
    assert one.claim(goal)[0] == 200
    status, headers = 0, {}
    import urllib.request
    with urllib.request.urlopen(shared.url) as answer:
        status, headers = answer.status, dict(answer.headers)
    assert status == 200
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert "Server" not in headers


def test_nobody_reaches_somebody_elses_figures(shared: Any, made: Path) -> None:
    goals = proposals(made)
    one, watcher = person_in(shared.url, "P003", "zh"), kit.Participant(shared.url)
    watcher.enter()
    assert watcher.ask("/api/mine")[0] == 409
    own = one.read("/api/mine")
    assert own["name"] == "王磊"
    assert own["cards"][1][1] == f"{goals['P003']:,}"
    for trick in ("?person=P001", "?person_id=P001&seat=P001", "/P001"):
        status, text = one.ask(f"/api/mine{trick}")
        assert status == 404 or json.loads(text)["name"] == "王磊"
    sent = {"amount": str(goals["P003"]), "reason": "x", "person": "P001"}
    status, text = one.ask("/api/mine", "POST", sent)
    assert json.loads(text)["mine"]["name"] == "王磊"
    assert one.sit("P004")[0] == 409    # one seat a device
    assert one.read("/api/mine")["name"] == "王磊"
    assert person_in(shared.url, "P003").ask("/api/mine")[0] == 409   # and one device a seat
    for path in ("/trainer", "/trainer/claims.csv", "/api/room"):
        assert one.ask(path)[0] == 403, path
    assert one.ask("/api/room", "POST", {"do": "set", "name": "amounts", "value": True})[0] == 403
    texts = [one.ask(path)[1] for path in ("/api/mine", "/api/board", "/board", "/mine", "/seat")]
    others = [goal for person, goal in goals.items() if person != "P003" and goal != goals["P003"]]
    assert len(others) > 8
    for goal in others:
        assert not [text for text in texts if str(goal) in text or f"{goal:,}" in text]


BAD = {"": "empty", "many": "no number", "-5": "below 0", "1e400": "too large", "nan": "no number",
       "100%": "no number", "90": "ten thousands", "1000001": "whole multiples", "x" * 41: "at most 40",
       "\ud800": "empty", "=1+1": "no number"}


def test_a_number_that_cannot_be_meant_is_refused_in_a_sentence(shared: Any) -> None:
    one = person_in(shared.url, "P010")
    for amount, said in BAD.items():
        status, answer = one.claim(amount)
        assert (status, said in answer["problem"]) == (400, True), (amount, answer)
    assert one.read("/api/mine")["claim"] is None
    assert one.claim("90万")[0] == 200


def test_guessing_takes_longer_and_longer() -> None:
    now = [0.0]
    door = Door("room-2026", "desk-2026", "s", clock=lambda: now[0])
    assert [door.enter(word, "1.1.1.1") for word in ("Room 2026", "ＲＯＯＭ-2026", "desk—2026")] == [
        "seat", "seat", "trainer"]
    waits = []
    for _ in range(12):
        while door.wait("1.1.1.1"):
            now[0] += 1
        assert door.enter("room-2027", "1.1.1.1") is None
        waits.append(door.wait("1.1.1.1"))
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 600, 600, 600]
    assert door.wait("2.2.2.2") == 0
    neighbours = [door.enter("wrong", f"2001:db8::{number:x}") for number in range(FREE_TRIES)]
    assert neighbours == [None] * FREE_TRIES
    assert door.wait("2001:db8::ffff") == 30    # one household of IPv6 is one guesser
    other = Door("room-2027", "desk-2026", "s")     # whoever has the former password is asked for the new one
    assert other.knows("trainer", door.marks["trainer"].decode())
    assert not other.knows("seat", door.marks["seat"].decode())
    now[0] += 5000
    assert door.wait("1.1.1.1") == 0
    for seat, trainer in (("abc", "desk-2026"), ("room-2026", "Room 2026"), ("- - - 12345", "desk-2026")):
        with pytest.raises(SalesgoalsError):
            check_passwords(seat, trainer)
    assert len({plain_password(make_password()) for _ in range(200)}) > 195


def session_of(figures: Figures) -> Session:
    return Session(figures, Store(Path(":memory:")))


@given(steps=st.lists(st.tuples(st.integers(0, 11), st.booleans()), max_size=24))
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_from_the_shared_sum_nobodys_number_can_be_read(
        figures: Figures, steps: list[tuple[int, bool]]) -> None:
    session, ids = session_of(figures), list(figures.people.index)
    for person in ids[:6]:
        session.take_seat(person, f"device of {person}")
    seen: dict[str, int] = {}
    for at, (place, back) in enumerate(steps):
        person = ids[place]
        if back:
            session.withdraw(person)
        else:
            session.claim(person, str(int(figures.people.goal[person]) + 100 * (at + 1)), "r")
        board = session.board(ids[0])
        until = session.store.state()["published"]
        now = {key: one.number for key, one in session.store.said(until).items()} if until else {}
        new = [key for key in now if now[key] != seen.get(key)]
        assert not new or len(new) >= TOGETHER
        seen = now
        held = [one.amount for one in session.store.said(until).values() if one.amount is not None]
        assert (board["sum"] or {"claimed": 0})["claimed"] == (sum(held) if until else 0)
        later = sum(one.number > until for one in session.store.said().values())
        with in_language("en"):     # what is not in it yet is told as a number of people
            note = session.board(ids[0])["note"]
        told = re.search(r"(\d+) (?:person has|people have) something new that", note)
        assert int(told.group(1) if told else 0) == later
        assert all(not one["amount"] for one in board["people"])
    whole = session.board(None, trainer=True)
    claimed = {key: one.amount for key, one in session.store.said().items() if one.amount is not None}
    assert whole["claimed"] == len(claimed)
    assert (whole["sum"] or {"claimed": 0})["claimed"] == sum(claimed.values())


def test_what_is_shown_is_what_the_package_works_out(figures: Figures) -> None:
    forecast = figures.forecast
    checked = 0
    for person in figures.people.index:
        own, known = figures.own(person), figures.outlook(person)
        assert own.last_12 == pytest.approx(sum(amount for _, amount in own.months))
        if known is None:
            assert own.chances == []
            continue
        for place in range(0, len(own.amounts), 20):
            exact = chance_of_people(forecast, pd.Series({person: float(own.amounts[place])})).iloc[0]
            assert own.chances[place] == pytest.approx(exact, abs=1e-5)
            checked += 1
        assert all(amount % figures.unit == 0 for amount in own.amounts)
        assert own.amounts[0] <= own.proposed <= own.amounts[-1]
        for name in ("gonik", "joint_base", "menu"):
            worth, rule = figures.worth(person, name), figures.rule(person, name)
            if worth is not None:
                exact = float(expected_pay(rule, *known, own.amounts[7]))
                assert worth["pays"][7] == pytest.approx(exact, abs=1e-3)
                assert worth["best"] == best_claim(rule, *known)
    assert checked > 50
    assert figures.chance_of_total(float(figures.goal)) == chance(forecast, float(figures.goal))
    session = session_of(figures)
    session.set_state("rule", "menu")
    for language in ("zh", "en"):
        with in_language(language):
            mine = session.mine("P001")
            assert len(mine["pay"]["lines"]) == 5
            json.dumps([mine, session.room(), session.board("P001")], allow_nan=False)


def test_claims_on_record_are_taken_over_and_written_once(company: Workspace) -> None:
    goals = proposals(company.folder)
    claim_goal(company, "P002", goals["P002"] - 100, who="Ann", why="by mail")
    session = Session(Figures(company), Store(Path(":memory:")))
    table = list_claims(session.figures, session.store).set_index("person_id")
    assert table.claimed.dropna().to_dict() == {"P002": goals["P002"] - 100}
    assert session.write_ledger("Tess", "meeting") == ["There is nothing new to write."]
    session.claim("P001", str(goals["P001"] * 3), "r")
    session.withdraw("P002")
    told = session.write_ledger("Tess", "meeting")
    assert (len(told), told[1].startswith("Person 1 (P001) claims")) == (3, True)   # two have this name
    board = claim_board(company).set_index("person_id")
    assert board.claimed.dropna().to_dict() == {"P001": goals["P001"] * 3}
    assert board.who["P001"] == "Tess" != login_name()
    assert session.write_ledger("Tess", "meeting") == ["There is nothing new to write."]


def test_each_in_the_own_language(shared: Any) -> None:
    one = kit.Participant(shared.url, "zh-CN,zh;q=0.9,en;q=0.5")
    assert "进入认领会" in one.ask("/")[1]
    assert "Come in" in one.ask("/language?to=en&back=/")[1]
    assert "Come in" in one.ask("/")[1]     # the choice holds
    status, text = kit.Participant(shared.url, "fr").ask("/language?to=fr&back=//evil.example")
    assert (status, "Come in" in text) == (200, True)
    assert "还空着" in person_in(shared.url, "P011", "zh").claim("")[1]["problem"]


def test_hand_outs_stand_behind_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    from salesgoals.show import handouts

    def make(name: str) -> str:
        if name == "b":
            raise SalesgoalsError(Problem("serve.not_understood"))
        return f"<html>{name}</html>"

    monkeypatch.setattr(handouts, "list_handouts", lambda: ["a", "b", "../c"])
    monkeypatch.setattr(handouts, "handout_page", make)
    lines: list[str] = []
    write_all("zh", lines.append)
    assert [json.loads(line) for line in lines] == [{"name": "a", "page": "<html>a</html>"},
                                                    {"name": "b", "page": ""}]
    assert Handouts().titles() == [("a", "a"), ("b", "b")]
    policy = policy_of("<style>p{}</style><script>let a = 1 < 2;</script>\n<script type='x'>{}</script>")
    assert policy.count("'sha256-") == 2
    assert "default-src 'none'" in policy
    assert "http" not in policy
    monkeypatch.setitem(sys.modules, "salesgoals.show.handouts", None)   # as in a version without any
    assert Handouts().names() == []


def test_a_workspace_without_a_plan_says_what_comes_first(tmp_path: Path, made: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    folder = shutil.copytree(made, tmp_path / "w", ignore=shutil.ignore_patterns("plan"))
    assert main(["serve", str(folder)]) == 1
    assert "salesgoals plan" in capsys.readouterr().err
    (tmp_path / "x" / "served").mkdir(parents=True)
    other = shutil.copytree(made, tmp_path / "x", dirs_exist_ok=True)
    for words, said in ((["--password", "12345"], "too short"), (["--port", "70000"], "65535"),
                        (["--host", "256.1.1.1"], "cannot be used")):
        assert main(["serve", str(other), *words]) == 1
        assert said in capsys.readouterr().err
    assert not list((other / "served").glob("session*"))


def test_every_word_of_the_session_is_used_and_every_used_word_exists() -> None:
    folder = PROJECT / "salesgoals" / "run"
    paths = [*folder.glob("serving/*.py"), *folder.glob("serving/pages/*.html"), folder / "commands_serve.py"]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    assert len(texts) > 12
    used = {key for text in texts for key in re.findall(r"(?:serve|claims)\.[a-z_0-9]+\b(?![{(])", text)}
    named = {key for key in used if not key.endswith("_")} - {"claims.csv", "claims.claim_gap", "serve.md"}
    assert {key for key in named if key not in all_words()} == set()
    built = ("serve.error_", "serve.ledger_", "serve.bar_")
    own = {key for key in all_words() if key.startswith("serve.")}
    assert len(own) > 100
    assert {key for key in own - named if not key.startswith(built)} == set()
    scripts = [(folder / "serving" / "pages" / name).read_text(encoding="utf-8") for name in FILES]
    assert not [text for text in scripts if "innerHTML" in text or "http://" in text.replace(
        "http://www.w3.org/2000/svg", "") or "https://" in text]


def test_claims_from_many_threads_are_all_kept(shared: Any, made: Path) -> None:
    goals = proposals(made)
    people = ["P001", "P002", "P004", "P005"]
    seated = [person_in(shared.url, person) for person in people]
    wrong: list[Any] = []

    def claim(one: Any, person: str) -> None:
        for number in range(10):
            status, answer = one.claim(str(goals[person] + 100 * number), f"round {number}")
            if status != 200:
                wrong.append(answer)

    threads = [threading.Thread(target=claim, args=pair) for pair in zip(seated, people, strict=True)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert time.monotonic() - begin < 60
    for one, person in zip(seated, people, strict=True):
        assert one.read("/api/mine")["claim"]["amount"] == goals[person] + 900


def test_whatever_else_is_sent_is_answered_in_a_sentence(shared: Any) -> None:
    company = open_workspace(shared.workspace)
    one, trainer = person_in(shared.url, "P007"), trainer_in(shared.url)
    goal = str(proposals(company.folder)["P007"])
    for body in (b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 9000, b'{"amount": 1, "reason": "x"}',
                 b'{"amount": ["1"], "reason": "x"}', json.dumps({"amount": goal, "reason": {}}).encode()):
        status, text = one.ask("/api/mine", "POST", body)
        assert (status, "reload" in json.loads(text)["problem"]) == (400, True), body[:20]
    assert one.claim(goal, "x" * 201)[0] == 400
    assert "reason is empty" in one.claim(goal, " \x00\n")[1]["problem"]
    with contextlib.suppress(OSError):  # or the server hangs up, which is an answer too
        assert one.ask("/api/mine", "POST", b"x" * 40_000)[0] in (400, 413)
    for sent in ({}, {"do": "set", "name": "written", "value": 9}, {"do": "set", "name": "open", "value": 1},
                 {"do": "set", "name": "rule", "value": "bonus"}, {"do": "ledger", "who": "", "why": "x"},
                 {"do": "ledger"}, {"do": "set", "name": ["open"], "value": True}):
        assert desk(trainer, **sent)[0] == 400, sent
    status, answer = one.claim("0", "nothing this year")
    assert (status, "carries nothing" in answer["doubts"][0]) == (200, True)
    assert desk(trainer, do="set", name="open", value=False)[0] == 200
    status, answer = one.claim(goal)
    assert (status, "round is closed" in answer["problem"]) == (400, True)
    assert one.ask("/api/mine", "DELETE")[0] == 400
    assert one.read("/api/mine")["claim"]["amount"] == 0
    desk(trainer, do="set", name="open", value=True)
    assert desk(trainer, do="free", person="P007")[0] == 200
    assert one.claim(goal)[0] == 409    # the seat is gone
    other = person_in(shared.url, "P007")
    assert other.read("/api/mine")["claim"]["amount"] == 0     # what was claimed is still there
    assert other.ask("/api/mine", "DELETE")[0] == 200
    status, text = trainer.ask("/trainer/claims.csv")
    assert status == 200
    assert "'=1+1" in text
    save_plan(company, make_plan(company, 12_000_000, "2026-07", unit=100))
    assert other.claim(goal)[0] == 200
    status, answer = desk(trainer, do="ledger", who="Tess", why="meeting")
    assert (status, "replaced" in answer["problem"]) == (400, True)
