// The shared board, on the wall and in every hand; the trainer's page shows it too.
"use strict";
function showBoard(board) {
  const place = byId("board"), words = place.dataset;
  place.hidden = false;
  setRound(byId("board_round"), board.open);
  byId("count").textContent = board.claimed + " / " + board.of;
  byId("board_counted").textContent = board.counted;
  byId("board_meter").style.width = 100 * board.claimed / board.of + "%";
  byId("together").textContent = board.note;
  const sum = byId("sum");
  sum.replaceChildren();
  if (board.sum) {
    const most = Math.max(...board.sum.bars.map((bar) => bar[1]), 1), bars = make("div", {class: "bars"});
    board.sum.bars.forEach(([label, value, text], at) => {
      const bar = make("i", {class: at ? "claimed" : ""});
      bar.style.width = 62 * value / most + "%";
      bars.append(make("span", {text: label}), make("div", {}, bar, make("b", {text})));
    });
    sum.append(bars, make("p", {class: "finding", text: board.sum.told}), make("p", {text: board.sum.total}));
  }
  const teams = board.sum ? board.sum.teams : [];
  byId("teams").hidden = teams.length < 2;
  byId("teams").tBodies[0].replaceChildren(...teams.map((row) => make("tr", {}, ...row.map(
    (text, at) => make("td", {class: at ? "number" : "", text})))));
  const groups = new Map();
  for (const one of board.people) groups.set(one.team, [...(groups.get(one.team) || []), one]);
  byId("people").replaceChildren(...[...groups].flatMap(([team, people]) => [
    make("h2", {text: team}),
    make("div", {class: "people"}, ...people.map((one) => make("div", {
      class: (one.claimed ? "done" : one.seated ? "seated" : "") + (one.mine ? " me" : "")},
      one.name + (one.mine ? words.me : ""), make("small", {text: one.claimed ? words.done : one.seated ? words.waiting : words.absent}),
      ...(one.claimed && one.amount ? [make("b", {text: one.amount})] : []))))]));
}
if (!byId("desk")) follow("/api/board", 2000, showBoard);
