/** MapLibre alone, fetched only by browsers that can draw with it. */

export { Map, setWorkerUrl } from "maplibre-gl";
