// The two drawers above the panes; one is open at a time.

export class Drawers {
  constructor() {
    this.buttons = [...document.querySelectorAll("[data-opens]")];
    for (const button of this.buttons) button.addEventListener("click", () => this.toggle(button.dataset.opens));
    document.addEventListener("keydown", (event) => {
      const open = this.buttons.find((b) => b.getAttribute("aria-expanded") === "true");
      if (event.key === "Escape" && open && event.target.closest?.(".drawer")) { this.toggle(open.dataset.opens); open.focus(); }
    });
  }

  open(name) {
    if (document.getElementById(name).hidden) this.toggle(name);
  }

  toggle(name) {
    for (const button of this.buttons) {
      const open = button.dataset.opens === name && button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      document.getElementById(button.dataset.opens).hidden = !open;
    }
  }

  // A demo without a bot behind it has no badges to show.
  allow(name, there) {
    this.buttons.find((b) => b.dataset.opens === name).hidden = !there;
  }
}
