"""The routes of Grafana's HTTP API that the stand-in supports.

After grafana.com/docs/grafana/v12.4/developer-resources/api-reference/http-api/, pages dashboard,
dashboard_versions, folder, annotations and folder_dashboard_search.
"""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.servers.grafana_store import NOW, Annotations, Dashboards, Json, Refusal, Shelved


def documented_routes(dashboards: Dashboards, annotations: Annotations) -> FastAPI:
    """An app that answers from these dashboards and annotations."""
    app = FastAPI(openapi_url=None)

    @app.exception_handler(Refusal)
    async def refuse(_request: Request, refusal: Refusal) -> JSONResponse:
        return JSONResponse(refusal.body, refusal.code)

    _folder_routes(app, dashboards)
    _dashboard_routes(app, dashboards)
    _annotation_routes(app, annotations)
    return app


def _folder_routes(app: FastAPI, shelf: Dashboards) -> None:
    @app.get("/api/folders/{uid}")
    async def folder(uid: str) -> Json:
        if uid not in shelf.folders:
            raise Refusal(404, "folder not found", word="not-found")
        return {"uid": uid, "title": shelf.folders[uid], "version": 1}

    @app.post("/api/folders")
    async def make_folder(request: Request) -> Json:
        body = await request.json()
        shelf.make_folder(body["uid"], body["title"])
        return {"uid": body["uid"], "title": body["title"], "version": 1}

    @app.get("/api/search")
    async def search() -> list[Json]:
        return [
            {
                "uid": uid,
                "title": shelved.versions[-1].model["title"],
                "type": "dash-db",
                "folderUid": shelved.folder,
            }
            for uid, shelved in shelf.by_uid.items()
        ]


def _dashboard_routes(app: FastAPI, shelf: Dashboards) -> None:
    @app.get("/api/dashboards/uid/{uid}")
    async def dashboard(uid: str) -> Json:
        shelved = shelf.get(uid)
        source = shelved.provisioned_from
        meta = {"folderUid": shelved.folder, "updated": NOW, "updatedBy": shelved.versions[-1].saved_by}
        meta |= {"provisioned": bool(source), "provisionedExternalId": source}
        return {"dashboard": shelved.versions[-1].model, "meta": meta}

    @app.post("/api/dashboards/db")
    async def save(request: Request) -> Json:
        shelved = shelf.save(await request.json(), "sa-tidemark")
        return {"id": shelved.number, "status": "success", "version": shelved.version}

    @app.get("/api/dashboards/uid/{uid}/versions")
    async def versions(uid: str) -> Json:
        shelved = shelf.get(uid)
        listed = [_describe_version(shelved, uid, number) for number in range(shelved.version, 0, -1)]
        return {"continueToken": "", "versions": listed}

    @app.get("/api/dashboards/uid/{uid}/versions/{number}")
    async def version(uid: str, number: int) -> Json:
        shelved = shelf.get(uid)
        if not 1 <= number <= shelved.version:
            raise Refusal(404, "Dashboard version not found")
        return _describe_version(shelved, uid, number) | {"data": shelved.versions[number - 1].model}


def _describe_version(shelved: Shelved, uid: str, number: int) -> Json:
    saved = shelved.versions[number - 1]
    about = {"uid": uid, "version": number, "parentVersion": number - 1}
    return about | {"created": NOW, "createdBy": saved.saved_by, "message": saved.message}


def _annotation_routes(app: FastAPI, shelf: Annotations) -> None:
    @app.get("/api/annotations")
    async def find(request: Request) -> list[Json]:
        return shelf.find(request.query_params.getlist("tags"), int(request.query_params.get("limit", 0)))

    @app.post("/api/annotations")
    async def add(request: Request) -> Json:
        return {"message": "Annotation added", "id": shelf.add(await request.json())}

    @app.put("/api/annotations/{number}")
    @app.patch("/api/annotations/{number}")
    async def change(number: int, request: Request) -> Json:
        shelf.change(number, await request.json())
        return {"message": "Annotation updated"}

    @app.delete("/api/annotations/{number}")
    async def remove(number: int) -> Json:
        shelf.remove(number)
        return {"message": "Annotation deleted"}
