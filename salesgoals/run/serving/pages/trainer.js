// The trainer's desk: open and close, show amounts, free a seat, write the ledger.
"use strict";
(function () {
  const watch = follow("/api/room", 2000, use);

  function use(room) {
    for (const id of ["desk", "everybody", "closing"]) byId(id).hidden = false;
    showBoard(room.board);
    byId("people").hidden = true;  // the table below says it too, and more
    byId("open").checked = room.state.open;
    byId("amounts").checked = room.state.amounts;
    byId("whole").disabled = !room.apart;
    const rule = byId("rule");
    if (rule.options.length !== room.rules.length || document.activeElement !== rule) {
      rule.replaceChildren(...room.rules.map(([value, text]) => make("option", {value, text})));
      rule.value = room.state.rule;
    }
    const words = byId("everybody").dataset;
    byId("rows").replaceChildren(...room.rows.map((row) => {
      const seat = make("td", {class: "nobreak", text: row.since});
      if (row.since) {
        const free = make("button", {type: "button", text: words.free});
        free.addEventListener("click", () => { if (confirm(words.sure.replace("#", row.name))) send({do: "free", person: row.id}); });
        seat.append(" ", free);
      }
      return make("tr", {}, make("td", {class: "nobreak", text: row.name}), make("td", {text: row.team}),
        ...["proposed", "chance", "claimed", "claimed_chance", "gap"].map((name) => make("td", {class: "number", text: row[name]})),
        make("td", {class: "long", text: row.reason}), make("td", {text: row.at}), seat);
    }));
    byId("unwritten").textContent = room.written;
  }

  async function send(data) {
    show("problem", "");
    try {
      const found = await ask("/api/room", "POST", data);
      if (found && found.problem) { show("problem", found.problem); byId("problem").scrollIntoView({block: "center"}); watch.forget(); watch.look(); }
      else if (found) { use(found); if (data.do === "ledger") show("told", found.told.join("\n")); }
    } catch (error) { byId("lost").hidden = false; }
  }

  byId("open").addEventListener("change", (event) => send({do: "set", name: "open", value: event.target.checked}));
  byId("amounts").addEventListener("change", (event) => send({do: "set", name: "amounts", value: event.target.checked}));
  byId("whole").addEventListener("click", () => send({do: "sum"}));
  byId("rule").addEventListener("change", (event) => { event.target.blur(); send({do: "set", name: "rule", value: event.target.value}); });
  byId("ledger").addEventListener("submit", (event) => {
    event.preventDefault();
    send({do: "ledger", who: byId("who").value, why: byId("why").value});
  });
})();
