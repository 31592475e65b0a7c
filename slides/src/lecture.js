// A chapter as slides: S opens the speaker's window, and what a slide shows is made to fit it.
import Reveal from "../node_modules/reveal.js/js/reveal.js";
import { openSpeakersWindow, tellSpeaker } from "./speaker.js";

// A short table is made larger, a long one smaller; below the smallest, nobody in the last row can
// read it, and it is scrolled.
const LARGEST = 1.5;
const SMALLEST = 0.6;
const STEP = 0.05;
const HIGH = 0.8;

const isTooLarge = (room) =>
  room.scrollHeight > room.clientHeight + 1 || room.scrollWidth > room.clientWidth + 1;

function scaleTo(rooms, shown, largest) {
  let scale = largest;
  shown.style.zoom = scale;
  while (rooms.some(isTooLarge) && scale > SMALLEST) {
    scale -= STEP;
    shown.style.zoom = scale;
  }
}

// A picture that is as high as it is wide, such as a ladder, is shown at its width and scrolled.
function unfold(picture) {
  const isHigh = picture.naturalHeight > HIGH * picture.naturalWidth;
  picture.closest(".jp-RenderedImage")?.classList.toggle("high", isHigh);
}

function fit(slide) {
  slide.querySelectorAll("img").forEach(unfold);
  for (const cell of slide.querySelectorAll(":scope > .jp-Cell")) {
    const [code, result] = [".highlight", ".jp-OutputArea"].map((each) => cell.querySelector(each));
    const prose = cell.querySelector(".jp-MarkdownOutput");
    if (prose) scaleTo([cell], prose, 1);
    if (code) scaleTo(result ? [code] : [code, cell], code.querySelector("pre"), result ? 1 : LARGEST);
    if (result) scaleTo([cell], result, result.querySelector("img") ? 1 : LARGEST);
    if (isTooLarge(cell)) cell.tabIndex = 0;
  }
}

const deck = new Reveal({
  width: 1280,
  height: 720,
  margin: 0,
  minScale: 0.1,
  center: false,
  display: "flex",
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  keyboard: { 83: () => openSpeakersWindow(deck) },
  help: true,
});

deck.on("ready", ({ currentSlide }) => fit(currentSlide));
deck.on("slidechanged", ({ currentSlide }) => {
  fit(currentSlide);
  tellSpeaker(deck);
});
deck.initialize();
window.deck = deck;
