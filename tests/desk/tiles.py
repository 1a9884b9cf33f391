from django.http import HttpResponse
from django.urls import reverse

from servanda.desk.parts.tiles import Tile


def tiles_on_desk(client) -> dict[str, Tile]:
    return tiles_of(client.get(reverse("desk:home")))


def tiles_of(page: HttpResponse) -> dict[str, Tile]:
    shown = page.context
    return {tile.key: tile for tile in [*shown["waiting"], *shown["known"], *shown["saved"]]}
