/** MapLibre alone, fetched only by browsers that can draw with it. */

export { Map, addProtocol, setWorkerUrl } from "maplibre-gl";
