#!/usr/bin/env python3
"""A crosstalk adapter for the conformance API (targets/clinic/openapi.yaml), with Python's standard library alone.

    CLINIC_URL=http://127.0.0.1:8080 CLINIC_OPERATOR_TOKEN=... python3 adapter.py

It reads one message a line and answers each with one line. It never judges: it passes on what the service showed, with
the service's ids, titles and bytes as they came. Logs go to standard error. What ROUTES lacks is a missing capability.
"""
import base64, http.client, json, os, re, sys, urllib.parse

URL = urllib.parse.urlsplit(os.environ.get("CLINIC_URL", ""))
CONNECTION = http.client.HTTPConnection(URL.hostname or "", URL.port, timeout=10)
OUTCOMES = {401: "denied", 403: "denied", 404: "missing", 410: "missing", 400: "invalid", 413: "invalid", 415: "invalid",
            416: "invalid", 422: "invalid", 409: "conflict", 412: "conflict", 429: "unavailable", 503: "unavailable"}
ROUTES = {  # in a path {booking} is the appointment's id, {encounter} its encounter's
    "patient": "POST /patients", "clinician": "POST /practitioners", "login": "POST /sessions", "logout": "DELETE /sessions/current",
    "close": "DELETE /account", "book": "POST /appointments", "cancel": "POST /appointments/{booking}/cancel",
    "reschedule": "POST /appointments/{booking}/reschedule", "join": "POST /encounters/{encounter}/join",
    "drop": "POST /encounters/{encounter}/drop", "speak": "POST /encounters/{encounter}/media",
    "switch": "PUT /encounters/{encounter}/mode", "leave": "POST /encounters/{encounter}/leave", "end": "POST /encounters/{encounter}/end",
    "list": "GET /recordings", "get": "GET /recordings/{recording}", "play": "GET /recordings/{recording}/content",
    "head": "HEAD /recordings/{recording}/content", "thumb": "GET /recordings/{recording}/thumbnail",
    "transcript": "GET /recordings/{recording}/transcript", "delete": "DELETE /recordings/{recording}",
    "share": "PUT /recordings/{recording}/shares/{peer}", "unshare": "DELETE /recordings/{recording}/shares/{peer}",
    "appoint": "PUT /proxies/{peer}", "dismiss": "DELETE /proxies/{peer}"}
CACHES = {"cdnCacheControl": "CDN-Cache-Control", "cacheStatus": "Cache-Status", "age": "Age", "vary": "Vary"}
STATUS = {"booked": "planned", "arrived": "in-progress", "fulfilled": "completed", "cancelled": "cancelled"}


def call(method, path, token, body=None, media=None, range=None):
    """Sends one request: what every answer says, and the body."""
    headers = {"Authorization": "Bearer " + token} if token else {}
    if range:
        headers["Range"] = "bytes=" + range
    if body is not None or media is not None:
        headers["Content-Type"] = "application/octet-stream" if body is None else "application/json"
    try:
        CONNECTION.request(method, URL.path.rstrip("/") + path, media if body is None else json.dumps(body).encode(), headers)
        response = CONNECTION.getresponse()
        headers, content = response.headers, response.read()
    except (OSError, http.client.HTTPException) as error:
        CONNECTION.close()
        print(method, path, error, file=sys.stderr)
        return {"outcome": "unknown", "detail": str(error)}, {}, b"", {}
    out = {"outcome": "ok" if 200 <= response.status < 300 else OUTCOMES.get(response.status, "unknown"), "status": response.status,
           "cacheControl": ", ".join(headers.get_all("Cache-Control", []))}
    caches = {name: ", ".join(headers.get_all(header)) for name, header in CACHES.items() if header in headers}
    if caches:
        out["caches"] = caches
    if out["outcome"] == "ok" and method in ("GET", "HEAD"):
        out["authentication"] = "authorization" if token else "link"
    got = json.loads(content) if content and "json" in headers.get("Content-Type", "") else {}
    if out["outcome"] != "ok":
        out["detail"], out["reason"] = got.get("detail", ""), got.get("title", "") + " " + got.get("detail", "")
    return out, got, content, headers


