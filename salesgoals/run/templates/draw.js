// Draws every chart of the page from the description that stands beside it.
// ast: expressions are interpreted, not compiled, so the page's policy need not allow eval.
// svg: sharp in print, shrinks with the page, its text is text.
(function () {
  "use strict";
  var figures = Array.prototype.slice.call(document.querySelectorAll("figure.chart"));
  document.documentElement.setAttribute("data-charts", "drawing");
  Promise.all(figures.map(function (figure) {
    var place = figure.querySelector(".drawing");
    var spec = JSON.parse(figure.querySelector("script").textContent);
    return window.vegaEmbed(place, spec, {mode: "vega-lite", actions: false, renderer: "svg", ast: true})
      .then(function () { return true; }, function (error) {
        place.textContent = place.getAttribute("data-failed") + " " + error.message;
        place.className += " failed";
        return false;
      });
  })).then(function (drawn) {
    var all = drawn.every(function (one) { return one; });
    document.documentElement.setAttribute("data-charts", all ? "drawn" : "failed");
  });
})();
