// Shows the frame that belongs to the controls' positions. All figures were worked out beforehand; only
// weighted means (data.weighing) are made here.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("told").textContent);
  var inputs = data.sizes.map(function (_, number) { return document.getElementById("control-" + number); });
  var drawing = document.getElementById("drawing"), legend = document.getElementById("legend");
  var SVG = "http://www.w3.org/2000/svg", SIZE = 13;

  function positions() { return inputs.map(function (input) { return +input.value; }); }

  function frameNow() {
    var at = positions();
    if (data.weighing) { return weigh(data.weighing, at); }
    var place = at.reduce(function (sum, position, number) { return sum * data.sizes[number] + position; }, 0);
    var found = data.frames[place];
    return {finding: found[0], numbers: found[1], view: data.views[found[2]], marks: found[3]};
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return Object.prototype.hasOwnProperty.call(values, name) ? values[name] : whole;
    });
  }

  // Weighted means: what is not known lies between the worst and the best score.
  function weigh(given, at) {
    var weights = at.map(function (position) { return given.steps[position]; });
    var sum = weights.reduce(function (a, b) { return a + b; }, 0);
    if (!sum) {
      return {finding: given.nothing, numbers: given.numbers.map(function () { return "–"; }),
              view: {lines: [], areas: [], marks: [], bars: []}, marks: []};
    }
    var rows = given.tools.map(function (tool, number) {
      var ends = given.scale.map(function (end) {
        return given.means[number].reduce(function (total, score, place) {
          return total + weights[place] / sum * (score === null ? end : score);
        }, 0);
      });
      return {name: tool, low: ends[0], high: ends[1], middle: (ends[0] + ends[1]) / 2};
    }).sort(function (a, b) { return b.middle - a.middle; });
    var first = rows[0], second = rows[1] || rows[0], open = false;
    rows.slice(1).forEach(function (row) { open = open || row.high > first.low + 1e-9; });
    // The lead is that of the figures as they are shown, so that nobody finds 3.68 − 3.67 = 0.02.
    var lead = Math.round(first.middle * 100) - Math.round(second.middle * 100);
    var tie = rows.length > 1 && !lead;
    var words = {first: first.name, second: second.name, ahead: (lead / 100).toFixed(2),
                 total: first.middle.toFixed(2)};
    return {
      finding: fill(tie ? given.tie : open ? given.open : given.clear, words),
      numbers: given.numbers.map(function (text) { return fill(text, words); }), marks: [],
      view: {lines: [], areas: [], marks: [], bars: rows.map(function (row, number) {
        var unsure = row.high - row.low > 1e-9;
        return [row.name, row.low, row.low.toFixed(2) + (unsure ? "–" + row.high.toFixed(2) : ""),
                number ? "actual" : "forecast", unsure ? row.high : null];
      })}};
  }

  function show() {
    var frame = frameNow();
    inputs.forEach(function (input, number) {
      var text = data.texts[number][+input.value], said = input.parentNode.querySelector("output");
      if (said) { said.textContent = text; input.setAttribute("aria-valuetext", text); }
    });
    document.getElementById("finding").textContent = frame.finding;
    Array.prototype.forEach.call(document.querySelectorAll("#numbers .value"), function (card, number) {
      card.textContent = frame.numbers[number];
    });
    draw(frame);
  }

  function put(parent, name, attributes, text) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text !== undefined) { made.textContent = text; }
    parent.appendChild(made);
    return made;
  }

  function wide(text) {
    var width = 0;
    for (var i = 0; i < text.length; i += 1) { width += text.charCodeAt(i) > 0x2000 ? 1 : 0.56; }
    return width * SIZE;
  }

  function draw(frame) {
    var width = Math.max(300, Math.min(drawing.clientWidth || 700, 880));
    drawing.textContent = "";
    legend.textContent = "";
    var svg = put(drawing, "svg", {role: "img", "aria-label": frame.finding, "font-size": SIZE});
    var height = data.y ? lines(svg, frame, width) : bars(svg, frame.view, width);
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    drawing.setAttribute("data-drawn", drawing.getAttribute("data-drawn") === "1" ? "2" : "1");
  }

  function key(name, role, kind) {
    if (!name) { return; }
    var item = document.createElement("span"), swatch = document.createElement("i");
    swatch.className = "swatch " + kind + " ground-" + role;
    item.appendChild(swatch);
    item.appendChild(document.createTextNode(name));
    legend.appendChild(item);
  }

  function lines(svg, frame, width) {
    var height = width < 480 ? 300 : 340, view = frame.view;
    var up = view.y || data.y;
    var tickRoom = up.ticks.reduce(function (most, tick) { return Math.max(most, wide(tick[1])); }, 0);
    var left = tickRoom + 12, right = width - 26, top = 26, bottom = height - 42;
    function x(value) { return left + (value - data.x.low) / (data.x.high - data.x.low) * (right - left); }
    function y(value) { return bottom - (value - up.low) / (up.high - up.low) * (bottom - top); }
    function path(points) {
      return points.map(function (point, number) {
        return (number ? "L" : "M") + x(point[0]).toFixed(1) + " " + y(point[1]).toFixed(1);
      }).join("");
    }
    put(svg, "text", {x: 0, y: 12, "class": "quiet"}, up.title);
    up.ticks.forEach(function (tick) {
      put(svg, "line", {x1: left, x2: right, y1: y(tick[0]), y2: y(tick[0]), "class": "grid"});
      put(svg, "text", {x: left - 6, y: y(tick[0]) + 4, "text-anchor": "end", "class": "quiet"}, tick[1]);
    });
    var free = -1e9;
    data.x.ticks.forEach(function (tick) {
      var half = wide(tick[1]) / 2, place = Math.min(x(tick[0]), width - half);
      put(svg, "line", {x1: x(tick[0]), x2: x(tick[0]), y1: bottom, y2: bottom + 4, "class": "grid"});
      if (place - half < free) { return; }
      put(svg, "text", {x: place, y: bottom + 18, "text-anchor": "middle", "class": "quiet"}, tick[1]);
      free = place + half + 8;
    });
    put(svg, "text", {x: right, y: bottom + 36, "text-anchor": "end", "class": "quiet"}, data.x.title);
    put(svg, "line", {x1: left, x2: right, y1: bottom, y2: bottom, "class": "axis"});
    view.areas.forEach(function (area) {
      var over = area.points.map(function (point) { return [point[0], point[2]]; });
      var under = area.points.map(function (point) { return [point[0], point[1]]; }).reverse();
      put(svg, "path", {d: path(over) + path(under).replace("M", "L") + "Z", "class": "area ground-" + area.role});
      key(area.name, area.role, "pale");
    });
    view.lines.forEach(function (line) {
      put(svg, "path", {d: path(line.points), "class": "line line-" + line.role + (line.dashed ? " dashed" : "")});
      key(line.name, line.role, line.dashed ? "dash" : "solid");
    });
    var rules = [], named = [];
    function label(place, level, text, role) {
      var width_ = wide(text), anchor = "start", at = place + 9;
      if (at + width_ > width || (role === "newcomer" && place - 9 - width_ > left)) { anchor = "end"; at = place - 9; }
      if (anchor === "end" && at - width_ < 0) { anchor = "middle"; at = width / 2; }
      var from = anchor === "start" ? at : anchor === "end" ? at - width_ : at - width_ / 2;
      for (var tries = 0; tries < 12; tries += 1) {
        var hit = named.some(function (other) {
          return Math.abs(other[2] - level) < SIZE + 3 && from < other[1] && from + width_ > other[0];
        });
        if (!hit) { break; }
        level += SIZE + 4;
      }
      named.push([from, from + width_, level]);
      put(svg, "text", {x: at, y: level, "text-anchor": anchor, "class": "halo"}, text);
      put(svg, "text", {x: at, y: level, "text-anchor": anchor, "class": "text-" + role}, text);
    }
    view.marks.concat(frame.marks).forEach(function (mark) {
      if (mark[0] !== null && mark[1] !== null) { rules.push(mark); return; }
      var across = mark[0] === null;
      put(svg, "line", across ? {x1: left, x2: right, y1: y(mark[1]), y2: y(mark[1]), "class": "rule line-" + mark[2]}
        : {x1: x(mark[0]), x2: x(mark[0]), y1: top, y2: bottom, "class": "rule line-" + mark[2]});
      if (mark[3]) { label(across ? left : x(mark[0]), across ? y(mark[1]) - 5 : top + 10, mark[3], mark[2]); }
    });
    rules.forEach(function (mark) {
      put(svg, "circle", {cx: x(mark[0]), cy: y(mark[1]), r: mark[2] === "goal" ? 7 : 5, "class": "dot ground-" + mark[2]});
    });
    rules.forEach(function (mark) {
      if (mark[3]) { label(x(mark[0]), Math.max(y(mark[1]) - 8, SIZE), mark[3], mark[2]); }
    });
    if (legend.childNodes.length < 2) { legend.textContent = ""; }
    return height;
  }

  function bars(svg, view, width) {
    var step = 26, top = 8, count = view.bars.length;
    var left = Math.min(width * 0.4, view.bars.reduce(function (most, bar) {
      return Math.max(most, wide(bar[0])); }, 0) + 12);
    var right = width - 16 - view.bars.reduce(function (most, bar) { return Math.max(most, wide(bar[2])); }, 0);
    var bottom = top + step * count;
    function x(value) { return left + (value - data.x.low) / (data.x.high - data.x.low) * (right - left); }
    data.x.ticks.forEach(function (tick) {
      put(svg, "line", {x1: x(tick[0]), x2: x(tick[0]), y1: top, y2: bottom, "class": "grid"});
      put(svg, "text", {x: x(tick[0]), y: bottom + 18, "text-anchor": "middle", "class": "quiet"}, tick[1]);
    });
    view.bars.forEach(function (bar, number) {
      var middle = top + step * number + step / 2, end = bar[4] === null ? bar[1] : bar[4];
      put(svg, "text", {x: left - 8, y: middle + 4, "text-anchor": "end"}, bar[0]);
      if (bar[4] !== null) {
        put(svg, "rect", {x: x(bar[1]), y: middle - 8, width: Math.max(x(bar[4]) - x(bar[1]), 0), height: 16,
                          "class": "area ground-" + bar[3]});
      }
      put(svg, "rect", {x: left, y: middle - 8, width: Math.max(x(bar[1]) - left, 0), height: 16,
                        "class": "ground-" + bar[3]});
      put(svg, "text", {x: x(end) + 6, y: middle + 4}, bar[2]);
    });
    view.marks.forEach(function (mark) {
      put(svg, "line", {x1: x(mark[0]), x2: x(mark[0]), y1: top, y2: bottom, "class": "rule line-" + mark[2]});
    });
    put(svg, "text", {x: width - 4, y: bottom + 38, "text-anchor": "end", "class": "quiet"}, data.x.title);
    return bottom + 46;
  }

  document.querySelector("form").addEventListener("submit", function (event) { event.preventDefault(); });
  inputs.forEach(function (input) { input.addEventListener("input", show); });
  var waiting;
  window.addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(show, 120); });
  show();
  document.documentElement.setAttribute("data-ready", "yes");
})();
