"""A server on a free port of this machine, a browser, and what every page must hold.

`site` serves the application on a fresh database with real commits. `visit(width=360)`
opens a window: strict about the page's own policy, without script when asked. `Window.sound()`
says what axe finds; before its first use in a session axe must find a planted fault.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dure.core.actors import Actor
from tests.web.script_files import script

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("DURE_PICTURES") or ROOT / "var" / "pictures")
HEIGHT = 800
WIDTHS = (360, 1280)
LANGUAGES = ("ko", "en")
TOLD = (
    "addEventListener('securitypolicyviolation',e=>dureTold(e.violatedDirective+' '+e.blockedURI))"
)
PLANTED = "document.querySelector('main').insertAdjacentHTML('beforeend','<img src=\"/x.png\">')"

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver keeps a loop in this thread; we do not


class QuietHandler(WSGIRequestHandler):
    """Answers without a line of log."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base names it so
        return


@pytest.fixture(scope="session", autouse=True)
def plain_files() -> Iterator[None]:
    """Static files as they lie in the source: no collected copies with digests in their names."""
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.utils.functional import empty

    kept = settings.STORAGES
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**kept, "staticfiles": plain}
    staticfiles_storage._wrapped = empty
    yield
    settings.STORAGES = kept
    staticfiles_storage._wrapped = empty


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser that `scripts/browser.py` finds; without one the test fails."""
    path = script("browser").find()
    assert path, "no browser: see scripts/browser.py"
    arguments = ["--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    if Path("/.dockerenv").exists():
        arguments.append("--disable-dev-shm-usage")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@dataclass
class Site:
    """The running server."""

    url: str

    def at(self, path: str, language: str = "ko") -> str:
        """The address of a path in a language."""
        return self.url + ("/en" if language == "en" else "") + path


@pytest.fixture
def site(commits: str, settings: Any) -> Iterator[Site]:
    """The application on a free port, on a fresh database with install data and real commits."""
    settings.DURE_GALLERY = True
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Site(f"http://localhost:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Window:
    """One browser window at one width in one language."""

    site: Site
    page: Page
    width: int
    language: str
    told: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open a path of the site; gives the status."""
        answer = self.page.goto(self.site.at(path, self.language))
        assert answer is not None
        return answer.status

    def sign_in(self, actor: Actor) -> None:
        """Go on as this person; a visitor stays one."""
        from tests.web.walk import session_of  # models stand only after the set-up

        if actor.id is not None:
            name, value = settings.SESSION_COOKIE_NAME, session_of(actor)
            self.page.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])

    def sound(self) -> list[str]:
        """What axe finds on this page, as `rule: element`."""
        answer = Axe().run(self.page).response
        return [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in answer["violations"]
            for node in fault["nodes"]
        ]

    def sideways(self) -> list[str]:
        """Elements that make the page wider than the window; empty when it does not scroll."""
        wide = "document.documentElement.scrollWidth > innerWidth"
        if not self.page.evaluate(wide):
            return []
        found: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right >"
            " innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 160))"
        )
        return found or ["the page is wider than its window"]

    def small_targets(self) -> list[str]:
        """Controls lower than 44 px; links in running text may be."""
        found: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('button, .button, input:not([type=hidden]), select,"
            " .nav a, .pager a, .tabs a')].filter(e => { const r = e.getBoundingClientRect();"
            " const l = e.closest('label'); const s = l ? l.getBoundingClientRect() : r;"
            " return r.width && s.height < 43.5 }).map(e => e.outerHTML.slice(0, 160))"
        )
        return found

    def picture(self, name: str) -> Path:
        """Keep a picture of the whole page in `var/pictures/`, for a person to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        safe = re.sub(r"[^\w-]+", "_", name).strip("_")
        path = PICTURES / f"{safe}_{self.language}_{self.width}.png"
        self.page.screenshot(path=str(path), full_page=True)
        return path


Visit = Callable[..., Window]


@pytest.fixture
def visit(site: Site, browser: Browser, axe_works: None) -> Iterator[Visit]:
    """Open windows; a page that breaks its own content policy in any of them fails the test."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def open_window(
        width: int = 360, language: str = "ko", *, script: bool = True, dark: bool = False
    ) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale="ko-KR" if language == "ko" else "en-GB",
            timezone_id="Asia/Seoul",
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        window = Window(site, context.new_page(), width, language)
        listen(window)
        windows.append(window)
        return window

    yield open_window
    told = [f"{window.page.url}: {one}" for window in windows for one in window.told]
    for context in contexts:
        context.close()
    assert told == [], "a page broke its own content policy or threw"


def keep(window: Window, text: str) -> None:
    """Keep what a page told; the driver takes plain functions only."""
    window.told.append(text)


def listen(window: Window) -> None:
    """Collect what the page's policy refused and what its script threw."""
    window.page.expose_function("dureTold", lambda text: keep(window, text))
    window.page.add_init_script(TOLD)
    window.page.on("pageerror", lambda error: window.told.append(f"error {error}"))


@pytest.fixture(scope="session")
def axe_works(browser: Browser) -> None:
    """Axe must find a planted fault under a strict policy; else its silence proves nothing."""
    context = browser.new_context()
    page = context.new_page()
    policy = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}
    body = "<!doctype html><html lang=ko><title>x</title><main><h1>x</h1></main></html>"
    page.route("**/*", lambda route: route.fulfill(status=200, headers=policy, body=body))
    page.goto("http://planted.test/")
    page.evaluate(PLANTED)
    found = {fault["id"] for fault in Axe().run(page).response["violations"]}
    context.close()
    assert "image-alt" in found
