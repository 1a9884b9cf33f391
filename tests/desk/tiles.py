from django.urls import reverse

from servanda.desk.parts.tiles import Tile


def tiles_on_desk(client) -> dict[str, Tile]:
    page = client.get(reverse("desk:home")).context
    return {tile.key: tile for tile in [*page["waiting"], *page["known"], *page["saved"]]}