class World:
    """What the service calls what has a handle."""

    def __init__(self):
        self.ids, self.tokens, self.handles = {}, {}, {}

    def row(self, r, page=1):
        return {"id": r["id"], "title": r["title"], "subject": self.handles.get(r["subject"], "somebody"), "segment": r["segment"],
                "size": r["size"], "page": page, **({"mode": r["mode"]} if "mode" in r else {})}

    def list(self, path, token, query):
        """Reads every page."""
        rows, total, caching = [], 0, []
        for page in range(1, 51):
            out, got, _, _ = call("GET", path + "?" + urllib.parse.urlencode(query), token)
            caching.append(out.get("cacheControl", ""))
            if out["outcome"] == "ok":
                rows, total = rows + [self.row(r, page) for r in got["items"]], max(total, got["total"])
            if out["outcome"] == "ok" or page > 1:
                out["listing"] = {"rows": rows, "total": total, "truncated": "next" in got and page == 50}
            out["cacheControl"] = next((c for c in caching if "no-store" not in c and "private" not in c), caching[0])
            if "next" not in got:
                break
            query["cursor"] = got["next"]
        return {**out, "requests": page}

    def perform(self, message):
        operation = message["operation"]
        kind, given, actor = operation["kind"], operation.get("arguments", {}), operation.get("actor", "")
        handle, person = operation.get("defines", actor), message.get("person", {})
        token = os.environ.get("CLINIC_OPERATOR_TOKEN", "") if kind == "clinician" else self.tokens.get(actor, "")
        names = {name: self.ids.get(h, "") for name, h in given.items() if isinstance(h, str)}
        names.update(encounter=self.ids.get((given.get("booking"), "encounter"), ""), recording=message.get("recording", {}).get("id", ""))
        method, path = ROUTES[kind].format(**names).split(" ", 1)
        body = {name: given[name] for name in ("slot", "mode", "limit") if name in given} or None
        if kind == "list":
            return self.list(path, token, body or {})
        if kind in ("patient", "clinician"):
            body = person
        elif kind == "login":
            body = {"email": person["email"], "password": person["password"]}
        elif kind == "book":
            guest = {"guest": names["with"]} if "with" in given else {}
            body = {"practitioner": names["clinician"], "description": message["title"], **body, **guest}
        media = base64.b64decode(message["media"]) if "media" in message else None
        out, got, content, headers = call(method, path, token, body if "range" not in given else None, media, given.get("range"))
        if kind in ("play", "thumb", "transcript"):
            part = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers.get("Content-Range", ""))
            out["content"] = {"body": base64.b64encode(content).decode(), "from": int(part[1]) if part else 0,
                              "total": int(part[2]) if part else len(content)}
        if out["outcome"] == "ok":
            self.learn(kind, handle, out, got, headers)
        return out

    def learn(self, kind, handle, out, got, headers):
        """Keeps what later operations need, and shows what the service said."""
        if kind in ("patient", "clinician", "login"):
            self.tokens[handle], self.ids[handle] = got["token"], got["id"]
            self.handles.setdefault(got["id"], handle)
        elif kind == "book":
            self.ids[handle], self.ids[handle, "encounter"] = got["id"], got["encounter"]
        elif kind in ("cancel", "reschedule"):
            out["encounter"] = {"status": STATUS[got["status"]], **({"mode": got["mode"]} if got["status"] == "booked" else {})}
        elif kind == "get":
            out["row"] = self.row(got)
        elif kind == "head":
            out["content"] = {"total": int(headers["Content-Length"])}
        elif "participants" in got:
            out["encounter"] = {"status": got["status"], "mode": got["mode"], "recordings": [self.row(r) for r in got["recordings"]],
                                "segment": got["segment"] if got["status"] == "in-progress" else 0}


def answer(worlds, message):
    if message["do"] == "hello":
        return {"name": "clinic", "operations": list(ROUTES), "policy": json.loads(os.environ.get("CLINIC_POLICY", "{}"))}
    if message["do"] == "open":
        worlds[message["world"]] = World()
    if message["do"] == "close":
        del worlds[message["world"]]
    return worlds[message["world"]].perform(message) if message["do"] == "apply" else {}


WORLDS = {}
for line in sys.stdin:
    message = json.loads(line)
    if message["do"] == "bye":
        break
    reply = answer(WORLDS, message) if URL.hostname else {"error": "set CLINIC_URL to the base URL of the service"}
    print(json.dumps({"id": message["id"], **reply}), flush=True)
