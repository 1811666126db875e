"""The grounds on which the one map can be drawn: our own layers alone, a file of tiles, or 天地图.

天地图 is drawn in CGCS 2000, within centimetres of WGS 84: nothing is shifted on it.
Source: docs/one-map.md.
"""

from typing import Any

from anlan.kernel.refusal import mark

HOSTS = tuple(f"https://t{number}.tianditu.gov.cn" for number in range(8))
ATTRIBUTION = mark("Tianditu © National Geomatics Center of China")
OURS = mark("Data of this site")
MOST_ZOOM = 18


def grounds_for(tianditu_key: str, tile_file_url: str) -> list[dict[str, Any]]:
    """Return the choices, our own first: titles are marked words."""
    found: list[dict[str, Any]] = [{"key": "own", "title": mark("Own map"), "kind": "own", "attribution": OURS}]
    if tile_file_url:
        found.append(
            {
                "key": "pmtiles",
                "title": mark("Base map of this site"),
                "kind": "pmtiles",
                "url": tile_file_url,
                "attribution": OURS,
            }
        )
    if tianditu_key:
        found += [
            _tianditu("vec", mark("Tianditu map"), "cva", tianditu_key),
            _tianditu("img", mark("Tianditu satellite picture"), "cia", tianditu_key),
        ]
    return found


def _tianditu(key: str, title: str, labels: str, secret: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "kind": "raster",
        "tiles": [_address(host, key, secret) for host in HOSTS],
        "label_tiles": [_address(host, labels, secret) for host in HOSTS],
        "tile_size": 256,
        "max_zoom": MOST_ZOOM,
        "attribution": ATTRIBUTION,
    }


def _address(host: str, layer: str, secret: str) -> str:
    return (
        f"{host}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
        f"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={secret}"
    )
