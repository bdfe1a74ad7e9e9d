#!/usr/bin/env python3
"""A crosstalk adapter for the conformance API (targets/clinic/openapi.yaml), with Python's standard library alone.

    CLINIC_URL=http://127.0.0.1:8080 CLINIC_OPERATOR_TOKEN=... python3 adapter.py

It reads one message a line and answers each with one line. What it never does is to judge: it passes on what the service
showed, with the service's ids, titles and bytes as they came. Logs go to standard error.
"""
import base64, http.client, json, os, re, sys, urllib.parse

URL = urllib.parse.urlsplit(os.environ.get("CLINIC_URL", ""))
OPERATOR = os.environ.get("CLINIC_OPERATOR_TOKEN", "")
OUTCOMES = {401: "denied", 403: "denied", 404: "missing", 410: "missing", 400: "invalid", 413: "invalid", 415: "invalid", 416: "invalid",
            422: "invalid", 409: "conflict", 412: "conflict", 429: "unavailable", 503: "unavailable"}
# What is sent for each operation. In a path {booking} is the appointment, {encounter} its encounter, and the others are ids, too.
ROUTES = {
    "patient": "POST /patients", "clinician": "POST /practitioners", "login": "POST /sessions", "logout": "DELETE /sessions/current",
    "close": "DELETE /account", "book": "POST /appointments", "reschedule": "POST /appointments/{booking}/reschedule",
    "cancel": "POST /appointments/{booking}/cancel", "join": "POST /encounters/{encounter}/join", "drop": "POST /encounters/{encounter}/drop",
    "speak": "POST /encounters/{encounter}/media", "switch": "PUT /encounters/{encounter}/mode", "leave": "POST /encounters/{encounter}/leave",
    "end": "POST /encounters/{encounter}/end", "list": "GET /recordings", "page": "GET /recordings", "follow": "GET /recordings",
    "get": "GET /recordings/{recording}", "play": "GET /recordings/{recording}/content", "head": "HEAD /recordings/{recording}/content",
    "thumb": "GET /recordings/{recording}/thumbnail", "transcript": "GET /recordings/{recording}/transcript",
    "link": "POST /recordings/{recording}/links", "open": "GET {link}", "share": "PUT /recordings/{recording}/shares/{peer}",
    "unshare": "DELETE /recordings/{recording}/shares/{peer}", "appoint": "PUT /proxies/{peer}", "dismiss": "DELETE /proxies/{peer}",
    "delete": "DELETE /recordings/{recording}", "export": "GET /export", "inbox": "GET /notifications", "audit": "GET /audit",
}
STATUS = {"booked": "planned", "arrived": "in-progress", "fulfilled": "completed", "cancelled": "cancelled"}
LEVELS = {"presented": "presented", "previewed": "previewed", "played": "viewed"}


class World:
    """What the service calls what has a handle: ids, tokens, secrets and cursors."""

    def __init__(self):
        self.ids, self.tokens, self.handles, self.cursors = {}, {}, {}, {}

    def row(self, r, page=1):
        row = {"id": r["id"], "title": r["title"], "subject": self.handles.get(r["subject"], "somebody"),
               "segment": r["segment"], "size": r["size"], "page": page}
        return {**row, "mode": r["mode"]} if "mode" in r else row

    def learn(self, kind, handle, got, limit):
        """Keeps what later operations need."""
        if kind in ("patient", "clinician"):
            self.ids[handle] = got["id"]
            self.handles.setdefault(got["id"], handle)
        elif kind == "book":
            self.ids[handle], self.ids[handle, "encounter"] = got["id"], got["encounter"]
        elif kind == "link":
            self.ids[handle] = got["path"]
        elif kind == "page" and "next" in got:
            self.cursors[handle] = {"limit": limit, "cursor": got["next"]}

    def show(self, kind, got):
        """What an answer in JSON shows."""
        if kind in ("cancel", "reschedule"):
            status = STATUS[got["status"]]
            return {"encounter": {"status": status, **({"mode": got["mode"]} if status == "planned" else {})}}
        if "participants" in got:
            live = got["status"] == "in-progress"
            return {"encounter": {"status": got["status"], "mode": got["mode"], "segment": got["segment"] if live else 0,
                                  "recordings": [self.row(r) for r in got["recordings"]]}}
        if kind in ("page", "follow"):
            return {"listing": {"rows": [self.row(r) for r in got["items"]], "total": got["total"], "more": "next" in got}}
        if kind == "get":
            return {"row": self.row(got)}
        if kind == "export":
            media = b"".join(base64.b64decode(e["content"]) for e in got["recordings"])
            return {"listing": {"rows": [self.row(e["recording"]) for e in got["recordings"]]}, "content": {"body": encode(media)}}
        if kind == "inbox":
            return {"listing": {"rows": [{"id": n["recording"], "title": n["title"]} for n in got["items"]]}}
        if kind == "audit":
            who = lambda user: self.handles.get(user, "somebody") if user else None
            return {"audit": [{"who": who(e["agent"]), "whose": who(e["subject"]), "recording": e["recording"], "level": LEVELS[e["action"]]}
                              for e in got["items"]]}
        return {}


def encode(body):
    return base64.b64encode(body).decode()


