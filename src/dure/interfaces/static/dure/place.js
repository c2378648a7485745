// A place chosen on the map of the district: by a tap, or by the arrow keys (with Shift in larger
// steps). It fills the field below, which works alone without this script.
(() => {
  "use strict";
  const part = document.querySelector("[data-choose]");
  const field = document.getElementById("f-point");
  const sheet = part && part.querySelector("svg");
  if (!sheet || !field) return;
  const [left, top, wide, west, north, x, y] = part.dataset.choose.split(" ").map(Number);
  const unit = 1000 / wide;
  const height = sheet.viewBox.baseVal.height;
  const said = part.querySelector("[data-said]");
  const pin = document.createElementNS(sheet.namespaceURI, "circle");
  pin.setAttribute("class", "pin");
  pin.setAttribute("r", "22");
  sheet.append(pin);
  let spot = null;

  const show = () => {
    pin.toggleAttribute("hidden", spot === null);
    pin.style.display = spot === null ? "none" : "";
    if (spot === null) return;
    pin.setAttribute("cx", spot[0]);
    pin.setAttribute("cy", spot[1]);
  };
  const tell = () => {
    const longitude = west + ((left + spot[0] / unit) / x) * 1e5;
    const latitude = north - ((top + spot[1] / unit) / y) * 1e5;
    field.value = `${(latitude / 1e5).toFixed(5)}, ${(longitude / 1e5).toFixed(5)}`;
    said.textContent = `${part.dataset.words} ${field.value}`;
    show();
  };
  const read = () => {
    const found = field.value.match(/^\s*([0-9]{2}\.[0-9]+)\s*[,\s]\s*([0-9]{3}\.[0-9]+)\s*$/);
    spot = found && [
      ((((found[2] * 1e5 - west) * x) / 1e5) - left) * unit,
      ((((north - found[1] * 1e5) * y) / 1e5) - top) * unit,
    ];
    show();
  };
  const within = (value, most) => Math.min(Math.max(value, 0), most);

  sheet.addEventListener("click", (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
    spot = [within(place.x, 1000), within(place.y, height)];
    tell();
  });
  sheet.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 50 : 5;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!move) return;
    event.preventDefault();
    spot = spot || [500, height / 2];
    spot = [within(spot[0] + move[0], 1000), within(spot[1] + move[1], height)];
    tell();
  });
  field.addEventListener("input", read);
  sheet.setAttribute("tabindex", "0");
  sheet.setAttribute("role", "application");
  sheet.classList.add("choose");
  part.hidden = false;
  read();
})();
