// Small comforts on the pages of answering; every page works without them.
(function () {
  "use strict";

  // The summary of faults takes the focus, so that a screen reader starts there; older browsers need to be told.
  var summary = document.querySelector(".summary");
  if (summary) addEventListener("load", function () { summary.focus(); });

  // The personal link shows whatever is due; the browser's own Back should find this very section again.
  var section = document.querySelector('input[name="section"]');
  if (section && !location.search) history.replaceState(null, "", "?section=" + section.value);

  // A page that the browser kept in memory may be older than the answers: ask for it again.
  addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });

  // A second tap on a button does not send the page twice (the server would take it once anyway).
  document.querySelectorAll("form").forEach(function (form) {
    var sent = 0;
    form.addEventListener("submit", function (event) {
      if (Date.now() - sent < 5000) event.preventDefault();
      else sent = Date.now();
    });
  });

  document.querySelectorAll("textarea[data-longest]").forEach(function (area) {
    var longest = Number(area.dataset.longest);
    var count = document.createElement("p");
    count.className = "count";
    count.id = area.id + "-count";
    area.after(count);
    var described = area.getAttribute("aria-describedby");
    area.setAttribute("aria-describedby", described ? described + " " + count.id : count.id);
    function say() {
      // Characters as the server counts them: an emoji is one.
      var left = longest - Array.from(area.value).length;
      count.textContent = (left < 0 ? area.dataset.over : area.dataset.left).replace("%(n)s", Math.abs(left));
      count.classList.toggle("over", left < 0);
    }
    area.addEventListener("input", say);
    say();
  });
})();
