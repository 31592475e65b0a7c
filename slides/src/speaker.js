// The speaker's window: the notes of the slide that is shown, and what comes next.
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title><style>
body { font: 20px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 44rem; padding: 0 1rem }
header, footer { color: #595959; font-size: 0.8em }
footer { border-top: 1px solid #bbb; margin-top: 2rem; padding-top: 0.5rem }
pre { overflow-x: auto }
</style><header></header><h1></h1><main></main><footer></footer></html>`;

let speaker = null;
let began = null;

const titleOf = (slide) => slide?.querySelector("h1, h2, h3")?.textContent.replace("¶", "") ?? "";

export function tellSpeaker(deck) {
  if (!speaker || speaker.closed) return;
  const at = (name) => speaker.document.querySelector(name);
  const slides = deck.getSlides();
  const current = deck.getCurrentSlide();
  const minutes = Math.floor((Date.now() - began) / 60000);
  at("header").textContent =
    `Slide ${slides.indexOf(current) + 1} of ${slides.length} · ${minutes} min since the start`;
  at("h1").textContent = titleOf(current);
  at("main").innerHTML = current.querySelector("aside.notes")?.innerHTML ?? "";
  const next = titleOf(slides[slides.indexOf(current) + 1]);
  at("footer").textContent = next ? `Next: ${next}` : "That was the last slide.";
  speaker.scrollTo(0, 0);
}

export function openSpeakersWindow(deck) {
  began ??= Date.now();
  speaker = window.open("", "speaker", "width=700,height=800");
  if (!speaker) return;
  speaker.document.open();
  speaker.document.write(PAGE);
  speaker.document.close();
  speaker.addEventListener("keydown", ({ key }) => {
    if (["ArrowRight", "PageDown", " "].includes(key)) deck.next();
    if (["ArrowLeft", "PageUp"].includes(key)) deck.prev();
  });
  tellSpeaker(deck);
}