def call(method, path, token, body=None, media=None, range=None):
    """Sends one request: status, headers and body, or None where no answer came back."""
    headers = {"Authorization": "Bearer " + token} if token else {}
    if range:
        headers["Range"] = "bytes=" + range
    if body is not None:
        media, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    elif media is not None:
        headers["Content-Type"] = "application/octet-stream"
    try:
        CONNECTION.request(method, URL.path.rstrip("/") + path, media, headers)
        response = CONNECTION.getresponse()
        return response.status, response.headers, response.read()
    except (OSError, http.client.HTTPException) as error:
        CONNECTION.close()
        print(method, path, error, file=sys.stderr)
        return None


def body_of(kind, world, arguments, message):
    if kind in ("patient", "clinician"):
        return message["person"]
    if kind == "login":
        return {name: message["person"][name] for name in ("email", "password")}
    if kind == "book":
        guest = {"guest": world.ids[arguments["with"]]} if "with" in arguments else {}
        return {"practitioner": world.ids[arguments["clinician"]], "slot": arguments["slot"], "mode": arguments["mode"],
                "description": message["title"], **guest}
    return {name: arguments[name] for name in ("slot", "mode") if name in arguments} if kind in ("reschedule", "switch") else None


def answer_to(kind, answer):
    """What every answer says, and what it shows as JSON if it is some."""
    if answer is None:
        return {"outcome": "unknown", "detail": "no answer"}, None
    status, headers, body = answer
    out = {"outcome": "ok" if 200 <= status < 300 else OUTCOMES.get(status, "unknown"), "status": status,
           "cacheControl": ", ".join(headers.get_all("Cache-Control", []))}
    got = json.loads(body) if body and "json" in headers.get("Content-Type", "") else {}
    if out["outcome"] != "ok":
        out["detail"], out["reason"] = got.get("detail", ""), got.get("title", "") + " " + got.get("detail", "")
    if kind in ("play", "open", "thumb", "transcript"):
        part = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers.get("Content-Range", ""))
        out["content"] = {"body": encode(body), "from": int(part[1]) if part else 0, "total": int(part[2]) if part else len(body)}
    elif kind == "head" and out["outcome"] == "ok":
        out["content"] = {"total": int(headers["Content-Length"])}
    return out, got


def read_list(world, path, token, query):
    """Reads every page. Of their Cache-Control headers the first that lets others keep the page counts."""
    rows, total, cached, page = [], 0, None, 0
    while True:
        page += 1
        out, got = answer_to("list", call("GET", path + "?" + urllib.parse.urlencode(query), token))
        kept = out.get("cacheControl", "")
        cached = kept if cached is None or "no-store" in cached or "private" in cached else cached
        out.update(cacheControl=cached, requests=page)
        if out["outcome"] == "ok":
            rows, total = rows + [world.row(r, page) for r in got["items"]], max(total, got["total"])
        if out["outcome"] == "ok" or page > 1:
            out["listing"] = {"rows": rows, "total": total, "truncated": "next" in (got or {}) and page == 50}
        if "next" not in (got or {}) or page == 50:
            return out
        query["cursor"] = got["next"]


def perform(world, message):
    operation = message["operation"]
    kind, arguments, actor = operation["kind"], operation.get("arguments", {}), operation.get("actor", "")
    handle = operation.get("defines", actor)
    token = OPERATOR if kind == "clinician" else world.tokens.get(actor, "")
    names = {name: world.ids.get(h, "") for name, h in arguments.items() if isinstance(h, str)}
    names.update(encounter=world.ids.get((arguments.get("booking"), "encounter"), ""), recording=message.get("recording", {}).get("id", ""))
    method, path = ROUTES[kind].format(**names).split(" ", 1)
    query = {name: arguments[name] for name in ("limit", "mode") if name in arguments}
    if kind == "list":
        return read_list(world, path, token, query)
    if kind in ("page", "follow"):
        path += "?" + urllib.parse.urlencode(query if kind == "page" else world.cursors[arguments["cursor"]])
    media = base64.b64decode(message["media"]) if "media" in message else None
    out, got = answer_to(kind, call(method, path, token, body_of(kind, world, arguments, message), media, arguments.get("range")))
    if out["outcome"] == "ok":
        if kind in ("patient", "clinician", "login"):
            world.tokens[handle] = got["token"]
        world.learn(kind, handle, got, arguments.get("limit"))
        out.update(world.show(kind, got))
    return out


def answer(worlds, message):
    if message["do"] == "hello":
        return {"name": "clinic", "operations": list(ROUTES), "policy": json.loads(os.environ.get("CLINIC_POLICY", "{}"))}
    if message["do"] == "open":
        worlds[message["world"]] = World()
    if message["do"] == "close":
        del worlds[message["world"]]
    return perform(worlds[message["world"]], message) if message["do"] == "apply" else {}


CONNECTION = http.client.HTTPConnection(URL.hostname or "", URL.port, timeout=10)
WORLDS = {}
for line in sys.stdin:
    message = json.loads(line)
    if message["do"] == "bye":
        break
    reply = answer(WORLDS, message) if URL.hostname else {"error": "set CLINIC_URL to the base URL of the service"}
    print(json.dumps({"id": message["id"], **reply}), flush=True)
