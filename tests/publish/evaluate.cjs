// Reads {name: [text, first, last]} and tells what opening_hours.js makes of each text: its
// warnings, and whether it is open at every half hour from the one date to the other, both in it.
const OpeningHours = require("opening_hours");

const told = {};
for (const [name, [text, first, last]] of Object.entries(JSON.parse(require("fs").readFileSync(0)))) {
  const hours = new OpeningHours(text, null, {});
  const state = hours.getIterator(new Date(0));
  const [year, month, day] = first.split("-").map(Number);
  const end = new Date(`${last}T23:59:00`);
  let open = "";
  for (let step = 0; ; step++) {
    const moment = new Date(year, month - 1, day, 0, 30 * step);
    if (moment > end) break;
    state.setDate(moment);
    open += state.getState() ? "1" : "0";
  }
  told[name] = { warnings: hours.getWarnings(), open };
}
console.log(JSON.stringify(told));
