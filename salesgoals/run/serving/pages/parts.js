// What all pages share: asking the server, putting text on the page (never as HTML), drawing small charts.
"use strict";
const byId = (id) => document.getElementById(id);

function make(tag, values, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values || {})) {
    if (name === "text") made.textContent = value; else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

function draw(tag, values, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function show(id, text) {
  const place = byId(id);
  place.textContent = text || "";
  place.hidden = !text;
}

function setRound(place, open) {
  place.textContent = place.dataset[open ? "open" : "closed"];
  place.classList.toggle("open", open);
}

// Ask the server; a seat or login that is gone leads back to the door.
async function ask(path, method, data) {
  const sent = {method: method || "GET", headers: {"X-XSRFToken": document.querySelector("meta[name=token]").content}};
  if (data !== undefined) { sent.body = JSON.stringify(data); sent.headers["Content-Type"] = "application/json"; }
  const answer = await fetch(path, sent);
  if (answer.status === 401 || answer.status === 409) { location.assign("/"); return null; }
  if (answer.status === 204) return null;
  return answer.json();
}

// Look again and again; a phone that sleeps asks nothing, a server that is away is said.
function follow(path, every, use) {
  let seen = "", running = false;
  async function look() {
    if (running || document.hidden) return;
    running = true;
    try {
      const found = await ask(path + (path.includes("?") ? "&" : "?") + "seen=" + encodeURIComponent(seen));
      byId("lost").hidden = true;
      if (found && found.problem) throw new Error(found.problem);
      if (found) { await use(found); seen = found.seen; }
    } catch (error) { byId("lost").hidden = false; }
    running = false;
  }
  look();
  setInterval(look, every);
  document.addEventListener("visibilitychange", look);
  return {look, forget: () => { seen = ""; }};
}

const exact = (value) => Math.round(value).toLocaleString("en-US");
function percent(chance) {
  return chance < 0.01 ? "<1%" : chance > 0.99 ? ">99%" : Math.round(chance * 100) + "%";
}

// Read the table between its lines; nothing outside of it.
function between(xs, ys, x) {
  if (!xs.length || !ys.length || !(x >= xs[0] && x <= xs[xs.length - 1])) return null;
  let low = 0, high = xs.length - 1;
  while (high - low > 1) { const middle = (low + high) >> 1; if (xs[middle] <= x) low = middle; else high = middle; }
  const share = (x - xs[low]) / (xs[high] - xs[low]);
  return ys[low] + share * (ys[high] - ys[low]);
}

// A curve over amounts with marks below; moved() sets the dot.
function drawCurve(place, xs, ys, options) {
  const W = 420, H = 176, L = 36, R = 10, T = 26, B = 24, top = options.top;
  const x = (value) => L + (value - xs[0]) / (xs[xs.length - 1] - xs[0]) * (W - L - R);
  const y = (value) => H - B - (value - options.low) / (top - options.low) * (H - T - B);
  const svg = draw("svg", {viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": options.title});
  const points = xs.map((value, place) => `${x(value).toFixed(1)},${y(ys[place]).toFixed(1)}`).join(" ");
  const floor = y(Math.max(options.low, 0));
  svg.append(draw("polygon", {class: "area", points: `${x(xs[0])},${floor} ${points} ${x(xs[xs.length - 1])},${floor}`}));
  for (const [value, text] of options.lines) {
    svg.append(draw("line", {class: "axis", x1: L, x2: W - R, y1: y(value), y2: y(value)}),
               draw("text", {x: L - 5, y: y(value) + 4, "text-anchor": "end"}, text));
  }
  for (const [value, text] of options.ticks) svg.append(draw("text", {x: x(value), y: H - 7, "text-anchor": "middle"}, text));
  svg.append(draw("polyline", {class: "line", points}));
  const marks = options.marks.filter((mark) => mark[1] >= xs[0] && mark[1] <= xs[xs.length - 1]).sort((a, b) => a[1] - b[1]);
  marks.forEach(([text, value], at) => {  // of two close together one is named to the left, one to the right
    const left = marks.length > 1 ? at === 0 && x(value) > L + 90 : x(value) > (W + L) / 2;
    const high = at > 0 && x(marks[0][1]) <= L + 90 || x(value) > W - R - 90 && !left;
    const end = left || x(value) > W - R - 90;
    svg.append(draw("line", {class: "mark", x1: x(value), x2: x(value), y1: T - 6, y2: H - B}),
               draw("text", {x: x(value) + (end ? -4 : 4), y: high ? 10 : 21, "text-anchor": end ? "end" : "start"}, text));
  });
  const line = draw("line", {class: "now", y1: T, y2: H - B, visibility: "hidden"});
  const dot = draw("circle", {r: 6, visibility: "hidden"});
  svg.append(line, dot);
  place.replaceChildren(svg);
  return (value) => {
    const at = between(xs, ys, value), seen = at === null ? "hidden" : "visible";
    line.setAttribute("visibility", seen);
    dot.setAttribute("visibility", seen);
    if (at === null) return;
    for (const name of ["x1", "x2"]) line.setAttribute(name, x(value));
    dot.setAttribute("cx", x(value));
    dot.setAttribute("cy", y(at));
  };
}

// Twelve bars; each carries its month, the highest and the last their amounts.
function drawMonths(place, months, title) {
  const W = 420, H = 150, T = 20, B = 22, wide = W / months.length;
  const most = Math.max(...months.map((month) => month[1]), 1), svg = draw("svg", {viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": title});
  const highest = months.findIndex((month) => month[1] === most);
  months.forEach(([name, amount, text], at) => {
    const height = Math.max(amount, 0) / most * (H - T - B), middle = wide * (at + 0.5);
    svg.append(draw("rect", {class: "bar", x: middle - wide * 0.36, width: wide * 0.72, y: H - B - height, height, rx: 2}));
    if (at === highest || at === months.length - 1) {
      const edge = at === months.length - 1 ? "end" : at === 0 ? "start" : "middle";
      const near = at === months.length - 1 && Math.abs(highest - at) < 3 && highest !== at;
      if (!near) svg.append(draw("text", {class: "strong", x: edge === "end" ? W : edge === "start" ? 0 : middle, y: H - B - height - 5, "text-anchor": edge}, text));
    }
    if (at % 3 === 0 || at === months.length - 1) {
      const edge = at === months.length - 1 ? "end" : at === 0 ? "start" : "middle";
      if (at !== months.length - 3) svg.append(draw("text", {x: edge === "end" ? W : edge === "start" ? 0 : middle, y: H - 6, "text-anchor": edge}, name));
    }
  });
  svg.append(draw("line", {class: "axis", x1: 0, x2: W, y1: H - B, y2: H - B}));
  place.replaceChildren(svg);
}
