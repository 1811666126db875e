// Takes out of a stylesheet what no page of ours uses, so that the first page stays small.
// Rules go by families of classes; a family that a page wants again is taken off the list below.

const FAMILIES = [
  // parts of pages that we do not have
  "carousel", "ribbon", "switch-icon", "sparkline", "sortable", "otp", "signature", "mention", "chat", "calendar",
  "countdown", "demo", "hr-text", "payment", "flag", "social", "star", "signal", "strength", "loader", "popover",
  "bs-popover", "tooltip", "bs-tooltip", "ratio", "img-responsive", "img-thumbnail", "dropend", "dropstart", "dropup",
  "navbar-side", "navbar-overlap", "layout-boxed", "layout-fluid", "theme", "wizard",
  "form-imagecheck", "form-colorinput", "form-colorcheck", "form-selectgroup", "form-floating",
  "form-control-color", "form-control-rounded", "form-control-flush", "form-control-dark", "form-control-light",
  "btn-floating", "btn-animate", "btn-pill", "btn-square", "btn-loading", "card-cover", "card-stacked",
  "card-rotate", "card-gradient", "card-borderless", "card-tabs", "card-avatar", "card-group", "card-glass", "card-lg",
  "card-img", "card-stamp", "card-ribbon", "avatar-upload", "avatar-cover", "icon-pulse", "icon-tada", "icon-rotate",
  "icon-filled", "kbd", "fullscreen", "pulse", "tracking", "animated", "divide", "nav-segmented", "placeholder-wave",
  "chart-sparkline", "apexcharts", "jvm", "noUi", "litepicker", "ts", "plyr", "fslightbox", "typed", "turbo", "dropzone",
  // shades of utilities
  "bg-gradient", "bg-pattern", "bg-cover", "bg-blur", "text-bg", "link-opacity", "link-offset", "link-underline",
  "focus-ring", "border-opacity", "opacity", "object-fit", "object-cover", "object-contain", "object-fill",
  "object-scale", "object-none", "float", "columns", "order", "offset", "grid", "g-col", "g-start", "btn-group-vertical",
  "list-group-horizontal", "flex-(sm|xl|xxl)", "table-responsive-(sm|md|xl|xxl)", "stretched", "vstack",
];
const COLOURS =
  "indigo|purple|pink|lime|cyan|teal|facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|" +
  "pinterest|vk|rss|flickr|bitbucket|tabler|x|gray-\\d+|black";
const SIZES = "sm|xl|xxl";
const GONE = [
  new RegExp(`\\.(${FAMILIES.join("|")})(-[\\w-]+)?(?![\\w-])`),
  new RegExp(`\\.(bg|text|btn|btn-outline|link|border|badge|status|alert|table|list-group-item|progress-bar|card|steps|` +
    `icon|nav-link|dropdown-item|avatar|callout|text-bg|legend|hover|ribbon)-(${COLOURS})(-lt|-fg|-bg|-emphasis)?(?![\\w-])`),
  new RegExp(`\\.steps-(${COLOURS}|red|orange|yellow|azure|green)(?![\\w-])`),
  new RegExp(`\\.(navbar-expand|navbar-vertical|offcanvas|sticky|modal-fullscreen|dropdown-menu)-(${SIZES}|md)(?![\\w-])`),
  /\.navbar-expand(?![\w-])/,
  new RegExp(`\\.(?!col-|d-)[a-z-]+-(${SIZES})-(-?[a-z0-9-]+)(?![\\w-])`),
  /\.(m|p|mx|my|mt|mb|ms|me|px|py|pt|pb|ps|pe|gap|row-gap|column-gap)-(7|8|9|10)(?![\w-])/,
  /\[data-(bs-)?theme-(base|font|radius|primary)/,
  /\[data-(bs-)?(navbar-|menu-)?theme=/,
  /\[data-vc|\.navbar-folded|\.hide-theme-|\.img-(light|dark)|sidebar-(collaps|fold|mini)/,
  /\[data-bs-popper\].*\.navbar|\.navbar-vertical\.navbar-right|\[dir=rtl\]/,
];

/** Return the parts of a stylesheet: [what stands before the brace, what stands inside], or a bare statement. */
function parts(css) {
  const found = [];
  let depth = 0;
  let start = 0;
  let opened = 0;
  for (let index = 0; index < css.length; index += 1) {
    const letter = css[index];
    if (letter === '"' || letter === "'") {
      index = css.indexOf(letter, index + 1);
    } else if (letter === "{") {
      if (depth === 0) opened = index;
      depth += 1;
    } else if (letter === "}") {
      depth -= 1;
      if (depth === 0) {
        found.push([css.slice(start, opened).trim(), css.slice(opened + 1, index)]);
        start = index + 1;
      }
    } else if (letter === ";" && depth === 0) {
      found.push([css.slice(start, index + 1).trim(), null]);
      start = index + 1;
    }
  }
  return found;
}

/** Return the selectors of a rule, split at the commas outside brackets. */
function selectors(text) {
  const found = [""];
  let depth = 0;
  for (const letter of text) {
    if ("([".includes(letter)) depth += 1;
    if (")]".includes(letter)) depth -= 1;
    if (letter === "," && depth === 0) found.push("");
    else found[found.length - 1] += letter;
  }
  return found;
}

/** Tell whether a selector is of a family that is taken out. */
export const isGone = (selector) => GONE.some((pattern) => pattern.test(selector.replace(/:not\([^)]*\)/g, "")));

/** Return the index after the bracket that closes the one at `start`. */
function closing(text, start) {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === "(") depth += 1;
    if (text[index] === ")" && (depth -= 1) === 0) return index + 1;
  }
  return text.length;
}

