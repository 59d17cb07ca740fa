// A participant's own page: the slider reads a table of chances that the server worked out; a claim is sent and kept.
"use strict";
(function () {
  const slider = byId("slider"), amount = byId("amount"), reason = byId("reason");
  const drafts = {
    read: (name) => { try { return sessionStorage.getItem(name); } catch (error) { return null; } },
    keep: (name, value) => { try { sessionStorage.setItem(name, value); } catch (error) { /* private window */ } },
  };
  let own = null, moveChance = null, movePay = null;

  // What was typed, as far as the page can tell; the server reads it by its own rules.
  function typed() {
    const text = amount.value.normalize("NFKC").replace(/[\s,，]/g, "");
    const found = /^(\d+(?:\.\d+)?)(万|百万|千万|亿)?$/.exec(text);
    return found ? Number(found[1]) * ({"万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}[found[2]] || 1) : null;
  }

  function point(value) {
    const known = value !== null && own.amounts.length > 1;
    const chance = known ? between(own.amounts, own.chances, value) : null;
    byId("shown").textContent = value === null ? "–" : exact(value);
    const told = byId("chance");
    told.textContent = chance === null ? "" : told.dataset.of.replace("#", percent(chance));
    if (moveChance) moveChance(value);
    if (movePay) movePay(value);
  }

  function setSlider(value) {
    if (own.amounts.length < 2) return;
    const [low, high] = [own.amounts[0], own.amounts[own.amounts.length - 1]];
    slider.min = low; slider.max = high; slider.step = own.step;
    slider.value = Math.min(Math.max(value, low), high);
  }

  function use(found, first) {
    own = found;
    byId("mine").hidden = false;
    byId("name").textContent = own.name;
    byId("team").textContent = own.team;
    setRound(byId("round"), own.open);
    byId("cards").replaceChildren(...own.cards.map(([label, value]) => make("div", {}, make("small", {text: label}), make("b", {text: value}))));
    byId("assumes").textContent = own.assumes;
    byId("months_title").textContent = own.months_title;
    drawMonths(byId("months"), own.months, own.months_title);
    byId("sliding").hidden = own.amounts.length < 2;
    moveChance = own.chances.length ? drawCurve(byId("curve"), own.amounts, own.chances, {
      title: byId("curve").dataset.title, low: 0, top: 1, ticks: own.ticks, marks: own.marks,
      lines: [[0, "0%"], [0.5, "50%"], [1, "100%"]]}) : null;
    byId("pay").hidden = !own.pay;
    movePay = null;
    if (own.pay) {
      byId("rule").textContent = own.pay.rule;
      byId("pay_axis").textContent = own.pay.axis;
      byId("pay_lines").replaceChildren(...own.pay.lines.map((text) => make("li", {text})));
      const low = Math.min(0, ...own.pay.pays), most = Math.max(...own.pay.pays, 1), top = most * 1.12;
      movePay = drawCurve(byId("worth"), own.amounts, own.pay.pays, {
        title: own.pay.rule, low, top, ticks: own.ticks, marks: [],
        lines: [low, ...(low < 0 ? [0] : [most / 2]), most].map((value) => [value, Math.round(value)])});
    }
    show("kept", own.claim ? own.claim.text : "");
    byId("withdraw").hidden = !own.claim;
    for (const part of [byId("send"), byId("withdraw"), amount, reason]) part.disabled = !own.open;
    if (first) {
      const start = own.claim ? own.claim.amount : own.marks[1][1];
      amount.value = drafts.read(own.name + "/amount") ?? (own.claim ? exact(own.claim.amount) : "");
      reason.value = drafts.read(own.name + "/reason") ?? (own.claim ? own.claim.reason : "");
      setSlider(typed() ?? start);
      point(typed() ?? start);
    } else {
      point(typed() ?? (own.amounts.length > 1 ? Number(slider.value) : null));
    }
  }

  slider.addEventListener("input", () => {
    amount.value = exact(Number(slider.value));
    drafts.keep(own.name + "/amount", amount.value);
    point(Number(slider.value));
  });
  amount.addEventListener("input", () => {
    drafts.keep(own.name + "/amount", amount.value);
    const value = typed();
    if (value !== null) setSlider(value);
    point(value);
  });
  reason.addEventListener("input", () => drafts.keep(own.name + "/reason", reason.value));

  async function send(method, data) {
    byId("send").disabled = byId("withdraw").disabled = true;
    show("problem", "");
    show("doubt", "");
    try {
      const found = await ask("/api/mine", method, data);
      if (found && found.problem) { show("problem", found.problem); byId("send").disabled = byId("withdraw").disabled = !own.open; }
      if (found && found.mine) { use(found.mine, false); show("doubt", found.doubts.join("\n")); byId("kept").scrollIntoView({block: "center"}); }
      byId("lost").hidden = true;
    } catch (error) {
      byId("lost").hidden = false;
      byId("send").disabled = byId("withdraw").disabled = false;
    }
  }

  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!amount.value.trim() && own.amounts.length > 1) amount.value = exact(Number(slider.value));
    send("POST", {amount: amount.value, reason: reason.value});
  });
  byId("withdraw").addEventListener("click", () => send("DELETE"));

  // The board says when there is something new to load; what fails is asked for again by and by.
  async function load() {
    const found = await ask("/api/mine");
    if (found && found.problem) throw new Error(found.problem);
    if (found) use(found, own === null);
  }
  let state = "";
  follow("/api/board?at=mine", 2000, async (board) => {
    byId("counted").textContent = board.claimed + " / " + board.of + " " + board.counted;
    byId("meter").style.width = 100 * board.claimed / board.of + "%";
    const now = board.open + board.rule;
    if (state !== now) await load();
    state = now;
  });
})();
