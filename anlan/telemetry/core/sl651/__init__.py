"""SL 651-2014 (水文监测数据通信规约): the frames that hydrological stations and centres send each other.

Bytes to values (`decoding`), values to bytes (`encoding`), frames out of a dirty stream (`stream`), pictures out of
packets (`packets`), what a centre answers and asks (`replies`), many frames at once as columns (`batch`).

Source: SL 651-2014; docs/methods/sl651.md.
"""
