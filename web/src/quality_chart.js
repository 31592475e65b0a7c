// Loss, jitter and rating of calls, second by second: three charts with one time axis, and all of
// their numbers as tables. Python sends what is new; a page that is opened later asks for the rest.
import uPlot from "uplot";

const WINDOW_S = 300;
const KEPT_S = 3600;
const TABLE_ROWS = 120;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
// More lines than this are thin and plain: nobody tells them apart, and dashes are slow to draw.
const MOST_STYLED = 12;
const INK = "#16202b";
const GRID = "#16202b1f";
const FONT = '11px system-ui, "DejaVu Sans", sans-serif';
// Where in a second, as Python sends it, what stands.
const [TIME, PACKETS, LOST, LOSS, JITTER, RX, R, MOS, BAND] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

function element(tag, name, parent, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

const number = (value, digits) => (value === null || value === undefined ? "–" : value.toFixed(digits));
const clock = (time) => new Date(time * 1000).toLocaleTimeString([], { hour12: false });

export default {
  render({ model, el }) {
    el.classList.add("voiplab-quality");
    const texts = model.get("texts");
    const bands = model.get("bands"); // best first: [lowest R, words, colour, MOS at its lower edge]
    const colours = model.get("colours");
    const directions = new Map(); // key → { row, seconds: Map of time → second }
    let chosen = null;
    let due = 0;

    const note = element("p", "vq-note", el);
    const plots = element("div", "vq-plots", el);
    plots.setAttribute("role", "img");
    const scroll = element("div", "vq-scroll", el);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", texts.table);
    const table = element("table", "", scroll);
    element("caption", "", table, texts.table);
    const head = element("tr", "", element("thead", "", table));
    for (const name of ["direction", "r", "mos", "satisfaction", "loss", "jitter", "lost", "packets", "state"]) {
      element("th", name === "satisfaction" ? "vq-words" : "", head, texts[name]).scope = "col";
    }
    const body = element("tbody", "", table);
    const details = element("details", "", el);
    const summary = element("summary", "", details, texts.numbers);
    const numbers = element("div", "vq-scroll", details);
    numbers.tabIndex = 0;
    numbers.setAttribute("role", "region");
    numbers.setAttribute("aria-label", texts.numbers);

    // Drawing

    const styled = () => directions.size <= MOST_STYLED;
    const style = (at, emphasised) => ({
      stroke: colours[at % colours.length],
      dash: styled() || emphasised ? DASHES[Math.floor(at / colours.length) % DASHES.length] : [],
    });

    const bandsBehind = (u) => {
      const { left, top, width, height } = u.bbox;
      const { ctx } = u;
      const scale = window.devicePixelRatio;
      let upper = 100;
      ctx.save();
      ctx.font = `${10.5 * scale}px system-ui, "DejaVu Sans", sans-serif`;
      ctx.textBaseline = "middle";
      for (const [lowest, name, colour] of bands) {
        const lower = Math.max(lowest ?? 0, 0);
        const from = u.valToPos(upper, "y", true);
        const to = u.valToPos(lower, "y", true);
        ctx.fillStyle = colour;
        ctx.fillRect(left, Math.max(from, top), width, Math.min(to, top + height) - Math.max(from, top));
        if (to - from > 11 * scale) {
          ctx.fillStyle = INK;
          ctx.fillText(name, left + 5 * scale, (from + to) / 2);
        }
        upper = lower;
      }
      ctx.restore();
    };

    const axis = (more) => ({
      stroke: INK,
      font: FONT,
      grid: { stroke: GRID, width: 1 },
      ticks: { show: false },
      ...more,
    });

    const CHARTS = [
      {
        name: texts.rating,
        value: RX,
        height: 146,
        range: () => [0, 100],
        behind: bandsBehind,
        axes: [
          axis({ splits: () => [0, 50, 60, 70, 80, 90, 100], size: 34 }),
          axis({
            side: 1,
            grid: { show: false },
            splits: () => bands.map(([lowest]) => Math.max(lowest ?? 0, 0)),
            values: () => bands.map((band) => band[3].toFixed(1)),
            size: 34,
          }),
        ],
      },
      { name: texts.loss, value: LOSS, height: 54, range: (u, least, most) => [0, Math.max(5, most || 0)] },
      { name: texts.jitter, value: JITTER, height: 54, range: (u, least, most) => [0, Math.max(5, (most || 0) * 1.1)] },
    ];
    let drawn = [];

    function drawAnew() {
      for (const each of drawn) each.plot.destroy();
      plots.replaceChildren();
      const order = [...directions.keys()];
      drawn = CHARTS.map((chart, at) => {
        element("div", "vq-name", plots, chart.name);
        const place = element("div", "", plots);
        const last = at === CHARTS.length - 1;
        const series = order.map((key, index) => ({
          ...style(index, chosen === key),
          label: directions.get(key).row.label,
          width: styled() || chosen === key ? 2 : 1,
          points: styled() ? { size: 5 } : { show: false },
          alpha: chosen === null || chosen === key ? 1 : 0.15,
        }));
        const options = {
          width: width(),
          height: chart.height + (last ? 20 : 0),
          legend: { show: false },
          cursor: { show: false },
          padding: [6, chart.axes ? 0 : 34, last ? 0 : 7, 0],
          scales: { x: { time: true }, y: { range: chart.range } },
          axes: [
            axis(last ? { size: 20, space: 70, values: (u, splits) => splits.map(clock) } : { size: 0, values: () => [] }),
            ...(chart.axes ?? [axis({ size: 34, space: 24 })]).map((each) => ({ scale: "y", ...each })),
          ],
          series: [{}, ...series],
          hooks: chart.behind ? { drawClear: [chart.behind] } : {},
        };
        return { chart, plot: new uPlot(options, data(chart, order), place) };
      });
    }

    const width = () => Math.max(plots.clientWidth - 8, 200);

    let times = [];
    function choseTimes() {
      const all = new Set();
      for (const { seconds } of directions.values()) for (const time of seconds.keys()) all.add(time);
      times = [...all].sort((a, b) => a - b);
      const since = times.length ? times[times.length - 1] - WINDOW_S : 0;
      times = times.filter((time) => time >= since);
    }

    function data(chart, order) {
      return [
        times,
        ...order.map((key) => {
          const { seconds } = directions.get(key);
          return times.map((time) => {
            const value = seconds.get(time)?.[chart.value];
            return value === undefined || value === null ? null : value;
          });
        }),
      ];
    }

    function draw() {
      due = 0;
      choseTimes();
      const order = [...directions.keys()];
      if (drawn.length === 0 || drawn[0].plot.series.length !== order.length + 1) drawAnew();
      else for (const { chart, plot } of drawn) plot.setData(data(chart, order));
      tell();
    }

    function soon() {
      if (!due) due = requestAnimationFrame(draw);
    }

    // The same in words and numbers

    const last = (seconds) => {
      let newest = null;
      for (const second of seconds.values()) if (!newest || second[TIME] >= newest[TIME]) newest = second;
      return newest;
    };

    function line(at) {
      const { stroke, dash } = style(at, true);
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "vq-line");
      svg.setAttribute("aria-hidden", "true");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", "M0 4h26");
      path.setAttribute("stroke", stroke);
      path.setAttribute("stroke-width", "3");
      path.setAttribute("stroke-dasharray", dash.join(" "));
      svg.append(path);
      return svg;
    }

    const rows = new Map();
    function rowOf(key, at) {
      if (rows.has(key)) return rows.get(key);
      const made = element("tr", "", body);
      const heading = element("th", "", made);
      heading.scope = "row";
      const button = element("button", "", heading);
      button.type = "button";
      button.title = texts.choose;
      button.append(line(at));
      const label = element("span", "", button);
      button.addEventListener("click", () => {
        chosen = chosen === key ? null : key;
        drawAnew();
        tell();
      });
      const cells = [element("td", "", made), element("td", "", made)];
      const band = element("span", "vq-band", element("td", "vq-words", made));
      cells.push(...Array.from({ length: 5 }, () => element("td", "", made)));
      rows.set(key, { made, button, label, cells, band });
      return rows.get(key);
    }

    function tell() {
      note.textContent = directions.size ? model.get("note") : texts.empty;
      plots.hidden = scroll.hidden = details.hidden = directions.size === 0;
      const said = [];
      let at = 0;
      for (const [key, { row, seconds }] of directions) {
        const second = last(seconds);
        const { button, label, cells, band } = rowOf(key, at);
        label.textContent = row.label;
        button.setAttribute("aria-pressed", String(chosen === key));
        const figures = [
          number(second?.[R], 1),
          number(second?.[MOS], 2),
          number(second?.[LOSS], 1),
          number(second?.[JITTER], 1),
          row.lost,
          row.packets,
          row.state,
        ];
        figures.forEach((figure, index) => {
          const text = String(figure).replace("-", "−");
          if (cells[index].textContent !== text) cells[index].textContent = text;
        });
        const which = second?.[BAND];
        band.textContent = which === null || which === undefined ? row.reason || "–" : bands[which][1];
        band.style.background = which === null || which === undefined ? "none" : bands[which][2];
        band.style.color = which === null || which === undefined ? "inherit" : INK;
        said.push(`${row.label}: R ${number(second?.[R], 1)}, ${texts.loss} ${number(second?.[LOSS], 1)}, ${texts.jitter} ${number(second?.[JITTER], 1)}`);
        at += 1;
      }
      for (const [key, { made }] of rows) {
        if (!directions.has(key)) {
          made.remove();
          rows.delete(key);
        }
      }
      plots.setAttribute("aria-label", `${texts.chart}. ${said.slice(0, 6).join("; ")}`);
      if (details.open) tellNumbers();
    }

    function tellNumbers() {
      const key = chosen ?? directions.keys().next().value;
      if (key === undefined) return;
      const { row, seconds } = directions.get(key);
      summary.textContent = `${texts.numbers}: ${row.label}`;
      numbers.replaceChildren();
      const made = element("table", "", numbers);
      element("caption", "", made, `${texts.numbers}: ${row.label}`);
      const top = element("tr", "", element("thead", "", made));
      for (const name of ["time", "packets", "lost", "loss", "jitter", "r", "mos"]) {
        element("th", "", top, texts[name]).scope = "col";
      }
      const inside = element("tbody", "", made);
      const newest = [...seconds.values()].sort((a, b) => b[TIME] - a[TIME]).slice(0, TABLE_ROWS);
      for (const second of newest) {
        const one = element("tr", "", inside);
        element("th", "", one, clock(second[TIME])).scope = "row";
        const figures = [
          String(second[PACKETS]),
          String(second[LOST]),
          number(second[LOSS], 1),
          number(second[JITTER], 1),
          number(second[R], 1),
          number(second[MOS], 2),
        ];
        for (const figure of figures) element("td", "", one, figure.replace("-", "−"));
      }
    }
    details.addEventListener("toggle", tellNumbers);

    // What Python says

    const hear = (message) => {
      if (message.replace) {
        directions.clear();
        for (const { made } of rows.values()) made.remove();
        rows.clear();
        chosen = null;
        for (const { plot } of drawn) plot.destroy();
        drawn = [];
      }
      for (const row of message.rows ?? []) {
        const known = directions.get(row.key);
        if (known) known.row = row;
        else directions.set(row.key, { row, seconds: new Map() });
      }
      for (const [key, seconds] of Object.entries(message.seconds ?? {})) {
        const direction = directions.get(key);
        if (!direction) continue;
        for (const second of seconds) direction.seconds.set(second[TIME], second);
        while (direction.seconds.size > KEPT_S) direction.seconds.delete(direction.seconds.keys().next().value);
      }
      soon();
    };
    const renote = () => soon();
    model.on("msg:custom", hear);
    model.on("change:note", renote);
    const resized = new ResizeObserver(() => {
      for (const { plot } of drawn) {
        if (plot.width !== width()) plot.setSize({ width: width(), height: plot.height });
      }
    });
    resized.observe(plots);
    tell();
    model.send({ ask: "all" });
    return () => {
      model.off("msg:custom", hear);
      model.off("change:note", renote);
      resized.disconnect();
      if (due) cancelAnimationFrame(due);
      for (const { plot } of drawn) plot.destroy();
    };
  },
};