/** Return a colour of the oklch space as #rrggbb. Source: CSS Color 4, sample code of conversions. */
function hex(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const [l, m, s] = [
    lightness + 0.3963377774 * a + 0.2158037573 * b,
    lightness - 0.1055613458 * a - 0.0638541728 * b,
    lightness - 0.0894841775 * a - 1.291485548 * b,
  ].map((root) => root ** 3);
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const byte = (value) => {
    const encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, encoded)));
  };
  return `#${linear.map((value) => byte(value).toString(16).padStart(2, "0")).join("")}`;
}

/** Return the stylesheet with colours that older browsers know: opacity utilities are gone, so a share of 1 is the colour. */
function plainColours(css) {
  return css
    .replace(/color-mix\(in oklab,\s*(var\(--[\w-]+\))\s*calc\(var\(--[\w-]+-opacity(,\s*1)?\) \* 100%\),\s*transparent\)/g, "$1")
    .replace(/oklch\(([\d.]+)% ([\d.]+) ([\d.]+)deg\)/g, (_, l, c, h) => hex(Number(l) / 100, Number(c), Number(h)));
}

/** Return the stylesheet with each light-dark(a, b) as a: there is one theme, and older browsers know no such function. */
function light(css) {
  let text = css;
  for (let at = text.indexOf("light-dark("); at >= 0; at = text.indexOf("light-dark(", at)) {
    const end = closing(text, at + 10);
    text = text.slice(0, at) + selectors(text.slice(at + 11, end - 1))[0].trim() + text.slice(end);
  }
  return text;
}

/** Return the stylesheet without custom properties that nothing reads, until none is left. */
export function withoutUnreadProperties(css) {
  const read = new Set(css.match(/var\(\s*--[\w-]+/g)?.map((use) => use.replace(/var\(\s*/, "")));
  const shorter = css.replace(/(--[\w-]+)\s*:((?:[^;{}"']|"[^"]*"|'[^']*')*)(;|(?=\}))/g, (whole, name) =>
    read.has(name) ? whole : "",
  );
  return shorter.length < css.length ? withoutUnreadProperties(shorter) : css;
}

/** Return the stylesheet without the rules that no page uses. */
export function trim(css) {
  return parts(plainColours(light(css.replace(/\/\*[\s\S]*?\*\//g, ""))))
    .map(([head, body]) => {
      if (body === null) return head.startsWith("@charset") || head.startsWith("@import") ? "" : head;
      if (/^@(media|supports|layer|container)/.test(head)) {
        const inside = trim(body);
        return inside ? `${head}{${inside}}` : "";
      }
      if (head.startsWith("@")) return `${head}{${body}}`;
      const kept = selectors(head).filter((selector) => !isGone(selector));
      return kept.length && body.trim() ? `${kept.join(",")}{${body}}` : "";
    })
    .join("");
}
