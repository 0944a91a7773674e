"""The page /docs as a person uses it, in a headless Chromium: Authorize by the password flow, create a todo, list it.

    Tests/Browser/run [--program .build/debug/todo-server] [--screenshot docs.png]

Fails by a timeout that names what was waited for, or an assertion; exit code 1 then."""
import argparse, contextlib, importlib.util, json, pathlib, re, subprocess, tempfile
from playwright.sync_api import Page, expect, sync_playwright

# Swagger UI's own files, out of the package that carries them.
ASSETS = pathlib.Path(importlib.util.find_spec("flask_swagger_ui").origin).parent / "dist"
TITLE = 'Grüße, <b>世界</b> & "todos"'


@contextlib.contextmanager
def todo_server(program):
    """Serves in a temporary folder; gives the base URL."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [program, "--port", "0", "--database", f"{folder}/todos.sqlite", "--docs-assets", ASSETS,
             "--log-level", "error"], stdout=subprocess.PIPE, text=True)
        try:
            line = process.stdout.readline()
            assert line.startswith("todo-server listening on "), f"{program} did not start"
            yield line.split()[-1]
        finally:
            process.terminate()
            process.wait(20)


def authorize(page: Page):
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".dialog-ux")
    dialog.locator("#oauth_username").fill("admin")
    dialog.locator("#oauth_password").fill("admin123")
    dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    expect(dialog.get_by_role("button", name="Remove authorization")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()


def execute(page: Page, method, path, body=None):
    """Opens an operation, tries it out; gives status and body of what the page shows as the server's answer."""
    block = page.locator(f".opblock-{method}").filter(
        has=page.locator(f'.opblock-summary-path[data-path="{path}"]'))
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    if body is not None:
        block.locator("textarea.body-param__text").fill(json.dumps(body))
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response")
    answer.scroll_into_view_if_needed()
    status = answer.locator(".response-col_status")
    expect(status).to_have_text(re.compile(r"\d{3}"))
    return int(status.inner_text().split()[0]), json.loads(answer.locator(".highlight-code code").first.inner_text())


def use(page: Page):
    authorize(page)
    status, todo = execute(page, "post", "/todos", {"title": TITLE})
    assert (status, todo["title"], todo["completed"]) == (201, TITLE, False), (status, todo)
    status, answer = execute(page, "get", "/todos")
    assert (status, answer) == (200, {"source": "db", "todos": [todo]}), (status, answer)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/debug/todo-server")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--screenshot", help="where to save the page as it looks at the end")
    options = parser.parse_args()
    with todo_server(options.program) as url, sync_playwright() as playwright:
        # As root, as in containers, Chromium has no sandbox of its own.
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        # Nothing comes from elsewhere: the page is whole on a machine without internet.
        page.route(lambda address: not address.startswith(url), lambda route: route.abort())
        failures = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("requestfailed", lambda request: failures.append(f"{request.url} {request.failure}"))
        try:
            page.goto(url + "/docs")
            use(page)
            assert not failures, failures
        finally:
            if options.screenshot:
                page.screenshot(path=options.screenshot)
            browser.close()
    print("✓ /docs: authorised by the password flow, created a todo, listed it")


main()
