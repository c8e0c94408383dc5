const folds = [...document.querySelectorAll("main > section > details")];

// What an address names is shown, also by browsers that open no fold for it.
function show() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = place?.closest("details");
  if (fold && !fold.open) {
    fold.open = true;
    place.scrollIntoView();
  }
}
addEventListener("hashchange", show);
show();

// Paper shows all, however it is asked for.
let opened = [];
function unfold() {
  opened.push(...document.querySelectorAll("details:not([open])"));
  opened.forEach((fold) => { fold.open = true; });
}
function fold() {
  opened.forEach((one) => { one.open = false; });
  opened = [];
}
addEventListener("beforeprint", unfold);
addEventListener("afterprint", fold);
